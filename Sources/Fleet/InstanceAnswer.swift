import Foundation

/// What is read of an instance's `/api/v1/overview`: as little as is shown, so that instances of other versions can be read too.
struct InstanceAnswer: Decodable, Equatable, Sendable {
  struct States: Decodable, Equatable, Sendable {
    var leak: Int?
    var attention: Int?
    var offline: Int?
    var learning: Int?
    var normal: Int?
  }

  struct Totals: Decodable, Equatable, Sendable {
    var flow: Double?
    var leaks: Int?
    var leakM3h: Double?
    var states: States?
  }

  struct Town: Decodable, Equatable, Sendable {
    var id: String
    var name: String?
    var totals: Totals?
    var newest: String?
  }

  var utility: String
  var version: String?
  var isConnected: Bool?
  var offsetMinutes: Int?
  var totals: Totals?
  var towns: [Town]

  /// - Throws: what the decoder says of an answer that is not an overview.
  static func read(_ body: [UInt8]) throws -> InstanceAnswer {
    var answer = try JSONDecoder().decode(InstanceAnswer.self, from: Data(body))
    answer.bound()
    return answer
  }

  /// An instance is not ours: neither its texts nor their number may be without bound on the page.
  private mutating func bound() {
    utility = String(utility.prefix(100))
    version = version.map { String($0.prefix(50)) }
    towns = towns.prefix(500).map { town in
      var town = town
      town.id = String(town.id.prefix(64))
      town.name = town.name.map { String($0.prefix(100)) }
      return town
    }
  }
}
