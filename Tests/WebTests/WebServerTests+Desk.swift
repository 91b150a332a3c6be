import Accounts
import Foundation
import TestSupport
import Testing

@testable import Web

/// Works, deliveries, sensors, the system and the administration of accounts, over real sockets.
extension WebServerTests {
  static let works = "/api/v1/works"

  @Test func theDeskAnswers() async throws {
    try await RunningServer.with { port in
      func get(_ path: String) throws -> Answer { try Self.ask(port, "GET", "/api/v1" + path) }
      func post(_ path: String, _ body: String) throws -> Answer { try Self.ask(port, "POST", "/api/v1" + path, body: body) }
      let page = try get("/deliveries?state=failed&endpoint=hook&event=evt_2&limit=1&after=40")
      #expect(page.text.contains(#""event":"evt_2""#) && page.text.contains(#""state":"failed""#) && page.text.contains(#""id":39"#))
      #expect(
        page.field("link")
          == "</api/v1/deliveries?state=failed&endpoint=hook&event=evt_2&limit=1&after=39>; rel=\"next\"")
      #expect(try get("/deliveries?state=all").field("link") == nil)
      #expect(try get("/endpoints").text.contains(#""type":"webhook""#))
      #expect(try post("/deliveries/7/replay", "{}").status == 204)
      #expect(try post("/deliveries/replay", #"{"endpoint":"hook"}"#).body["count"] as? Int == 1)
      #expect(try post("/deliveries/replay", #"{"endpoint":null}"#).body["count"] as? Int == 3)
      #expect(try post("/endpoints/hook/enable", "{}").status == 204)
      #expect(try get("/works?from=1&to=2").text.contains(#""from":"1""#))
      let planned = try post("/works", #"{"zones":["a/b"],"sensors":["a/b/c/flow"],"from":"1","to":"2","by":"山田"}"#)
      #expect(planned.status == 201 && planned.body["sensors"] as? [String] == ["a/b", "a/b/c/flow", "山田"])
      #expect(try post("/works/cancel", #"{"sensors":["a/b/c/flow"],"from":"1","to":"2"}"#).body["sensors"] as? [String] == ["a/b/c/flow"])
      let recurring = try post("/works/recurring", #"{"name":"洗管","zones":["a/b"],"from":"01:00","to":"04:00","weekdays":["tue"]}"#)
      #expect(recurring.status == 201 && recurring.body["id"] as? Int == 5)
      #expect(try post("/works/recurring/5/end", "{}").status == 204)
      #expect(try get("/sensors").text.contains(#""battery":80"#))
      let card = try post("/meters/a/b/c/flow/card", #"{"name":"東","minimumLeakM3h":0.5,"range":[0,90],"note":null}"#)
      #expect(card.body["name"] as? String == "東" && card.body["range"] as? [Int] == [0, 90])
      let system = try get("/system").body
      #expect(system["broker"] as? String == "b:1883" && system["logins"] as? Bool == false)
      for path in ["/accounts", "/tokens", "/accounts/x/password", "/accounts/x/remove", "/tokens/x/remove", "/accounts/x/change"] {
        #expect(try post(path, "{}").code == "unguarded", "\(path)")
      }
      #expect(try get("/accounts").code == "unguarded")
    }
  }

  /// What is not understood is refused and named, never guessed.
  @Test(arguments: [
    ("GET", "/deliveries?state=lost", "", 400, "state"), ("GET", "/deliveries?limit=0", "", 400, "limit"),
    ("GET", "/deliveries?limit=1001", "", 400, "limit"), ("GET", "/deliveries?after=-1", "", 400, "after"),
    ("GET", "/deliveries?endpoint=", "", 400, "endpoint"), ("GET", "/deliveries?colour=red", "", 400, "parameter"),
    ("GET", "/endpoints?x=1", "", 400, "parameter"), ("GET", "/sensors?x=1", "", 400, "parameter"),
    ("GET", "/system?x=1", "", 400, "parameter"), ("GET", "/works", "", 400, "range"), ("GET", "/works?from=2&to=2", "", 422, "range"),
    ("GET", "/works?from=a&to=2", "", 400, "from"), ("POST", "/deliveries/8/replay", "{}", 404, "delivery_unknown"),
    ("POST", "/deliveries/x/replay", "{}", 404, "delivery_unknown"), ("POST", "/deliveries/-1/replay", "{}", 404, "delivery_unknown"),
    ("POST", "/deliveries/7/replay", "", 400, "json"), ("POST", "/deliveries/7/replay", #"{"x":1}"#, 400, "json"),
    ("POST", "/deliveries/replay", #"{"endpoint":1}"#, 400, "json"), ("POST", "/endpoints/other/enable", "{}", 404, "endpoint_unknown"),
    ("POST", "/works", "{}", 400, "json"), ("POST", "/works", #"{"from":"2","to":"1"}"#, 422, "window"),
    ("POST", "/works", #"{"from":"1","to":"2","zone":"a/b"}"#, 400, "json"),
    ("POST", "/works/recurring", #"{"name":"x","from":"01:00","to":"02:00","weeks":[6]}"#, 422, "weeks"),
    ("POST", "/works/recurring", #"{"name":"x","from":"01:00","to":"02:00","weeks":["a"]}"#, 400, "json"),
    ("POST", "/works/recurring/6/end", "{}", 404, "work_unknown"), ("POST", "/works/recurring/x/end", "{}", 404, "work_unknown"),
    ("POST", "/meters/a/b/x/flow/card", "{}", 404, "meter_unknown"), ("POST", "/meters/a/b/c/flow/card", #"{"nam":"x"}"#, 400, "json"),
    ("POST", "/meters/a/b/c/flow/card", #"{"minimumLeakM3h":1e999}"#, 400, "json"),
    ("POST", "/meters/a/b/c/flow/card", "[]", 400, "json"),
  ])
  func theDeskRefuses(method: String, path: String, body: String, status: Int, code: String) async throws {
    try await RunningServer.with { port in
      let answer = try Self.ask(port, method, "/api/v1" + path, body: body)
      #expect(answer.status == status && answer.code == code, "\(answer.text)")
      #expect(answer.field("content-type") == "application/problem+json")
    }
  }

  @Test func theMachineIsForThoseOfAllTowns() async throws {
    let (home, gate, file) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    try Self.add(file, "all", .operator)
    try Self.add(file, "town", .operator, ["b"])
    try Self.add(file, "viewer", .viewer)
    let token = try file.update { book throws(AccountError) in
      try book.addToken("scada", scopes: [.read, .write], municipalities: [])
    }
    try await RunningServer.with(gate: gate) { port in
      let (town, townToken) = try Self.enter(port, "town")
      let (viewer, viewerToken) = try Self.enter(port, "viewer")
      for (method, path) in [("GET", "system"), ("GET", "accounts"), ("POST", "deliveries/replay"), ("POST", "endpoints/x/enable")] {
        #expect(try Self.ask(port, method, "/api/v1/" + path, [town, townToken], body: "{}").code == "all_towns", "\(path)")
      }
      for path in [
        "accounts", "accounts/all/remove", "accounts/all/password", "accounts/all/change", "tokens", "tokens/scada/remove", "works",
        "works/cancel", "works/recurring", "works/recurring/5/end", "deliveries/7/replay", "deliveries/replay", "endpoints/x/enable",
        "meters/a/b/c/flow/card",
      ] {
        #expect(try Self.ask(port, "POST", "/api/v1/" + path, [viewer, viewerToken], body: "{}").code == "scope", "\(path)")
      }
      // A viewer of all towns sees how the machine does, but not who may come in; a program's token neither.
      #expect(try Self.ask(port, "GET", "/api/v1/system", [viewer]).body["logins"] as? Bool == true)
      #expect(try Self.ask(port, "GET", "/api/v1/accounts", [viewer]).code == "operators")
      #expect(try Self.ask(port, "GET", "/api/v1/accounts", ["Authorization: Bearer " + token]).code == "operators")
      #expect(try Self.ask(port, "GET", "/api/v1/accounts", ["Authorization: Bearer " + gate.commandToken]).status == 200)
      // A town's own, and no more.
      #expect(try Self.ask(port, "GET", "/api/v1/deliveries", [town]).text.hasSuffix("\r\n\r\n[]"))
      #expect(try Self.ask(port, "GET", "/api/v1/sensors", [town]).text.hasSuffix("\r\n\r\n[]"))
      #expect(try Self.ask(port, "POST", "/api/v1/deliveries/7/replay", [town, townToken], body: "{}").code == "delivery_unknown")
      #expect(try Self.ask(port, "POST", "/api/v1/meters/a/b/c/flow/card", [town, townToken], body: "{}").code == "meter_unknown")
      #expect(try Self.ask(port, "GET", "/api/v1/works?from=1&to=2", [town]).text.contains(#""sensors":["b"]"#))
      // Who is logged in stands as the person.
      let body = #"{"sensors":[],"from":"1","to":"2","by":"eve"}"#
      #expect(try Self.ask(port, "POST", Self.works, [town, townToken], body: body).body["sensors"] as? [String] == ["eve（town）"])
    }
  }

  @Test func anOperatorManagesAccountsAndTokens() async throws {
    let (home, gate, file) = try Self.home()
    defer { withExtendedLifetime(home) {} }
    try Self.add(file, "yamada", .operator)
    try await RunningServer.with(gate: gate) { port in
      let mine = try Self.enter(port, "yamada")
      func post(_ path: String, _ body: String = "{}") throws -> Answer {
        try Self.ask(port, "POST", "/api/v1/" + path, [mine.cookie, mine.csrf], body: body)
      }
      func list() throws -> String { try Self.ask(port, "GET", "/api/v1/accounts", [mine.cookie]).text }
      #expect(
        try post("accounts", #"{"name":"sato","password":"correct horse","role":"viewer","municipalities":["ina","ina"]}"#).status == 201)
      #expect(try list().contains(#"{"municipalities":["ina"],"name":"sato","role":"viewer"}"#))
      #expect(try !list().contains("password") && !list().contains("scrypt"))
      let theirs = try Self.enter(port, "sato")
      #expect(try Self.ask(port, "GET", "/api/v1/utility", [theirs.cookie]).status == 200)
      #expect(try post("accounts/sato/change", #"{"role":"operator","municipalities":[]}"#).status == 204)
      #expect(try list().contains(#"{"municipalities":[],"name":"sato","role":"operator"}"#))
      #expect(try post("accounts/sato/password", #"{"password":"battery staple"}"#).status == 204)
      #expect(try Self.ask(port, "GET", "/api/v1/utility", [theirs.cookie]).status == 401)
      #expect(try post("accounts/sato/remove").status == 204 && post("accounts/sato/remove").code == "account_unknown")
      let made = try post("tokens", #"{"name":"scada","scopes":["write","read"],"municipalities":["ina"]}"#)
      let token = try #require(made.body["token"] as? String)
      #expect(made.status == 201 && token.hasPrefix("mzm_"))
      #expect(try Self.ask(port, "GET", "/api/v1/utility", ["Authorization: Bearer " + token]).status == 200)
      #expect(try list().contains(#"{"municipalities":["ina"],"name":"scada","scopes":["read","write"]}"#) && !list().contains(token))
      #expect(try post("tokens/scada/remove").status == 204)
      #expect(try Self.ask(port, "GET", "/api/v1/utility", ["Authorization: Bearer " + token]).status == 401)
      let refused: [(path: String, body: String, status: Int, code: String)] = [
        ("accounts/yamada/remove", "{}", 409, "last_operator"), ("accounts/yamada/change", #"{"role":"viewer"}"#, 409, "last_operator"),
        ("accounts/yamada/change", #"{"municipalities":["ina"]}"#, 409, "last_operator"),
        ("accounts", #"{"name":"yamada","password":"correct horse","role":"viewer"}"#, 409, "exists"),
        ("accounts", #"{"name":"a b","password":"correct horse","role":"viewer"}"#, 422, "name"),
        ("accounts", #"{"name":"abe","password":"short","role":"viewer"}"#, 422, "password"),
        ("accounts", #"{"name":"abe","password":"correct horse","role":"king"}"#, 400, "json"),
        ("accounts", #"{"name":"abe","password":"correct horse","role":"viewer","municipalities":["a/b"]}"#, 422, "municipalities"),
        ("accounts/none/password", #"{"password":"correct horse"}"#, 404, "account_unknown"),
        ("tokens", #"{"name":"t","scopes":[]}"#, 422, "scopes"), ("tokens", #"{"name":"t","scopes":["all"]}"#, 400, "json"),
        ("tokens/none/remove", "{}", 404, "account_unknown"),
      ]
      for row in refused {
        let answer = try post(row.path, row.body)
        #expect(answer.status == row.status && answer.code == row.code, "\(row.path) \(row.body): \(answer.text)")
      }
      #expect(try list().contains("yamada"))
    }
  }
}
