import Accounts

/// Who may use the page and the API; never a password or a token.
struct AccountList: Encodable {
  struct Person: Encodable {
    var name: String
    var role: Role
    /// Empty = all.
    var municipalities: [String]
  }
  struct Program: Encodable {
    var name: String
    var scopes: [Scope]
    var municipalities: [String]
  }
  var accounts: [Person]
  var tokens: [Program]

  init(_ book: AccountBook) {
    accounts = book.accounts.map { Person(name: $0.name, role: $0.role, municipalities: $0.municipalities) }
    tokens = book.tokens.map { Program(name: $0.name, scopes: $0.scopes, municipalities: $0.municipalities) }
  }
}

/// The body of `POST /api/v1/accounts`.
struct NewAccountCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable { case name, password, role, municipalities }
  var name: String
  var password: String
  var role: Role
  /// None or empty = all.
  var municipalities: [String]?
}

/// The body of `POST /api/v1/accounts/{name}/change`; what is not there stays.
struct AccountChangeCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable { case role, municipalities }
  var role: Role?
  var municipalities: [String]?
}

/// The body of `POST /api/v1/accounts/{name}/password`.
struct PasswordCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable { case password }
  var password: String
}

/// The body of `POST /api/v1/session/password`.
struct OwnPasswordCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable { case old, password }
  var old: String
  var password: String
}

/// The body of `POST /api/v1/tokens`.
struct NewTokenCommand: RequestBody {
  enum CodingKeys: String, CodingKey, CaseIterable { case name, scopes, municipalities }
  var name: String
  var scopes: [Scope]
  var municipalities: [String]?
}

/// The only time that a token is told.
struct NewToken: Encodable {
  var name: String
  var token: String
}
