import Digests

extension AccountBook {
  public mutating func add(_ name: String, password: String, role: Role, municipalities: [String]) throws(AccountError) {
    guard Account.isName(name) else { throw .badName(name) }
    guard !accounts.contains(where: { $0.name == name }) else { throw .exists(name) }
    guard Account.isPassword(password, of: name) else { throw .badPassword }
    accounts.append(Account(name: name, role: role, municipalities: municipalities, password: try PasswordHash(of: password).text))
  }

  /// A nil leaves that part as it is. A new password ends the account's sessions.
  public mutating func change(_ name: String, password: String? = nil, role: Role? = nil, municipalities: [String]? = nil)
    throws(AccountError)
  {
    guard let i = accounts.firstIndex(where: { $0.name == name }) else { throw .unknown(name) }
    if let password {
      guard Account.isPassword(password, of: name) else { throw .badPassword }
      accounts[i].password = try PasswordHash(of: password).text
    }
    if let role { accounts[i].role = role }
    if let municipalities { accounts[i].municipalities = municipalities }
  }

  public mutating func remove(_ name: String) throws(AccountError) {
    guard let i = accounts.firstIndex(where: { $0.name == name }) else { throw .unknown(name) }
    accounts.remove(at: i)
  }

  /// - Returns: the token, which nobody can read again.
  public mutating func addToken(_ name: String, scopes: [Scope], municipalities: [String]) throws(AccountError) -> String {
    guard Account.isName(name) else { throw .badName(name) }
    guard !tokens.contains(where: { $0.name == name }) else { throw .exists(name) }
    let token = "mzm_" + RandomText.make(bits: 200)
    tokens.append(AccessToken(name: name, scopes: scopes, municipalities: municipalities, digest: AccessToken.digest(token)))
    return token
  }

  public mutating func removeToken(_ name: String) throws(AccountError) {
    guard let i = tokens.firstIndex(where: { $0.name == name }) else { throw .unknown(name) }
    tokens.remove(at: i)
  }
}

extension AccessToken {
  static func digest(_ token: String) -> String { Base64.encode(Digest.sha256(Array(token.utf8))) }
}
