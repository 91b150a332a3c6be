/// What somebody may do.
public enum Role: String, Codable, Sendable, CaseIterable {
  /// 閲覧: sees everything of the own towns, changes nothing.
  case viewer
  /// 操作: may also say what became of a leak, plan work, and so on.
  case `operator`
}

/// What a program may do with a token.
public enum Scope: String, Codable, Sendable, CaseIterable {
  /// Every GET of the API.
  case read
  /// Every POST of the API.
  case write
  /// `/metrics`
  case metrics
}

/// A person who may use the page.
public struct Account: Codable, Hashable, Sendable {
  /// `[A-Za-z0-9._-]{1,32}`
  public var name: String
  public var role: Role
  /// Towns whose meters may be seen; empty = all (共同利用: each town only its own).
  public var municipalities: [String]
  /// `PasswordHash.text`
  var password: String

  public static func isName(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [46, 95, 45].contains($0) }
  }

  /// Ten characters at least, 200 bytes at most, and not the name.
  public static func isPassword(_ text: String, of name: String) -> Bool {
    text.count >= 10 && text.utf8.count <= 200 && text.lowercased() != name.lowercased()
  }
}

/// A token by which a program uses the API. Only its digest is kept.
public struct AccessToken: Codable, Hashable, Sendable {
  public var name: String
  public var scopes: [Scope]
  public var municipalities: [String]
  /// Base64 of SHA-256.
  var digest: String
}

/// All who may use the page and the API.
public struct AccountBook: Codable, Hashable, Sendable {
  var version = 1
  public var accounts: [Account] = []
  public var tokens: [AccessToken] = []

  public init() {}
}

/// Who asks, and what that allows.
public struct Identity: Hashable, Sendable {
  public var name: String
  public var scopes: Set<Scope>
  /// Empty = all.
  public var municipalities: Set<String>

  /// Who is not logged in.
  public static let nobody = Identity(name: "", scopes: [], municipalities: [])
  /// Where nobody logs in: the page is for this machine alone.
  public static let everybody = Identity(name: "", scopes: Set(Scope.allCases), municipalities: [])

  public func sees(_ municipality: some StringProtocol) -> Bool { municipalities.isEmpty || municipalities.contains(String(municipality)) }
}
