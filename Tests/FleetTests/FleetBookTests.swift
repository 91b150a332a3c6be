import Foundation
import Settings
import Testing

@testable import Fleet

/// What is known of instances, without asking any.
struct FleetBookTests {
  static let now: Int64 = 1_795_795_200_000

  static func settings(_ names: [String]) throws -> FleetSettings {
    let list = names.map { "  - {name: \($0), url: \"https://\($0).example\", page: \"https://\($0).example/\"}\n" }.joined()
    return try FleetSettings.parse("silent_minutes: 60\ninstances:\n\(list)", name: "f.yaml", directory: "/")
  }

  static func answer(_ towns: String, isConnected: Bool = true) throws -> InstanceAnswer {
    try InstanceAnswer.read(Array(#"{"utility":"u","version":"1","isConnected":\#(isConnected),"meters":[],"towns":[\#(towns)]}"#.utf8))
  }

  /// - Parameter minutes: since the newest reading.
  static func town(
    _ id: String, leak: Double? = nil, attention: Int = 0, offline: Int = 0, learning: Int = 0, normal: Int = 3, minutes: Int = 1
  ) -> String {
    let newest = Date(timeIntervalSince1970: Double(now) / 1000 - Double(minutes) * 60).formatted(.iso8601)
    let leaks = leak == nil ? 0 : 1
    return
      #"{"id":"\#(id)","name":"町 \#(id)","newest":"\#(newest)","totals":{"flow":12.5,"leaks":\#(leaks),"leakM3h":\#(leak ?? 0),"yenPerDay":1,"states":{"leak":\#(leaks),"attention":\#(attention),"offline":\#(offline),"learning":\#(learning),"normal":\#(normal)}}}"#
  }

  @Test func theWorstStandsFirst() throws {
    var book = FleetBook(try Self.settings(["a", "b", "dead"]))
    let all = [
      Self.town("fine"), Self.town("small", leak: 1.25), Self.town("late", minutes: 61), Self.town("odd", attention: 1),
      Self.town("new", learning: 2, normal: 0),
    ]
    book.note(0, try Self.answer(all.joined(separator: ",")), at: Self.now)
    book.note(1, try Self.answer(Self.town("big", leak: 30) + "," + Self.town("part", offline: 1)), at: Self.now)
    book.note(2, FleetBook.Problem(japanese: "だめ", english: "down"))
    let view = book.view(now: Self.now)
    #expect(view.towns.map(\.id) == ["big", "small", "", "odd", "part", "late", "new", "fine"])
    #expect(view.towns.map(\.state) == [.leak, .leak, .unreachable, .attention, .attention, .offline, .learning, .normal])
    #expect(view.leakingTowns == 2 && view.leaks == 2 && view.leakM3h == 31.25 && view.unreachable == 1)
    #expect(view.towns[2].name == "dead" && view.towns[2].page == "https://dead.example")
    #expect(view.instances.map(\.name) == ["a", "b", "dead"] && view.instances.map(\.isReached) == [true, true, false])
    #expect(view.instances[2].problem == ["ja": "だめ", "en": "down"] && view.instances[2].lastAnswer == nil)
    #expect(view.instances[0].towns == 5 && view.instances[0].meters == 3 + 4 + 3 + 4 + 2)
  }

  @Test func whatWasKnownStaysWhenAnInstanceGoesAway() throws {
    var book = FleetBook(try Self.settings(["a"]))
    book.note(0, try Self.answer(Self.town("calm") + "," + Self.town("leaking", leak: 2)), at: Self.now)
    book.note(0, FleetBook.Problem(japanese: "だめ", english: "down"))
    let view = book.view(now: Self.now + 5000)
    #expect(view.towns.map(\.id) == ["leaking", "calm"])
    #expect(view.towns.map(\.state) == [.leak, .unreachable], "a leak that is known does not vanish with its instance")
    #expect(view.towns.map(\.asOf) == [Self.now, Self.now])
    #expect(view.instances[0].lastAnswer == Self.now && !view.instances[0].isReached && view.instances[0].isConnected == nil)
    book.note(0, try Self.answer(Self.town("calm")), at: Self.now + 9000)
    #expect(book.view(now: Self.now + 9000).towns.map(\.state) == [.normal] && book.view(now: Self.now + 9000).towns[0].asOf == nil)
  }

  @Test func anInstanceWithoutItsBrokerIsOffline() throws {
    var book = FleetBook(try Self.settings(["a"]))
    book.note(0, try Self.answer(Self.town("x"), isConnected: false), at: Self.now)
    #expect(book.view(now: Self.now).towns.map(\.state) == [.offline])
    #expect(book.view(now: Self.now).instances[0].isConnected == false)
  }

  @Test func nothingWasAskedYet() throws {
    let view = FleetBook(try Self.settings(["a", "b"])).view(now: Self.now)
    #expect(view.unreachable == 2 && view.towns.map(\.state) == [.unreachable, .unreachable])
  }

  /// Versions before towns had sums, and answers that are hostile.
  @Test func oldAndStrangeAnswers() throws {
    var book = FleetBook(try Self.settings(["a"]))
    book.note(0, try InstanceAnswer.read(Array(#"{"utility":"u","towns":[{"id":"x","name":"X"}]}"#.utf8)), at: Self.now)
    #expect(book.view(now: Self.now).towns.map(\.meters) == [0])
    let long = String(repeating: "長", count: 5000)
    let many = (0..<1000).map { #"{"id":"t\#($0)","name":"\#(long)","totals":{"leaks":-5,"leakM3h":1e300,"states":{"leak":-3}}}"# }
    let answer = try InstanceAnswer.read(Array(#"{"utility":"\#(long)","towns":[\#(many.joined(separator: ","))]}"#.utf8))
    book.note(0, answer, at: Self.now)
    let view = book.view(now: Self.now)
    #expect(view.towns.count == 500 && view.towns.allSatisfy { $0.name.count <= 100 && $0.leaks == 0 && $0.meters == 0 })
    #expect(view.leakM3h == 0)
    for bad in ["", "[]", "{}", #"{"utility":1,"towns":[]}"#, "<html>"] {
      #expect(throws: (any Error).self, "\(bad)") { try InstanceAnswer.read(Array(bad.utf8)) }
    }
  }
}
