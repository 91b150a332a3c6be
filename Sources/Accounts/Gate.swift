import Digests
import Synchronization

/// Who may come in: log-in, sessions, tokens, the set-up code of the first start. From any thread; log-ins block for some tenths of a second.
public final class Gate: Sendable {
  /// Somebody who is logged in.
  public struct Visit: Sendable {
    public var identity: Identity
    /// What writes by cookie must bring along; empty for tokens.
    public var csrf: String
  }

  public enum Entry: Sendable {
    /// The id for the cookie.
    case welcome(id: String, Visit)
    case refused
    /// Too many failures: seconds until the next try.
    case wait(seconds: Int)
  }

  private struct State {
    var sessions = SessionBook()
    var limit = LoginLimit()
  }

  let file: AccountFile
  private let now: @Sendable () -> Int64
  private let state = Mutex(State())
  /// One at a time: guessing must not take all processors, nor memory without bound.
  let hashing = Mutex(())
  /// What the first account is made with.
  private let code = RandomText.make(bits: 60)
  /// What a name that nobody has is compared with, so that it takes as long.
  private let nobody: PasswordHash
  /// Of this process, for commands of who may read the data directory.
  public let commandToken = RandomText.make(bits: 200)

  /// - Parameter now: monotonic milliseconds.
  public init(directory: String, now: @escaping @Sendable () -> Int64) throws(AccountError) {
    file = AccountFile(directory: directory)
    self.now = now
    nobody = try PasswordHash(of: RandomText.make(bits: 60))
    _ = try file.book()
  }

  /// `abcd-efgh-jkmn` while there is no account; nil afterwards.
  public func setUpCode() throws(AccountError) -> String? {
    guard try file.book().accounts.isEmpty else { return nil }
    let c = Array(code)
    return "\(String(c[0..<4]))-\(String(c[4..<8]))-\(String(c[8..<12]))"
  }

  /// Makes the first account, an operator for all towns, and logs in.
  /// - Throws: `AccountError` for a name or password that cannot be.
  public func setUp(code given: String, name: String, password: String) throws(AccountError) -> Entry {
    let given = given.lowercased().filter { $0 != "-" && $0 != " " }
    if let seconds = waitFor("/setup") { return .wait(seconds: seconds) }
    guard try file.book().accounts.isEmpty, Digest.areEqual(Array(given.utf8), Array(code.utf8)) else {
      noteFailure("/setup")
      return .refused
    }
    try hashing.withLock { _ throws(AccountError) in
      try file.update { book throws(AccountError) in
        // Somebody was faster.
        guard book.accounts.isEmpty else { throw .exists(name) }
        try book.add(name, password: password, role: .operator, municipalities: [])
      }
    }
    return try logIn(name: name, password: password)
  }

  public func logIn(name: String, password: String) throws(AccountError) -> Entry {
    if let seconds = waitFor(name) { return .wait(seconds: seconds) }
    let account = try file.book().accounts.first { $0.name == name }
    let isRight = try hashing.withLock { _ throws(AccountError) in
      // Those that waited here meanwhile may have used up the tries.
      if waitFor(name) != nil { return false }
      let found = try (account.map { PasswordHash(stored: $0.password) } ?? nobody).matches(password)
      if !found || account == nil { noteFailure(name) }
      return found
    }
    guard isRight, let account else { return waitFor(name).map { .wait(seconds: $0) } ?? .refused }
    return state.withLock { s in
      s.limit.noteSuccess(name)
      let new = s.sessions.open(account: name, password: account.password, now: now())
      return .welcome(id: new.id, Visit(identity: Identity(account), csrf: new.session.csrf))
    }
  }

  public func logOut(_ id: String) { state.withLock { $0.sessions.close(id) } }

  func endSessions(of account: String) { state.withLock { $0.sessions.closeAll(of: account) } }

  /// - Parameter isUse: whether a person did something; what an open page asks for by itself does not keep the session open.
  public func visit(session id: String, isUse: Bool) throws(AccountError) -> Visit? {
    guard let session = state.withLock({ $0.sessions.find(id, now: now(), isUse: isUse) }) else { return nil }
    guard let account = try file.book().accounts.first(where: { $0.name == session.account }), account.password == session.password else {
      logOut(id)
      return nil
    }
    return Visit(identity: Identity(account), csrf: session.csrf)
  }

  public func visit(token: String) throws(AccountError) -> Visit? {
    if Digest.areEqual(Array(token.utf8), Array(commandToken.utf8)) { return Visit(identity: .everybody, csrf: "") }
    let digest = AccessToken.digest(token)
    guard let found = try file.book().tokens.first(where: { $0.digest == digest }) else { return nil }
    return Visit(
      identity: Identity(name: found.name, scopes: Set(found.scopes), municipalities: Set(found.municipalities)), csrf: "")
  }

  private func waitFor(_ name: String) -> Int? {
    state.withLock { $0.limit.wait(name, now: now()) }.map { Int(($0 + 999) / 1000) }
  }

  private func noteFailure(_ name: String) { state.withLock { $0.limit.noteFailure(name, now: now()) } }
}

extension Identity {
  init(_ a: Account) {
    self.init(name: a.name, scopes: a.role == .operator ? [.read, .write, .metrics] : [.read], municipalities: Set(a.municipalities))
  }
}
