import Synchronization

/// Accounts and tokens as whoever looks after the machine manages them on the page. From any thread; what sets a password blocks for some
/// tenths of a second.
///
/// The file may be changed beside it by `mizumori account`, which a person with the right to read the data directory calls.
extension Gate {
  /// Accounts and tokens that one file may hold: it is read at every change, and looked through at every request.
  public static let maximumAccounts = 1000
  public static let maximumTokens = 1000

  public func book() throws(AccountError) -> AccountBook { try file.book() }

  public func add(_ name: String, password: String, role: Role, municipalities: [String]) throws(AccountError) {
    try hash { () throws(AccountError) in
      try file.update { book throws(AccountError) in
        guard book.accounts.count < Gate.maximumAccounts else { throw .tooMany }
        try book.add(name, password: password, role: role, municipalities: municipalities)
      }
    }
  }

  /// A nil leaves that part as it is. A new password ends the account's sessions.
  /// - Throws: `AccountError.lastOperator` when nobody would be left who may look after the accounts.
  public func change(_ name: String, password: String? = nil, role: Role? = nil, municipalities: [String]? = nil) throws(AccountError) {
    try hash { () throws(AccountError) in
      try file.update { book throws(AccountError) in
        try book.keepingAnOperator { b throws(AccountError) in
          try b.change(name, password: password, role: role, municipalities: municipalities)
        }
      }
    }
    if password != nil { endSessions(of: name) }
  }

  /// What everybody may do: gives the account of a session a new password, for the old one. Its sessions end.
  public func changeOwn(session id: String, old: String, new: String) throws(AccountError) -> Entry {
    guard let visit = try visit(session: id, isUse: true) else { return .refused }
    // As a log-in, with its limit: a page that somebody left open must not be a place to guess at.
    let entry = try logIn(name: visit.identity.name, password: old)
    guard case .welcome = entry else { return entry }
    try change(visit.identity.name, password: new)
    return entry
  }

  /// Ends the account's sessions too.
  /// - Throws: `AccountError.lastOperator` when nobody would be left who may look after the accounts.
  public func remove(_ name: String) throws(AccountError) {
    try file.update { book throws(AccountError) in
      try book.keepingAnOperator { b throws(AccountError) in try b.remove(name) }
    }
    endSessions(of: name)
  }

  /// - Returns: the token, which nobody can read again.
  public func addToken(_ name: String, scopes: [Scope], municipalities: [String]) throws(AccountError) -> String {
    try file.update { book throws(AccountError) in
      guard book.tokens.count < Gate.maximumTokens else { throw .tooMany }
      return try book.addToken(name, scopes: scopes, municipalities: municipalities)
    }
  }

  public func removeToken(_ name: String) throws(AccountError) {
    try file.update { book throws(AccountError) in try book.removeToken(name) }
  }

  private func hash(_ body: () throws(AccountError) -> Void) throws(AccountError) {
    try hashing.withLock { _ throws(AccountError) in try body() }
  }
}

extension Account {
  /// An operator of all towns: who may look after the machine, its accounts and tokens.
  public var isSteward: Bool { role == .operator && municipalities.isEmpty }
}

extension AccountBook {
  /// Changes the book so that an operator of all towns is left where there was one.
  fileprivate mutating func keepingAnOperator(_ body: (inout AccountBook) throws(AccountError) -> Void) throws(AccountError) {
    var new = self
    try body(&new)
    guard new.accounts.contains(where: \.isSteward) || !accounts.contains(where: \.isSteward) else { throw .lastOperator }
    self = new
  }
}
