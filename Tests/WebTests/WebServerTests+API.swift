import Accounts
import Foundation
import TestSupport
import Testing

@testable import Web

/// Lists that page, tables, and what only some may see.
extension WebServerTests {
  private static func ask(_ port: Int, _ path: String, _ headers: [String] = []) throws -> (status: Int, headers: String, body: String) {
    let lines = ["GET \(path) HTTP/1.1", "Host: localhost", "Connection: close"] + headers
    let text = try #require(HTTPProbe.exchange(port: port, lines.joined(separator: "\r\n") + "\r\n\r\n"))
    let end = try #require(text.range(of: "\r\n\r\n"))
    return (Int(text.dropFirst(9).prefix(3)) ?? 0, String(text[..<end.lowerBound]), String(text[end.upperBound...]))
  }

  /// Goes from page to page as the Link headers lead.
  private static func walk(_ port: Int, _ first: String) throws -> [[String]] {
    var (path, pages): (String?, [[String]]) = (first, [])
    while let here = path, pages.count < 20 {
      let answer = try ask(port, here)
      let items = try #require(JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [[String: Any]])
      pages.append(items.compactMap { ($0["key"] ?? $0["id"]) as? String })
      path = answer.headers.split(separator: "\r\n").first { $0.lowercased().hasPrefix("link:") && $0.contains("rel=\"next\"") }
        .flatMap { line in line.split(separator: "<").last.map { String($0.prefix { $0 != ">" }) } }
    }
    return pages
  }

  @Test func listsLeadFromPageToPage() async throws {
    try await RunningServer.with { (port: Int) throws in
      #expect(try Self.walk(port, "/api/v1/events?leaks=true&limit=2") == [["e5", "e4"], ["e3", "e2"], ["e1"]])
      #expect(try Self.walk(port, "/api/v1/events?limit=2&after=e4") == [["e3", "e2"], ["e1"]])
      #expect(try Self.walk(port, "/api/v1/events?limit=5") == [["e5", "e4", "e3", "e2", "e1"]])
      #expect(try Self.walk(port, "/api/v1/events?kind=burst&open=true") == [["e5"]])
      #expect(try Self.walk(port, "/api/v1/meters?limit=1") == [["a/b/c/flow"], ["a/b/z/flow"]])
    }
  }

  @Test func theNightTableIsCSVThatExcelOpens() async throws {
    try await RunningServer.with { port in
      let answer = try Self.ask(port, "/api/v1/nights.csv?from=2026-11-23&to=2026-11-26")
      #expect(answer.status == 200 && answer.headers.lowercased().contains("content-type: text/csv; charset=utf-8"))
      #expect(answer.headers.contains("attachment; filename=\"nights-day20780-day20783.csv\""))
      let name = "\"西町, \"\"配水\"\"\""
      #expect(
        answer.body == "\u{FEFF}DMA_ID,DMA_NAME,DATE,ACTUAL_MIN_NIGHT_FLOW,MIN_NIGHT_FLOW,UNITS\r\n"
          + "a/b,\(name),day20780,1.25,1.0,m3/h\r\na/b,\(name),day20782,1.25,,m3/h\r\n")
      let table = try Self.ask(port, "/api/v1/nights?by=meter&from=2026-11-23&to=2026-11-23").body
      #expect(table.contains(#""days":["day20780"],"rows":[{"#) && table.contains(#""id":"a/b/c/flow""#))
      #expect(table.contains("\"window\":\"01:00–04:00\""))
      // The last 60 days unless said otherwise.
      #expect(try Self.ask(port, "/api/v1/nights").body.components(separatedBy: "\"day2").count == 61)
    }
  }

  @Test(arguments: [
    ("=1+1", "'=1+1"), ("@x", "'@x"), ("-3.5", "-3.5"), ("-x", "'-x"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("", ""),
    ("a\nb", "\"a\nb\""),
  ])
  func fieldsOfCSV(text: String, field: String) { #expect(CSV.field(text) == field) }

  @Test func anEventSaysWhy() async throws {
    try await RunningServer.with { port in
      let body = try Self.ask(port, "/api/v1/events/e5").body
      let event = try #require(JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
      // The fields of the summary stand beside the others.
      #expect(event["key"] as? String == "e5" && event["excess"] as? Double == 3)
      #expect((event["reasons"] as? [String: [String]])?["ja"] == ["いつから"])
      #expect(event["history"] as? [String] == [] && event["deliveries"] as? [String] == [] && event["isAcknowledged"] as? Bool == false)
      #expect(event["upstream"] == nil)
    }
  }

  /// A program of another town sees nothing of this one, and nothing of the machine.
  @Test func everyListHoldsOnlyTheOwnTowns() async throws {
    let home = try TemporaryDirectory()
    let gate = try Gate(directory: home.path) { Int64(ProcessInfo.processInfo.systemUptime * 1000) }
    var tokens: [String: String] = [:]
    for town in ["a", "x"] {
      try AccountFile(directory: home.path).update { book throws(AccountError) in
        tokens[town] = try book.addToken(town, scopes: [.read], municipalities: [town])
      }
    }
    let (own, other) = ("Authorization: Bearer \(tokens["a"] ?? "")", "Authorization: Bearer \(tokens["x"] ?? "")")
    try await RunningServer.with(gate: gate) { port in
      for path in ["/api/v1/meters", "/api/v1/events", "/ngsi-ld/v1/entities?type=WaterMeter", "/ngsi-ld/v1/entities?type=WaterLeak"] {
        #expect(try Self.ask(port, path, [own]).body != "[]", "\(path)")
        #expect(try Self.ask(port, path, [other]).body == "[]", "\(path)")
        let nobody = try Self.ask(port, path)
        #expect(nobody.status == 401 && nobody.body.contains("\"code\":\"login\""), "\(path)")
      }
      #expect(try Self.ask(port, "/api/v1/events/e5", [other]).status == 404)
      #expect(try Self.ask(port, "/ngsi-ld/v1/entities/urn:ngsi-ld:WaterLeak:e5", [other]).status == 404)
      #expect(try Self.ask(port, "/api/v1/nights", [other]).body.contains("\"rows\":[]"))
      #expect(try Self.ask(port, "/api/v1/changes?since=5", [own]).body.contains("\"sensors\":[\"a\"]"))
      #expect(try Self.ask(port, "/api/v1/overview", [other]).body.contains("\"meters\":[]"))
      #expect(try Self.ask(port, "/api/v1/overview", [own]).body.contains("\"notices\":[]"))
      // What the names mean is no secret: who reads the entities as JSON-LD asks for it without a token.
      #expect(try Self.ask(port, "/ngsi-ld/context.jsonld").status == 200)
    }
    withExtendedLifetime(home) {}
  }
}
