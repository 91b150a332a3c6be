import Foundation
import TestSupport
import Testing

@testable import Accounts

/// Accounts and tokens managed through the gate, as the page does.
@Suite struct AdministrationTests {
  private let home: TemporaryDirectory
  private let gate: Gate

  init() throws {
    home = try TemporaryDirectory()
    gate = try Gate(directory: home.path) { 1_000_000 }
    try gate.add("yamada", password: "correct horse", role: .operator, municipalities: [])
  }

  private func enter(_ name: String, _ password: String = "correct horse") throws -> String? {
    if case .welcome(let id, _) = try gate.logIn(name: name, password: password) { id } else { nil }
  }

  @Test func theLastOperatorOfAllTownsStays() throws {
    try gate.add("ina", password: "correct horse", role: .operator, municipalities: ["ina"])
    try gate.add("mieru", password: "correct horse", role: .viewer, municipalities: [])
    for change in [{ try gate.remove("yamada") }, { try gate.change("yamada", role: .viewer) }] {
      #expect(throws: AccountError.lastOperator) { try change() }
    }
    #expect(throws: AccountError.lastOperator) { try gate.change("yamada", municipalities: ["ina"]) }
    #expect(try gate.book().accounts.map(\.name) == ["yamada", "ina", "mieru"])
    #expect(try gate.book().accounts.map(\.isSteward) == [true, false, false])
    try gate.change("mieru", role: .operator)
    try gate.remove("yamada")
    #expect(throws: AccountError.lastOperator) { try gate.remove("mieru") }
    #expect(try gate.book().accounts.map(\.name) == ["ina", "mieru"])
    // What takes nothing away from the last one is allowed.
    try gate.change("mieru", password: "battery staple", role: .operator, municipalities: [])
    try gate.remove("ina")
  }

  @Test func sessionsOfARemovedAccountEnd() throws {
    try gate.add("ina", password: "correct horse", role: .operator, municipalities: ["ina"])
    let (mine, theirs) = (try #require(try enter("yamada")), try #require(try enter("ina")))
    try gate.remove("ina")
    #expect(try gate.visit(session: theirs, isUse: false) == nil && gate.visit(session: mine, isUse: false) != nil)
    // Not even by an account of the same name and password.
    try gate.add("ina", password: "correct horse", role: .operator, municipalities: [])
    #expect(try gate.visit(session: theirs, isUse: true) == nil)
    let again = try #require(try enter("ina"))
    try gate.change("ina", password: "battery staple")
    #expect(try gate.visit(session: again, isUse: true) == nil && enter("ina") == nil && enter("ina", "battery staple") != nil)
    // A change of what the account may do holds in its open sessions.
    let open = try #require(try enter("ina", "battery staple"))
    try gate.change("ina", role: .viewer, municipalities: ["ina"])
    #expect(try gate.visit(session: open, isUse: true)?.identity == Identity(name: "ina", scopes: [.read], municipalities: ["ina"]))
  }

  @Test func whatCannotBeIsSaid() throws {
    #expect(throws: AccountError.exists("yamada")) { try gate.add("yamada", password: "correct horse", role: .viewer, municipalities: []) }
    #expect(throws: AccountError.badPassword) { try gate.add("abe", password: "short", role: .viewer, municipalities: []) }
    #expect(throws: AccountError.badName("a b")) { try gate.add("a b", password: "correct horse", role: .viewer, municipalities: []) }
    #expect(throws: AccountError.unknown("abe")) { try gate.remove("abe") }
    #expect(throws: AccountError.unknown("abe")) { try gate.change("abe", password: "correct horse") }
    #expect(throws: AccountError.badPassword) { try gate.change("yamada", password: "yamada") }
    #expect(try enter("yamada") != nil)
  }

  @Test func tokensComeAndGo() throws {
    let token = try gate.addToken("scada", scopes: [.read, .write], municipalities: ["ina"])
    let identity = try #require(try gate.visit(token: token)).identity
    #expect(identity == Identity(name: "scada", scopes: [.read, .write], municipalities: ["ina"]))
    #expect(try gate.book().tokens.map(\.name) == ["scada"])
    #expect(throws: AccountError.exists("scada")) { try gate.addToken("scada", scopes: [.read], municipalities: []) }
    try gate.removeToken("scada")
    #expect(try gate.visit(token: token) == nil)
    #expect(throws: AccountError.unknown("scada")) { try gate.removeToken("scada") }
  }

  @Test func thereIsAnEndToThem() throws {
    try AccountFile(directory: home.path).update { book throws(AccountError) in
      for n in 0..<Gate.maximumTokens { _ = try book.addToken("t\(n)", scopes: [.read], municipalities: []) }
    }
    #expect(throws: AccountError.tooMany) { try gate.addToken("one-more", scopes: [.read], municipalities: []) }
    try gate.removeToken("t0")
    _ = try gate.addToken("one-more", scopes: [.read], municipalities: [])
  }
}
