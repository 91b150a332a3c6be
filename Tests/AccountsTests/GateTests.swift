import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Accounts

/// Monotonic milliseconds that a test sets.
private final class TestClock: Sendable {
  private let value = Atomic<Int64>(1_000_000)
  var now: Int64 { value.load(ordering: .relaxed) }
  func pass(_ milliseconds: Int64) { value.add(milliseconds, ordering: .relaxed) }
}

@Suite struct GateTests {
  private let home: TemporaryDirectory
  private let clock = TestClock()
  private let gate: Gate
  private let file: AccountFile

  init() throws {
    home = try TemporaryDirectory()
    let clock = clock
    gate = try Gate(directory: home.path) { clock.now }
    file = AccountFile(directory: home.path)
  }

  private func add(_ name: String, _ role: Role = .operator, _ towns: [String] = []) throws {
    try file.update { book throws(AccountError) in
      try book.add(name, password: "correct horse", role: role, municipalities: towns)
    }
  }

  private func enter(_ name: String, _ password: String = "correct horse") throws -> String? {
    if case .welcome(let id, _) = try gate.logIn(name: name, password: password) { id } else { nil }
  }

  @Test func theFirstAccountIsMadeWithTheCodeAndOnlyOnce() throws {
    let code = try #require(try gate.setUpCode())
    #expect(code.count == 14)
    if case .refused = try gate.setUp(code: "0000-0000-0000", name: "eve", password: "correct horse") {} else { Issue.record("wrong code") }
    #expect(throws: AccountError.badPassword) { try gate.setUp(code: code, name: "yamada", password: "short") }
    #expect(throws: AccountError.badName("山 田")) { try gate.setUp(code: code, name: "山 田", password: "correct horse") }
    guard case .welcome(let id, let visit) = try gate.setUp(code: code.uppercased(), name: "yamada", password: "correct horse") else {
      Issue.record("the right code")
      return
    }
    #expect(visit.identity.scopes == [.read, .write, .metrics] && visit.identity.sees("anywhere"))
    #expect(try gate.visit(session: id, isUse: true)?.identity.name == "yamada")
    #expect(try gate.setUpCode() == nil)
    if case .refused = try gate.setUp(code: code, name: "eve", password: "correct horse") {} else { Issue.record("the code works once") }
  }

  @Test func aViewerReadsAndATownSeesItself() throws {
    try add("mieru", .viewer, ["ina", "komagane"])
    let id = try #require(try enter("mieru"))
    let identity = try #require(try gate.visit(session: id, isUse: false)).identity
    #expect(identity.scopes == [.read] && identity.sees("ina") && !identity.sees("suwa") && !identity.sees(""))
  }

  @Test(arguments: ["yamada", "nobody"]) func fiveFailuresCloseAName(name: String) throws {
    try add("yamada")
    for n in 1...4 {
      if case .refused = try gate.logIn(name: name, password: "wrong \(n)") {} else { Issue.record("try \(n)") }
    }
    guard case .wait(let seconds) = try gate.logIn(name: name, password: "wrong 5") else {
      Issue.record("the fifth")
      return
    }
    #expect(seconds == 900)
    // Not even with the right password, but others come in.
    if case .wait = try gate.logIn(name: name, password: "correct horse") {} else { Issue.record("closed") }
    try add("suzuki")
    #expect(try enter("suzuki") != nil)
    clock.pass(900_000)
    #expect(try (enter(name) != nil) == (name == "yamada"))
  }

  @Test func aSuccessForgetsFailures() throws {
    try add("yamada")
    for _ in 0..<3 {
      for _ in 0..<4 { _ = try gate.logIn(name: "yamada", password: "wrong one") }
      #expect(try enter("yamada") != nil)
    }
  }

  @Test func sessionsEnd() throws {
    try add("yamada")
    let idle = try #require(try enter("yamada"))
    let used = try #require(try enter("yamada"))
    for _ in 0..<24 {
      clock.pass(1_790_000)
      #expect(try gate.visit(session: used, isUse: true) != nil)
    }
    #expect(try gate.visit(session: idle, isUse: true) == nil)
    // Twelve hours at most.
    clock.pass(300_000)
    #expect(try gate.visit(session: used, isUse: true) == nil)
    // A page that only looks does not keep it open.
    let looking = try #require(try enter("yamada"))
    clock.pass(1_000_000)
    #expect(try gate.visit(session: looking, isUse: false) != nil)
    clock.pass(1_000_000)
    #expect(try gate.visit(session: looking, isUse: false) == nil)
    let left = try #require(try enter("yamada"))
    gate.logOut(left)
    #expect(try gate.visit(session: left, isUse: true) == nil)
    #expect(try gate.visit(session: "", isUse: true) == nil && gate.visit(session: "x", isUse: true) == nil)
  }

  /// `mizumori account` works beside the service.
  @Test func changesOfTheFileHoldAtOnce() throws {
    try add("yamada")
    let id = try #require(try enter("yamada"))
    try file.update { book throws(AccountError) in try book.change("yamada", role: .viewer, municipalities: ["ina"]) }
    #expect(try gate.visit(session: id, isUse: true)?.identity == Identity(name: "yamada", scopes: [.read], municipalities: ["ina"]))
    try file.update { book throws(AccountError) in try book.change("yamada", password: "battery staple") }
    #expect(try gate.visit(session: id, isUse: true) == nil)
    let again = try #require(try enter("yamada", "battery staple"))
    try file.update { book throws(AccountError) in try book.remove("yamada") }
    #expect(try gate.visit(session: again, isUse: true) == nil)
  }

  @Test func tokensHaveScopes() throws {
    let token = try file.update { book throws(AccountError) in try book.addToken("grafana", scopes: [.metrics], municipalities: []) }
    #expect(token.hasPrefix("mzm_") && token.count == 44)
    #expect(try gate.visit(token: token)?.identity.scopes == [.metrics])
    #expect(try gate.visit(token: token + "x") == nil && gate.visit(token: "") == nil)
    #expect(try gate.visit(token: gate.commandToken)?.identity == .everybody)
    #expect(try !String(contentsOfFile: file.path, encoding: .utf8).contains(token))
    try file.update { book throws(AccountError) in try book.removeToken("grafana") }
    #expect(try gate.visit(token: token) == nil)
  }

  @Test func theFileIsForItsOwner() throws {
    try add("yamada")
    #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
    #expect(try !String(contentsOfFile: file.path, encoding: .utf8).contains("correct"))
    chmod(file.path, 0o640)
    #expect(throws: AccountError.self) { try gate.logIn(name: "yamada", password: "correct horse") }
    chmod(file.path, 0o600)
    try Data("{".utf8).write(to: URL(fileURLWithPath: file.path))
    #expect(throws: AccountError.self) { try gate.setUpCode() }
  }

  /// `sudo mizumori account` must not take the file away from the service.
  @Test(.enabled(if: geteuid() == 0)) func whatRootWritesBelongsToTheService() throws {
    chown(home.path, 65_534, 65_534)
    try add("yamada")
    for name in ["", ".lock"] {
      let owner = try FileManager.default.attributesOfItem(atPath: file.path + name)[.ownerAccountID] as? Int
      #expect(owner == 65_534)
    }
  }

  @Test func whatCannotBe() throws {
    try add("yamada")
    #expect(throws: AccountError.exists("yamada")) { try add("yamada") }
    #expect(throws: AccountError.unknown("x")) { try file.update { book throws(AccountError) in try book.remove("x") } }
    for name in ["", "a b", "山田", String(repeating: "a", count: 33), "a/b", "a\n"] { #expect(!Account.isName(name)) }
    #expect(!Account.isPassword("yamadayamada", of: "YamadaYamada") && Account.isPassword("山の水は冷たくておいしい", of: "yamada"))
  }

  @Test func manySessionsAreBounded() {
    var book = SessionBook()
    let first = book.open(account: "a", password: "", now: 0).id
    for n in 1...1500 { _ = book.open(account: "a", password: "", now: Int64(n)) }
    #expect(book.find(first, now: 1501, isUse: true) == nil)
  }
}
