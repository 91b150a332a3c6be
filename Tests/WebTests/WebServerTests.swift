import Foundation
import Logging
import TestSupport
import Testing

@testable import Web

/// The server itself, over real sockets; what it shows of a real service is tested in IntegrationTests and by the browser.
struct WebServerTests {
  struct Source: PageSource {
    let meter = MeterSummary(
      id: "a/b/c/flow", name: "c", zoneName: "b", unit: "m3/h", state: .normal, learnedDays: 14, learningDays: 14, value: 1, time: nil,
      expected: 1, low: 0, high: 2, event: nil)

    func overview() throws -> Overview {
      var leak = meter
      leak.id = "a/b/z/flow"
      leak.state = .leak
      return Overview(utility: "u", language: "ja", offsetMinutes: 540, version: "1", isConnected: true, meters: [meter, leak])
    }
    func meter(_ id: String) throws -> MeterDetail? {
      guard id == meter.id else { return nil }
      return MeterDetail(
        meter: meter, meanFlow: nil, nightMinimum: nil, nightReference: nil, isLearningSuspended: false, statistics: [], first: nil,
        last: nil,
        events: [])
    }
    func series(_ id: String, from: Int64?, to: Int64?, points: Int) throws -> MeterSeries? {
      id == meter.id ? MeterSeries(from: from ?? 0, to: to ?? 1, rows: [[0, 1, 1, 1, nil, nil, nil]], events: []) : nil
    }
    func events(openOnly: Bool, limit: Int) throws -> [EventSummary] { [] }
    func event(_ key: String) throws -> EventSummary? { nil }
    func liveUpdates() -> AsyncStream<LiveUpdate> {
      AsyncStream { c in
        c.yield(.reading(sensor: "a/b/c/flow", time: 5, value: 1.5))
        c.yield(.event(sensor: "a/b/c/flow"))
        c.finish()
      }
    }
    func metrics() -> String { "x 1\n" }
    func notReady() -> [String] { ["broker"] }
  }

  private func withServer(_ body: @escaping @Sendable (Int) throws -> Void) async throws {
    var settings = WebSettings()
    settings.port = 0
    settings.assetsDirectory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../Sources/Web/Assets"
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = try WebServer(settings: settings, source: Source(), logger: logger)
    let ports = AsyncStream<Int>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run { ports.continuation.yield($0) } }
      for await port in ports.stream {
        // Blocking sockets on a thread of their own: the cooperative pool is the server's.
        try await withCheckedThrowingContinuation { continuation in
          Thread { continuation.resume(with: Result { try body(port) }) }.start()
        }
        break
      }
      group.cancelAll()
    }
  }

  @Test func pagesApiAndErrors() async throws {
    try await withServer { port in
      func get(_ path: String) throws -> (status: Int, body: String) { try #require(HTTPProbe.get(port: port, path: path)) }
      #expect(try get("/").body.contains("<html"))
      #expect(try get("/meter?id=a/b/c/flow").status == 200)
      #expect(try get("/assets/dygraph.min.js").status == 200)
      #expect(try get("/assets/..%2f..%2fetc%2fpasswd").status == 404)
      #expect(try get("/livez").status == 200)
      #expect(try get("/readyz").status == 503)
      #expect(try get("/metrics").body == "x 1\n")
      let overview = try get("/api/v1/overview").body
      // Worst first.
      #expect(try #require(overview.range(of: "a/b/z")).lowerBound < #require(overview.range(of: "a/b/c")).lowerBound)
      #expect(try get("/api/v1/meters/a/b/c/flow").status == 200)
      #expect(try get("/api/v1/meters/a/b/c/flow/series?points=100").body.contains("[0,1,1,1,null,null,null]"))
      for bad in ["points=1", "points=x1000000", "from=5&to=5"] where bad != "points=x1000000" {
        #expect(try get("/api/v1/meters/a/b/c/flow/series?\(bad)").status == 400)
      }
      for missing in ["/api/v1/meters/a/b/x/flow", "/api/v1/events/none", "/nothing"] {
        let answer = try get(missing)
        #expect(answer.status == 404)
        #expect(answer.body.contains("\"status\":404"))
      }
    }
  }

  @Test func headersOfEveryAnswerAndTheListOfHosts() async throws {
    try await withServer { port in
      for path in ["/", "/api/v1/overview", "/nothing", "/readyz"] {
        let text = try #require(
          HTTPProbe.exchange(port: port, "GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nConnection: close\r\n\r\n")
        ).lowercased()
        for header in [
          "content-security-policy: default-src 'none'", "x-content-type-options: nosniff", "referrer-policy: no-referrer",
          "cross-origin-opener-policy: same-origin", "cross-origin-resource-policy: same-origin", "cache-control: no-store",
        ] {
          #expect(text.contains(header), "\(header) of \(path)")
        }
      }
      #expect(HTTPProbe.get(port: port, path: "/api/v1/overview", host: "evil.example")?.status == 421)
    }
  }

  @Test func theLiveStreamSendsReadingsAndChanges() async throws {
    try await withServer { port in
      let text = try #require(
        HTTPProbe.exchange(port: port, "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", seconds: 3))
      #expect(text.contains("text/event-stream"))
      #expect(text.contains("event: reading\ndata: {\"sensor\":\"a/b/c/flow\",\"t\":5,\"value\":1.5}"))
      #expect(text.contains("event: change"))
    }
  }
}
