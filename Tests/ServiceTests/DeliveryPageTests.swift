import Foundation
import Readings
import Settings
import Store
import TestSupport
import Testing
import Web

@testable import Service

/// Deliveries and receivers as the page shows and changes them; the sending itself is tested elsewhere.
struct DeliveryPageTests {
  private let home: TemporaryDirectory
  private let bench: DeskBench
  private let deliveries: DeliveryStore

  /// Two towns with a silent meter each, and two receivers that are told of both.
  init() throws {
    home = try TemporaryDirectory()
    for (name, text) in [("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"), ("url", "http://127.0.0.1:9/\n")] {
      let made = FileManager.default.createFile(
        atPath: home.path + "/" + name, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
      try #require(made)
    }
    bench = try DeskBench(
      home,
      """
      alerts:
        webhooks: [{name: hook, url: "http://127.0.0.1:9/", secret_file: secret, allow_addresses: [127.0.0.1]}]
        slack: [{name: chat, url_file: url, allow_addresses: [127.0.0.1]}]
      """)
    try bench.feed(["t/z/a/flow", "u/y/c/flow"], hours: 0..<30)
    try bench.feed(["t/z/b/flow"], hours: 30..<60)
    deliveries = try DeliveryStore(directory: bench.settings.data.directory)
    for name in ["hook", "chat", "old"] {
      try deliveries.register(endpoint: name, fromStart: true)
      _ = try deliveries.enqueue(endpoint: name, kinds: [.gap], now: 1000)
    }
  }

  private func list(_ change: (inout DeliveryQuery) -> Void = { _ in }) throws -> ListPage<DeliverySummary> {
    var query = DeliveryQuery()
    change(&query)
    return try bench.page.deliveries(query)
  }

  private func refusal(_ body: () throws -> Void) -> PageRefusal? {
    do {
      try body()
      return nil
    } catch {
      return error as? PageRefusal
    }
  }

  @Test func theListHasPagesAndKnowsTowns() throws {
    let all = try list().items
    #expect(all.count == 6 && all.allSatisfy { $0.kind == "gap" && $0.state == "pending" && $0.due != nil && $0.delivered == nil })
    #expect(Set(all.map(\.sensor)) == ["t/z/a/flow", "u/y/c/flow"])
    var (ids, after): ([Int64], Int64?) = ([], nil)
    repeat {
      let page = try list {
        $0.limit = 4
        $0.after = after
      }
      ids += page.items.map(\.id)
      after = page.next.flatMap { Int64($0) }
    } while after != nil
    #expect(ids == all.map(\.id))
    #expect(try list { $0.limit = 6 }.next == nil)
    #expect(try list { $0.municipalities = ["u"] }.items.map(\.sensor) == Array(repeating: "u/y/c/flow", count: 3))
    let event = try #require(all.first?.event)
    let own = try bench.page.deliveries(ofEvent: event)
    #expect(own.map(\.endpoint) == ["hook", "chat", "old"] && own.allSatisfy { $0.event == event })
    #expect(Set(own.map(\.webhookID)).count == 1)
    #expect(try list { $0.state = "failed" }.items.isEmpty && list { $0.state = "pending" }.items.count == 6)
  }

  @Test func receiversHaveTypesAndFigures() throws {
    let first = try #require(try list { $0.endpoint = "hook" }.items.last)
    try deliveries.record(first.id, .delivered(status: 200), now: 1_790_000_000_000)
    try deliveries.disable(endpoint: "chat", reason: "HTTP 410")
    let all = try bench.page.endpoints(municipalities: [])
    #expect(all.map(\.name) == ["chat", "hook", "old"] && all.map(\.type) == ["slack", "webhook", nil])
    #expect(all.map(\.pending) == [2, 1, 2] && all.map(\.disabled) == ["HTTP 410", nil, nil])
    #expect(all[1].lastDelivered == Timestamp(milliseconds: 1_790_000_000_000).iso8601(offset: 32_400) && all[0].lastDelivered == nil)
    #expect(try bench.page.endpoints(municipalities: ["u"]).map(\.pending).reduce(0, +) == 3 - (first.sensor.hasPrefix("u") ? 1 : 0))
    try bench.page.enable(endpoint: "chat")
    #expect(try bench.page.endpoints(municipalities: []).allSatisfy { $0.disabled == nil })
    #expect(refusal { try bench.page.enable(endpoint: "none") }?.code == "endpoint_unknown")
  }

  @Test func failedOnesComeAgain() throws {
    let wakeUps = bench.page.writes.committed.wakeUps()
    let mine = try #require(try list().items.first { $0.sensor == "t/z/a/flow" && $0.endpoint == "hook" })
    let theirs = try #require(try list().items.first { $0.sensor == "u/y/c/flow" && $0.endpoint == "old" })
    for d in [mine, theirs] { try deliveries.record(d.id, .failed(status: 500, error: "HTTP 500"), now: 2000) }
    #expect(try list { $0.state = "failed" }.items.map(\.lastError) == ["HTTP 500", "HTTP 500"])
    #expect(refusal { try bench.page.replay(mine.id, municipalities: ["u"]) }?.status == 404)
    #expect(refusal { try bench.page.replay(99, municipalities: []) }?.code == "delivery_unknown")
    try bench.page.replay(mine.id, municipalities: ["t"])
    #expect(refusal { try bench.page.replay(mine.id, municipalities: ["t"]) }?.code == "not_failed")
    let again = try #require(try list().items.first { $0.id == mine.id })
    #expect(again.state == "pending" && again.attempts == 0 && again.webhookID == mine.webhookID)
    #expect(refusal { _ = try bench.page.replayAll(endpoint: "none") }?.code == "endpoint_unknown")
    #expect(try bench.page.replayAll(endpoint: "hook") == 0 && bench.page.replayAll(endpoint: nil) == 1)
    #expect(try list { $0.state = "failed" }.items.isEmpty)
    withExtendedLifetime(wakeUps) {}
  }

  /// Pages are told at once, and then not more often than they should ask.
  @Test func openPagesHearOfIt() async throws {
    let updates = bench.page.live.listen()
    let mine = try #require(try list().items.first)
    try deliveries.record(mine.id, .failed(status: 500, error: "HTTP 500"), now: 2000)
    try bench.page.replay(mine.id, municipalities: [])
    for _ in 0..<50 { bench.page.live.noteChange(.deliveries) }
    bench.page.live.noteChange(of: [try #require(SensorID("t/z/a/flow"))])
    var told: [String] = []
    for await update in updates {
      switch update {
      case .part(let part): told.append(part.rawValue)
      case .event(let sensor):
        told.append(sensor)
      case .reading: continue
      }
      if told.last == "t/z/a/flow" { break }
    }
    #expect(told == ["deliveries", "t/z/a/flow"])
  }
}
