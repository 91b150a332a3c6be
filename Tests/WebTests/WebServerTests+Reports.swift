import Accounts
import Foundation
import TestSupport
import Testing

@testable import Web

/// Reports and billed volumes, over real sockets.
extension WebServerTests {
  @Test func reportsAreServed() async throws {
    try await RunningServer.with { port in
      func ask(_ path: String) throws -> Answer { try Self.ask(port, "GET", path) }
      let json = try ask("/api/v1/reports/monthly?month=2026-11")
      #expect(json.status == 200 && json.body["period"] as? String == "2026-11" && json.body["kind"] as? String == "monthly")
      #expect((json.body["municipalities"] as? [String]) == ["a", "b"])
      #expect(try ask("/api/v1/reports/daily").body["first"] as? String == "2024-10-04", "the present day")
      #expect(try ask("/api/v1/reports/annual?year=2026&municipality=b").body["municipalities"] as? [String] == ["b"])

      let page = try ask("/report/monthly?month=2026-11")
      #expect(page.status == 200 && page.field("content-type") == "text/html; charset=utf-8" && page.text.contains("漏水監視 月報"))
      #expect(page.text.contains("href=\"/report/monthly?month=2026-10\"") && page.text.contains("href=\"/assets/report.css\""))
      #expect(page.field("content-security-policy")?.contains("style-src 'self'") == true && !page.text.contains("<style"))
      let english = try ask("/report/daily?date=2026-03-01&lang=en&municipality=a").text
      #expect(english.contains("Daily leakage report") && english.contains("date=2026-02-28&amp;municipality=a&amp;lang=en"))
      #expect(try ask("/report/annual?year=2026").text.contains("2026年度"))
      let css = try ask("/assets/report.css")
      #expect(css.status == 200 && css.text.contains("@page") && css.field("content-type") == "text/css; charset=utf-8")
    }
  }

  /// The name of the file is Japanese for who understands RFC 8187, and plain for the rest.
  @Test func csvIsAFile() async throws {
    try await RunningServer.with { port in
      let plain = try Self.ask(port, "GET", "/api/v1/reports/daily.csv?date=2026-11-26")
      #expect(plain.text.hasSuffix("utf-8 ja [\"a\", \"b\"]") && plain.field("content-type") == "text/csv; charset=utf-8")
      let disposition = try #require(plain.field("content-disposition"))
      #expect(disposition.hasPrefix("attachment; filename=\"mizumori-daily-2026-11-26.csv\"; filename*=UTF-8''%E6%BC%8F"))
      let name = try #require(disposition.components(separatedBy: "''").last?.removingPercentEncoding)
      #expect(name == "漏水監視日報_2026-11-26.csv")
      let excel = try Self.ask(port, "GET", "/api/v1/reports/annual.csv?year=2026&encoding=cp932&lang=en&municipality=a")
      #expect(excel.text.hasSuffix("cp932 en [\"a\"]") && excel.field("content-type") == "text/csv; charset=Windows-31J")
    }
  }

  @Test(arguments: [
    ("reports/daily?date=2026-02-30", "date"), ("reports/daily?date=2026-1-1", "date"), ("reports/monthly?month=2026-13", "month"),
    ("reports/annual?year=26", "year"), ("reports/monthly?date=2026-11-01", "parameter"), ("reports/monthly?lang=en", "parameter"),
    ("reports/monthly.csv?encoding=utf-16", "encoding"), ("reports/monthly.csv?lang=fr", "lang"), ("reports/daily.csv?date=", "date"),
    ("billed?from=2026-11&to=2026-10", "range"), ("billed?from=11", "from"), ("billed?month=2026-10", "parameter"),
  ])
  func wrongParametersOfReports(_ path: String, _ code: String) async throws {
    try await RunningServer.with { port in
      let answer = try Self.ask(port, "GET", "/api/v1/" + path)
      // Values that cannot go together are well-formed each.
      #expect(answer.status == (code == "range" ? 422 : 400) && answer.code == code, "\(answer.text)")
    }
  }

  @Test func billedVolumes() async throws {
    try await RunningServer.with { port in
      func post(_ body: String) throws -> Answer { try Self.ask(port, "POST", "/api/v1/billed", body: body) }
      let list = try #require(HTTPProbe.get(port: port, path: "/api/v1/billed")).body
      #expect(list == #"[{"m3":12345,"month":"2026-10","municipality":"a"},{"m3":12345,"month":"2026-10","municipality":"b"}]"#)
      #expect(try #require(HTTPProbe.get(port: port, path: "/api/v1/billed?from=2026-11")).body == "[]")
      #expect(try #require(HTTPProbe.get(port: port, path: "/api/v1/billed?municipality=b&to=2026-10")).body.contains("\"b\""))
      #expect(try Self.ask(port, "GET", "/api/v1/billed?municipality=c").code == "municipality_unknown")
      let set = try post(#"{"municipality":"a","month":"2026-11","m3":9876.5,"by":"佐藤"}"#)
      #expect(set.status == 200 && set.body["m3"] as? Double == 9876.5)
      #expect(try post(#"{"municipality":"a","month":"2026-11","m3":null}"#).status == 200)
      #expect(try post(#"{"municipality":"a","month":"2026-11"}"#).code == "json")
      #expect(try post(#"{"municipality":"a","month":"2026-1","m3":1}"#).code == "month")
      #expect(try post(#"{"municipality":"a","month":"2026-11","m3":-1}"#).code == "m3")
      #expect(try post(#"{"municipality":"c","month":"2026-11","m3":1}"#).status == 404)
      #expect(try post(#"{"municipality":"a","month":"2026-11","m3":1,"x":1}"#).code == "json")
    }
  }

  /// Of another town there is nothing: no report, no figure, nothing to enter.
  @Test func reportsOfOnesOwnTownOnly() async throws {
    let (home, gate, file) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    try Self.add(file, "sato", .operator, ["a"])
    try Self.add(file, "abe", .viewer, ["a"])
    try await RunningServer.with(gate: gate) { port in
      let sato = try Self.enter(port, "sato")
      func get(_ path: String) throws -> Answer { try Self.ask(port, "GET", path, [sato.cookie]) }
      #expect(try get("/api/v1/reports/monthly?month=2026-11").body["municipalities"] as? [String] == ["a"])
      #expect(try get("/api/v1/reports/monthly?month=2026-11&municipality=b").status == 404)
      #expect(try get("/report/monthly?municipality=b").status == 404)
      #expect(try get("/api/v1/reports/monthly.csv").text.hasSuffix("[\"a\"]"))
      let seen = try get("/api/v1/billed").text
      #expect(seen.contains("\"a\"") && !seen.contains("\"b\""))
      func post(_ who: (cookie: String, csrf: String), _ town: String) throws -> Int {
        try Self.ask(
          port, "POST", "/api/v1/billed", [who.cookie, who.csrf], body: "{\"municipality\":\"\(town)\",\"month\":\"2026-11\",\"m3\":1}"
        ).status
      }
      #expect(try post(sato, "a") == 200 && post(sato, "b") == 404)
      #expect(try post(Self.enter(port, "abe"), "a") == 403)
      #expect(try Self.ask(port, "GET", "/report/daily").status == 303)
    }
  }
}
