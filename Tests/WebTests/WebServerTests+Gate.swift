import Accounts
import Foundation
import TestSupport
import Testing

@testable import Web

/// Log-in, over real sockets.
extension WebServerTests {
  struct Answer {
    let status: Int
    let text: String

    var cookie: String? { field("set-cookie")?.split(separator: ";").first.map(String.init) }
    func field(_ name: String) -> String? {
      text.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ":") }.map {
        String($0.dropFirst(name.count + 1)).trimmingCharacters(in: .whitespaces)
      }
    }
    var body: [String: Any] {
      let body = text.range(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
      return (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
    }
    var code: String? { body["code"] as? String }
  }

  static func ask(_ port: Int, _ method: String, _ path: String, _ headers: [String] = [], body: String = "") throws -> Answer {
    let lines =
      ["\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close"] + headers
      + (method == "POST" ? ["Content-Type: application/json", "Content-Length: \(body.utf8.count)"] : [])
    let text = try #require(HTTPProbe.exchange(port: port, lines.joined(separator: "\r\n") + "\r\n\r\n" + body, seconds: 20))
    return Answer(status: Int(text.dropFirst(9).prefix(3)) ?? 0, text: text)
  }

  static func home() throws -> (TemporaryDirectory, Gate, AccountFile) {
    let home = try TemporaryDirectory()
    return (home, try Gate(directory: home.path) { Int64(ProcessInfo.processInfo.systemUptime * 1000) }, AccountFile(directory: home.path))
  }

  static func add(_ file: AccountFile, _ name: String, _ role: Role, _ towns: [String] = []) throws {
    try file.update { book throws(AccountError) in try book.add(name, password: "correct horse", role: role, municipalities: towns) }
  }

  static func enter(_ port: Int, _ name: String) throws -> (cookie: String, csrf: String) {
    let answer = try ask(port, "POST", "/api/v1/session", body: #"{"name":"\#(name)","password":"correct horse"}"#)
    #expect(answer.status == 200, "\(answer.text)")
    return ("Cookie: other=1; " + (try #require(answer.cookie)), "X-CSRF-Token: " + (try #require(answer.body["csrf"] as? String)))
  }

  @Test func withoutALogInThereIsNothingToSee() async throws {
    let (home, gate, _) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    try await RunningServer.with(gate: gate) { port in
      for path in ["/", "/meter?id=a/b/c/flow", "//meter"] {
        let answer = try Self.ask(port, "GET", path)
        #expect(answer.status == 303 && answer.field("location")?.hasPrefix("/login") == true, "\(path)")
      }
      #expect(try Self.ask(port, "GET", "/meter?id=a/b/c/flow").field("location") == "/login?next=%2Fmeter%3Fid%3Da%2Fb%2Fc%2Fflow")
      for path in [
        "/api/v1/overview", "/api/v1/stream", "/metrics", "/metrics/", "//api/v1/events", "/api/v1/meters/a/b/c/flow",
      ] {
        for headers in [[], ["Cookie: __Host-sid=x"], ["Authorization: Bearer x"], ["Authorization: Basic eDp4"]] {
          let answer = try Self.ask(port, "GET", path, headers)
          #expect(answer.status == 401 && answer.code == "login", "\(path) \(headers)")
        }
      }
      #expect(try Self.ask(port, "POST", "/api/v1/meters/a/b/c/flow/actions", body: #"{"action":"repaired"}"#).status == 401)
      for (path, status) in [("/livez", 200), ("/readyz", 503), ("/login", 200), ("/assets/login.js", 200), ("/api/v1/session", 200)] {
        #expect(try Self.ask(port, "GET", path).status == status, "\(path)")
      }
      let session = try Self.ask(port, "GET", "/api/v1/session").body
      #expect(session["needsSetUp"] as? Bool == true && session["name"] as? String == "" && session["scopes"] as? [String] == [])
    }
  }

  @Test func setUpLogInAndOut() async throws {
    let (home, gate, _) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    let code = try #require(try gate.setUpCode())
    try await RunningServer.with(gate: gate) { port in
      func setUp(_ code: String, _ password: String) throws -> Answer {
        try Self.ask(port, "POST", "/api/v1/setup", body: #"{"code":"\#(code)","name":"yamada","password":"\#(password)"}"#)
      }
      #expect(try setUp("aaaa-bbbb-cccc", "correct horse").code == "login_refused")
      #expect(try setUp(code, "short").code == "account")
      let made = try setUp(code, "correct horse")
      #expect(made.status == 200)
      let attributes = try #require(made.field("set-cookie"))
      #expect(attributes.hasPrefix("__Host-sid=") && attributes.hasSuffix("; Secure; HttpOnly; SameSite=Strict; Path=/"))
      #expect(try setUp(code, "correct horse").code == "login_refused")
      let (cookie, csrf) = try Self.enter(port, "yamada")
      #expect(try Self.ask(port, "GET", "/", [cookie]).status == 200 && Self.ask(port, "GET", "/metrics", [cookie]).status == 200)
      let path = "/api/v1/meters/a/b/c/flow/actions"
      // A cookie alone writes nothing.
      for headers in [[cookie], [cookie, "X-CSRF-Token: x"], [cookie, "X-CSRF-Token:"]] {
        #expect(try Self.ask(port, "POST", path, headers, body: #"{"action":"repaired"}"#).code == "csrf", "\(headers)")
      }
      let done = try Self.ask(port, "POST", path, [cookie, csrf], body: #"{"action":"repaired","by":"eve"}"#)
      #expect(done.status == 201 && done.body["by"] as? String == "eve（yamada）")
      #expect(try Self.ask(port, "POST", path, [cookie, csrf], body: #"{"action":"repaired"}"#).body["by"] as? String == "yamada")
      let out = try Self.ask(port, "POST", "/api/v1/session/end", [cookie, csrf], body: "{}")
      #expect(out.status == 204 && out.field("set-cookie")?.contains("Max-Age=0") == true)
      #expect(try Self.ask(port, "GET", "/api/v1/overview", [cookie]).status == 401)
    }
  }

  @Test func everybodyChangesTheOwnPassword() async throws {
    let (home, gate, file) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    try Self.add(file, "viewer", .viewer)
    let token = try file.update { book throws(AccountError) in try book.addToken("scada", scopes: [.write], municipalities: []) }
    try await RunningServer.with(gate: gate) { port in
      let (cookie, csrf) = try Self.enter(port, "viewer")
      let (other, _) = try Self.enter(port, "viewer")
      func change(_ headers: [String], _ old: String, _ new: String) throws -> Answer {
        try Self.ask(port, "POST", "/api/v1/session/password", headers, body: #"{"old":"\#(old)","password":"\#(new)"}"#)
      }
      #expect(try change([cookie], "correct horse", "battery staple").code == "csrf")
      #expect(try change(["Authorization: Bearer " + token], "correct horse", "battery staple").code == "session")
      #expect(try change([cookie, csrf], "wrong horse", "battery staple").code == "old_password")
      #expect(try change([cookie, csrf], "correct horse", "short").status == 422)
      #expect(try Self.ask(port, "GET", "/api/v1/overview", [cookie]).status == 200)
      #expect(try change([cookie, csrf], "correct horse", "battery staple").status == 204)
      for ended in [cookie, other] { #expect(try Self.ask(port, "GET", "/api/v1/overview", [ended]).status == 401) }
      #expect(try Self.ask(port, "POST", "/api/v1/session", body: #"{"name":"viewer","password":"correct horse"}"#).status == 401)
      #expect(try Self.ask(port, "POST", "/api/v1/session", body: #"{"name":"viewer","password":"battery staple"}"#).status == 200)
    }
  }

  @Test func guessingAtTheOwnPasswordIsStopped() async throws {
    let (home, gate, file) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    try Self.add(file, "viewer", .viewer)
    try await RunningServer.with(gate: gate) { port in
      let (cookie, csrf) = try Self.enter(port, "viewer")
      let codes = try (1...6).map {
        try Self.ask(
          port, "POST", "/api/v1/session/password", [cookie, csrf], body: #"{"old":"wrong \#($0)","password":"battery staple"}"#
        ).code
      }
      #expect(codes == ["old_password", "old_password", "old_password", "old_password", "login_wait", "login_wait"])
    }
  }

  @Test func guessingIsStopped() async throws {
    let (home, gate, file) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    try Self.add(file, "yamada", .operator)
    try await RunningServer.with(gate: gate) { port in
      let tries = try (1...8).map { try Self.ask(port, "POST", "/api/v1/session", body: #"{"name":"yamada","password":"wrong \#($0)"}"#) }
      #expect(tries.map(\.status) == [401, 401, 401, 401, 429, 429, 429, 429])
      #expect((1...900).contains(Int(try #require(tries.last?.field("retry-after"))) ?? 0))
      #expect(try Self.ask(port, "POST", "/api/v1/session", body: #"{"name":"yamada","password":"correct horse"}"#).status == 429)
    }
  }

  @Test func viewersLookAndTownsSeeTheirOwn() async throws {
    let (home, gate, file) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    try Self.add(file, "viewer", .viewer)
    try Self.add(file, "other", .operator, ["elsewhere"])
    let metrics = try file.update { book throws(AccountError) in try book.addToken("prometheus", scopes: [.metrics], municipalities: []) }
    let writer = try file.update { book throws(AccountError) in try book.addToken("scada", scopes: [.write], municipalities: ["a"]) }
    try await RunningServer.with(gate: gate) { port in
      let (cookie, csrf) = try Self.enter(port, "viewer")
      let act = "/api/v1/meters/a/b/c/flow/actions"
      #expect(try Self.ask(port, "GET", "/api/v1/meters/a/b/c/flow", [cookie]).status == 200)
      for (method, path) in [("POST", act), ("GET", "/metrics"), ("GET", "/metrics/")] {
        #expect(try Self.ask(port, method, path, [cookie, csrf], body: #"{"action":"repaired"}"#).code == "scope", "\(path)")
      }
      let (theirs, token) = try Self.enter(port, "other")
      #expect((try Self.ask(port, "GET", "/api/v1/overview", [theirs]).body["meters"] as? [Any])?.isEmpty == true)
      #expect((try Self.ask(port, "GET", "/api/v1/overview", [cookie]).body["meters"] as? [Any])?.count == 2)
      for path in ["/api/v1/meters/a/b/c/flow", "/api/v1/meters/a/b/c/flow/series", "/api/v1/meters/a/b/c/flow/explain"] {
        #expect(try Self.ask(port, "GET", path, [theirs]).code == "meter_unknown", "\(path)")
      }
      #expect(try Self.ask(port, "POST", act, [theirs, token], body: #"{"action":"repaired"}"#).code == "meter_unknown")
      let bearer = "Authorization: Bearer "
      #expect(try Self.ask(port, "GET", "/metrics", [bearer + metrics]).status == 200)
      #expect(try Self.ask(port, "GET", "/api/v1/overview", [bearer + metrics]).code == "scope")
      #expect(try Self.ask(port, "POST", act, [bearer + writer], body: #"{"action":"repaired"}"#).status == 201)
      #expect(try Self.ask(port, "GET", "/api/v1/overview", [bearer + writer]).code == "scope")
      #expect(try Self.ask(port, "POST", act, [bearer + gate.commandToken], body: #"{"action":"repaired"}"#).status == 201)
    }
  }

  @Test func liveStreamsShowTheOwnTownAndEndWithTheSession() async throws {
    let (home, gate, file) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    try Self.add(file, "other", .viewer, ["elsewhere"])
    let source = FixtureSource()
    try await RunningServer.with(source, gate: gate) { port in
      let (cookie, _) = try Self.enter(port, "other")
      let pushes = Thread {
        guard RunningServer.wait({ source.hasListener }) else { return }
        source.push(.reading(sensor: "a/b/c/flow", time: 1, value: 1))
        source.push(.event(sensor: "elsewhere/b/c/flow"))
        source.push(.event(sensor: "a/b/c/flow"))
        Thread.sleep(forTimeInterval: 0.5)
        source.finish()
      }
      pushes.start()
      let text = try Self.ask(port, "GET", "/api/v1/stream", [cookie]).text
      #expect(text.contains("elsewhere/b/c/flow") && !text.contains("a/b/c/flow"), "\(text)")
    }
  }
}
