import Foundation
import TestSupport
import Testing

@testable import Web

/// The server itself, over real sockets; what it shows of a real service is tested in IntegrationTests and by the browser.
struct WebServerTests {
  @Test func pagesAndProbes() async throws {
    try await RunningServer.with { (port: Int) throws in
      func get(_ path: String) throws -> (status: Int, body: String) { try #require(HTTPProbe.get(port: port, path: path)) }
      #expect(try get("/").body.contains("<html"))
      #expect(try get("/meter?id=a/b/c/flow").status == 200)
      #expect(try get("/assets/dygraph.min.js").status == 200)
      #expect(try get("/livez").status == 200)
      #expect(try get("/readyz").status == 503)
      #expect(try get("/readyz").body == "broker\n")
      #expect(try get("/metrics").body == "x 1\n")
    }
  }

  @Test func theAPIAnswers() async throws {
    try await RunningServer.with { port in
      func get(_ path: String) throws -> (status: Int, body: String) { try #require(HTTPProbe.get(port: port, path: path)) }
      let overview = try get("/api/v1/overview").body
      // Worst first.
      #expect(try #require(overview.range(of: "a/b/z")).lowerBound < #require(overview.range(of: "a/b/c")).lowerBound)
      let utility = try get("/api/v1/utility").body
      #expect(utility == #"{"isConnected":true,"language":"ja","offsetMinutes":540,"utility":"u","version":"1"}"#)
      #expect(try get("/api/v1/meters/a/b/c/flow").status == 200)
      #expect(try get("/api/v1/meters/a/b/c/flow/series?points=100").body.contains("[0,1,1,1,null,null,null]"))
      #expect(try get("/api/v1/meters/a/b/c/flow/series?from=1&to=9").body.contains("\"from\":1"))
      #expect(try get("/api/v1/events?open=true&limit=1000").body.contains("\"key\":\"e5\""))
      #expect(try get("/api/v1/meters/a/b/c/flow/explain").body.contains("\"state\":\"normal\""))
    }
  }

  /// What is not understood is refused and named, never guessed.
  @Test func badParametersAndUnknownThings() async throws {
    let series = "/api/v1/meters/a/b/c/flow/series"
    let table: [(path: String, status: Int, code: String)] = [
      ("\(series)?points=1", 400, "points"), ("\(series)?points=5001", 400, "points"), ("\(series)?points=many", 400, "points"),
      ("\(series)?points=99999999999999999999", 400, "points"), ("\(series)?from=5&to=5", 422, "range"),
      ("\(series)?from=yesterday", 400, "from"), ("\(series)?to=9223372036854775807", 400, "to"),
      ("\(series)?from=-9223372036854775808", 400, "from"), ("/api/v1/events?limit=0", 400, "limit"),
      ("/api/v1/events?open=1", 400, "open"), ("/api/v1/events?opne=true", 400, "parameter"),
      ("/api/v1/events?open=true&open=false", 400, "open"), ("/api/v1/events?after=x", 400, "after"),
      ("/api/v1/events?after=", 400, "after"),
      ("/api/v1/events?from=9&to=1", 422, "range"), ("/api/v1/changes", 400, "since"), ("/api/v1/nights?from=2026-02-30", 400, "from"),
      ("/api/v1/nights?from=2026-2-3", 400, "from"), ("/api/v1/nights?by=town", 400, "by"),
      ("/api/v1/nights?from=2026-11-02&to=2026-11-01", 422, "range"), ("/api/v1/nights?from=2020-01-01&to=2026-01-01", 422, "range"),
      ("/api/v1/overview?x=1", 400, "parameter"), ("/api/v1/openapi.json?x", 400, "parameter"),
      ("/api/v1/meters/a/b/x/flow", 404, "meter_unknown"), ("/api/v1/meters/a/b/x/flow/series", 404, "meter_unknown"),
      ("/api/v1/meters/a/b/x/flow/explain", 404, "moment_unknown"), ("/api/v1/meters/a/b/c/flow/explain?at=x", 400, "at"),
      ("/api/v1/meters/a/b/c/flow/explain?at=1", 422, "too_far"), ("/api/v1/events/none", 404, "event_unknown"), ("/nothing", 404, "http"),
      ("/assets/..%2f..%2fetc%2fpasswd", 404, "http"),
      ("/assets/index.html", 404, "http"), ("/api/v1/events/broken", 500, "internal"),
    ]
    try await RunningServer.with { port in
      for row in table {
        let answer = try #require(HTTPProbe.get(port: port, path: row.path))
        #expect(answer.status == row.status, "\(row.path)")
        let problem = try #require(JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any], "\(row.path)")
        #expect(problem["code"] as? String == row.code, "\(row.path)")
        #expect(problem["status"] as? Int == row.status, "\(row.path)")
        #expect(!answer.body.contains("Broken"), "the inside must not be told")
      }
    }
  }

  @Test func headersOfEveryAnswer() async throws {
    try await RunningServer.with { port in
      for path in ["/", "/meter", "/api/v1/overview", "/nothing", "/readyz", "/assets/style.css", "/api/v1/events/broken"] {
        let text = try #require(
          HTTPProbe.exchange(port: port, "GET \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nConnection: close\r\n\r\n"))
        let keep = path.hasPrefix("/assets") ? "no-cache" : "no-store"
        for header in [
          "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
          "x-content-type-options: nosniff", "referrer-policy: no-referrer", "cross-origin-opener-policy: same-origin",
          "cross-origin-resource-policy: same-origin", "cache-control: \(keep)",
        ] {
          #expect(text.lowercased().contains(header), "\(header) of \(path)")
        }
      }
    }
  }

  /// A path says what may be done there; HEAD is what GET is, without the body.
  @Test(arguments: [
    ("/api/v1/overview", "GET, HEAD"), ("/api/v1/meters/a/b/c/flow/actions", "POST"), ("/api/v1/works", "GET, HEAD, POST"),
    ("/ngsi-ld/v1/entities", "GET, HEAD"), ("/", "GET, HEAD"), ("//livez/", "GET, HEAD"),
  ])
  func methodsOfAPath(path: String, allowed: String) async throws {
    try await RunningServer.with { port in
      for method in ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] + (allowed.contains("POST") ? [] : ["POST"]) {
        let text = try #require(
          HTTPProbe.exchange(
            port: port, "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
        #expect(text.hasPrefix("HTTP/1.1 405"), "\(method)")
        #expect(text.lowercased().contains("allow: \(allowed.lowercased())\r\n"), "\(method): \(text)")
      }
      let head = try #require(HTTPProbe.exchange(port: port, "HEAD \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
      #expect(head.hasPrefix(allowed.contains("GET") ? "HTTP/1.1 " : "HTTP/1.1 405"))
      #expect(head.hasSuffix("\r\n\r\n") || !allowed.contains("GET"), "no body: \(head)")
    }
  }

  @Test func aPathThatIsNotThereIsNoMatterOfMethods() async throws {
    try await RunningServer.with { port in
      for (method, path, status) in [("PUT", "/nothing", 404), ("GET", "/api/v1/nothing", 404), ("DELETE", "/ngsi-ld/v1/nothing", 404)] {
        let text = try #require(
          HTTPProbe.exchange(
            port: port, "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
        #expect(text.hasPrefix("HTTP/1.1 \(status)") && text.contains("\"status\":\(status)"), "\(text)")
        #expect(text.contains("https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound") == path.hasPrefix("/ngsi-ld"))
      }
    }
  }

  /// What a page of another site could make a browser send is refused; so is what is not JSON, too large, or not understood.
  @Test(arguments: [
    ("Content-Type: application/json", #"{"action":"repaired","by":"山田"}"#, 201, "\"by\":\"山田\""),
    ("Content-Type: application/json; charset=utf-8\r\nOrigin: http://localhost", #"{"action":"repaired"}"#, 201, "repaired"),
    ("Content-Type: application/json\r\nSec-Fetch-Site: same-origin", #"{"action":"repaired"}"#, 201, "repaired"),
    ("Content-Type: application/json\r\nOrigin: http://evil.example", #"{"action":"repaired"}"#, 403, "cross_site"),
    ("Content-Type: application/json\r\nOrigin: null", #"{"action":"repaired"}"#, 403, "cross_site"),
    ("Content-Type: application/json\r\nSec-Fetch-Site: cross-site", #"{"action":"repaired"}"#, 403, "cross_site"),
    ("Content-Type: application/json\r\nSec-Fetch-Site: same-site", #"{"action":"repaired"}"#, 403, "cross_site"),
    ("Content-Type: text/plain", #"{"action":"repaired"}"#, 415, "content_type"),
    ("Content-Type: application/x-www-form-urlencoded", "action=repaired", 415, "content_type"),
    ("X-Nothing: 1", #"{"action":"repaired"}"#, 415, "content_type"), ("Content-Type: application/json", "", 400, "json"),
    ("Content-Type: application/json", "[1]", 400, "json"), ("Content-Type: application/json", #"{"action":7}"#, 400, "json"),
    ("Content-Type: application/json", #"{"action":"dance"}"#, 400, "action"),
    ("Content-Type: application/json", String(repeating: " ", count: 20_000), 413, "http"),
  ])
  func actions(headers: String, body: String, status: Int, contains: String) async throws {
    try await RunningServer.with { port in
      let text = try #require(
        HTTPProbe.exchange(
          port: port,
          "POST /api/v1/meters/a/b/c/flow/actions HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
        ))
      #expect(text.hasPrefix("HTTP/1.1 \(status)"), "\(text.prefix(200))")
      #expect(text.contains(contains), "\(text)")
    }
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("127.0.0.1:8080", true), ("LOCALHOST:1", true), ("[::1]:8080", true), ("[::1]", true),
    ("mizumori.town.lg.jp", true),
    ("evil.example", false), ("evil.example:8080", false), ("", false), ("[::2]", false), ("[::1", false), ("[::1]x", false),
    ("[evil]", false),
    ("localhost.evil.example", false), ("localhost:", false), ("localhost:99999", false), ("localhost:1:2", false), ("::1", false),
  ])
  func namesThatAreServed(authority: String, isServed: Bool) {
    var settings = WebSettings()
    settings.allowedHosts = ["Mizumori.town.lg.jp"]
    #expect(HostList(settings).contains(authority) == isServed)
  }

  @Test(arguments: [
    (["gzip, deflate, br"], true), (["br;q=1.0, gzip;q=0.8, *;q=0.1"], true), (["*"], true), (["deflate", "GZIP ; q=0.5"], true),
    ([], false), (["identity"], false), (["gzip;q=0"], false), (["*;q=0"], false), (["gzip;q=0, *"], false),
  ])
  func whoTakesGzip(fields: [String], takes: Bool) { #expect(CompressionMiddleware.takesGzip(fields) == takes) }

  /// Text is packed where that is asked for, and only there; what it unpacks to is the same.
  @Test func longAnswersArePacked() async throws {
    try await RunningServer.with { port throws in
      func head(_ path: String, _ more: String) throws -> String {
        let text = try #require(
          HTTPProbe.exchange(port: port, "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(more)Connection: close\r\n\r\n", seconds: 1))
        return text.components(separatedBy: "\r\n\r\n")[0].lowercased()
      }
      let gzip = "Accept-Encoding: gzip\r\n"
      #expect(try head("/assets/style.css", gzip).contains("content-encoding: gzip"))
      #expect(try head("/assets/style.css", gzip).contains("etag: w/\""))
      #expect(try !head("/assets/style.css", "").contains("content-encoding"))
      #expect(try head("/assets/style.css", "").contains("vary: accept-encoding"))
      // Small ones, and what holds the token of a session.
      #expect(try !head("/livez", gzip).contains("content-encoding"))
      #expect(try !head("/api/v1/session", gzip).contains("vary"))
      #expect(try !head("/api/v1/stream", gzip).contains("content-encoding"))
    }
  }

  @Test func anotherHostNameIsRefused() async throws {
    try await RunningServer.with { port in
      #expect(HTTPProbe.get(port: port, path: "/api/v1/overview", host: "evil.example")?.status == 421)
      #expect(HTTPProbe.get(port: port, path: "/assets/style.css", host: "[evil]")?.status == 421)
    }
  }

  @Test func filesAreNotSentTwice() async throws {
    try await RunningServer.with { port in
      func ask(_ more: String) throws -> String {
        try #require(
          HTTPProbe.exchange(port: port, "GET /assets/dygraph.min.js HTTP/1.1\r\nHost: localhost\r\n\(more)Connection: close\r\n\r\n"))
      }
      let first = try ask("")
      let line = try #require(first.components(separatedBy: "\r\n").first { $0.lowercased().hasPrefix("etag: ") })
      let tag = String(line.dropFirst(6))
      for known in [tag, "W/\(tag)", "\"other\", \(tag)"] {
        let again = try ask("If-None-Match: \(known)\r\n")
        #expect(again.hasPrefix("HTTP/1.1 304"), "\(known)")
        #expect(again.utf8.count < 2000)
      }
      #expect(try ask("If-None-Match: \"other\"\r\n").hasPrefix("HTTP/1.1 200"))
    }
  }

  @Test func aPortInUseIsSaid() async throws {
    let taken = try HTTPReceiver()
    defer { withExtendedLifetime(taken) {} }
    let port = taken.port
    let server = try WebServer(settings: RunningServer.settings(port: port), source: FixtureSource(), logger: RunningServer.logger)
    let error = await #expect(throws: WebError.self) { try await server.run { _ in Issue.record("must not listen") } }
    let text = try #require(error).description
    #expect(text.contains("127.0.0.1:\(port)") && text.contains("web.port") && text.contains("another program"))
  }

  @Test func aMissingFileIsNamed() {
    var settings = RunningServer.settings()
    settings.dygraphsDirectory = "/nowhere"
    #expect {
      try WebServer(settings: settings, source: FixtureSource(), logger: RunningServer.logger)
    } throws: { error in
      "\(error)".contains("/nowhere/dygraph.min.js") && "\(error)".contains("libjs-dygraphs")
    }
  }
}
