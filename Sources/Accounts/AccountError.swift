/// Why an account or token cannot be had.
public enum AccountError: Error, Hashable, CustomStringConvertible, Sendable {
  case badName(String)
  case badPassword
  case exists(String)
  case unknown(String)
  /// Nobody would be left who may look after accounts.
  case lastOperator
  /// No place for one more.
  case tooMany
  /// Too little memory for scrypt.
  case noMemory
  /// The file of accounts cannot be read or written.
  case file(String)

  public var description: String {
    switch self {
    case .badName(let name): "\(name): 名前は英数字と . _ - で 32 字まで / names are up to 32 of letters, digits, . _ -"
    case .badPassword: "パスワードは 10 文字以上で、名前と違うものにしてください / passwords have 10 characters or more and are not the name"
    case .exists(let name): "\(name) はもうあります / exists already"
    case .unknown(let name): "\(name) はありません / is not there"
    case .lastOperator:
      "すべての市町村の operator が一人もいなくなります。先にもう一人作ってください / it is the last operator of all towns: make another one first"
    case .tooMany: "これ以上は作れません。使わないものを除いてください / there are too many already: remove some that nobody uses"
    case .noMemory: "メモリが足りません / not enough memory"
    case .file(let detail): "利用者のファイル / file of accounts: \(detail)"
    }
  }
}
