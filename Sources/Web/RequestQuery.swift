import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The parameters of a request, each with its range: what is not understood is refused, never guessed.
struct RequestQuery {
  private let parameters: [String: String]

  /// - Parameter names: all that may be there; another one, or one twice, is refused (a misspelt filter would show everything).
  init(_ uri: URI, _ names: String...) throws(APIError) { try self.init(uri, names: names) }

  init(_ uri: URI, names: [String]) throws(APIError) {
    var all: [String: String] = [:]
    for (name, value) in uri.queryParameters {
      let name = String(name)
      guard names.contains(name) else {
        let known = names.isEmpty ? "" : ": " + names.joined(separator: ", ")
        throw APIError(
          status: .badRequest, code: "parameter",
          detail: "知らない項目 \(name.prefix(40)) があります\(known) / unknown parameter \(name.prefix(40))\(known)")
      }
      guard all.updateValue(String(value), forKey: name) == nil else {
        throw APIError(status: .badRequest, code: name, detail: "\(name) が二つあります / \(name) is given twice")
      }
    }
    parameters = all
  }

  /// Years 1 to 9999 in Unix milliseconds: no arithmetic on them can overflow.
  static let times: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

  /// Unix milliseconds; nil when not given.
  func time(_ name: String) throws(APIError) -> Int64? { try number(name, in: Self.times, "Unix milliseconds") }

  /// `from` and `to`, Unix milliseconds.
  func times() throws(APIError) -> (from: Int64?, to: Int64?) {
    let (from, to) = (try time("from"), try time("to"))
    if let from, let to, to <= from { throw APIError(status: .unprocessableContent, code: "range", detail: "from < to, Unix milliseconds") }
    return (from, to)
  }

  /// How many of a list: 1…1000.
  func limit(otherwise: Int64 = 100) throws(APIError) -> Int { try count("limit", in: 1...1000, otherwise: otherwise) }

  func count(_ name: String, in range: ClosedRange<Int64>, otherwise: Int64) throws(APIError) -> Int {
    Int(try number(name, in: range, "\(range.lowerBound)…\(range.upperBound)") ?? otherwise)
  }

  /// `true` or `false`; false when not given.
  func flag(_ name: String) throws(APIError) -> Bool {
    switch parameters[name] {
    case nil, "false": false
    case "true": true
    case .some: throw APIError(status: .badRequest, code: name, detail: "\(name): true / false")
    }
  }

  /// A text as it stands; nil when not given.
  /// - Parameter limit: code points, as JSON Schema counts them.
  func text(_ name: String, limit: Int = 200) throws(APIError) -> String? {
    guard let text = parameters[name] else { return nil }
    guard !text.isEmpty, text.unicodeScalars.count <= limit else {
      throw APIError(status: .badRequest, code: name, detail: "\(name): 1…\(limit) 文字 / characters")
    }
    return text
  }

  /// One of these words; nil when not given.
  func choice(_ name: String, of words: [String]) throws(APIError) -> String? {
    guard let text = parameters[name] else { return nil }
    guard words.contains(text) else {
      throw APIError(status: .badRequest, code: name, detail: "\(name): \(words.joined(separator: " / "))")
    }
    return text
  }

  private func number(_ name: String, in range: ClosedRange<Int64>, _ wanted: String) throws(APIError) -> Int64? {
    guard let text = parameters[name] else { return nil }
    guard let n = Int64(text), range.contains(n), !text.hasPrefix("+") else {
      throw APIError(status: .badRequest, code: name, detail: "\(name): \(wanted)")
    }
    return n
  }
}
