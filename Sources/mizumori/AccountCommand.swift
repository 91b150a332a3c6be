import Accounts
import ArgumentParser
import Foundation
import Glibc
import Readings
import Settings

/// `mizumori account`: who may use the page. May be called while the service runs, which notices.
struct AccountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "画面を使う人 / who may use the page.",
    discussion: """
      viewer    閲覧だけ / looks only
      operator  修理済・誤報・工事なども記録できます / may also record what was done
      """,
    subcommands: [List.self, Add.self, Change.self, Password.self, Remove.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "一覧 / lists them")
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let book = try guarded { try AccountFile(directory: options.load().data.directory).book() }
      if book.accounts.isEmpty { say("利用者はまだいません / no accounts yet: mizumori account add NAME") }
      for a in book.accounts { say("\(a.name)\t\(a.role.rawValue)\t\(towns(a.municipalities))") }
    }
  }

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "加えます（パスワードをたずねます） / adds one, asks for the password")
    @Argument(help: "英数字と . _ - で 32 字まで / up to 32 of letters, digits, . _ -") var name: String
    @Option(help: "viewer operator") var role = Role.viewer
    @Option(name: .customLong("municipality"), help: "この市町村だけ（いくつでも。なければすべて） / only these; none = all") var municipalities: [String] = []
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let file = try accounts(options, municipalities)
      let password = try Password.ask()
      try guarded {
        try file.update { book throws(AccountError) in
          try book.add(name, password: password, role: role, municipalities: municipalities)
        }
      }
      say("\(name): \(role.rawValue)")
    }
  }

  struct Change: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "役割や市町村を変えます / changes role or municipalities")
    @Argument(help: "利用者の名前 / name of the account") var name: String
    @Option(help: "viewer operator") var role: Role?
    @Option(name: .customLong("municipality"), help: "この市町村だけ / only these") var municipalities: [String] = []
    @Flag(name: .customLong("all-municipalities"), help: "すべての市町村 / all of them") var isForAll = false
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let file = try accounts(options, municipalities)
      let towns = isForAll ? [] : municipalities.isEmpty ? nil : municipalities
      try guarded {
        try file.update { book throws(AccountError) in try book.change(name, role: role, municipalities: towns) }
      }
    }
  }

  struct Password: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "パスワードを変え、開いている画面を閉じます / changes the password and ends the sessions")
    @Argument(help: "利用者の名前 / name of the account") var name: String
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let file = try accounts(options, [])
      let password = try Password.ask()
      try guarded {
        try file.update { book throws(AccountError) in try book.change(name, password: password) }
      }
    }

    /// From the terminal without an echo, twice; or one line of standard input.
    static func ask() throws -> String {
      guard isatty(STDIN_FILENO) == 1 else {
        guard let line = readLine(), !line.isEmpty else { throw Failure(.usage, "標準入力からパスワードを読めません / no password on standard input") }
        return line
      }
      func read(_ prompt: String) -> String {
        guard let text = getpass(prompt) else { return "" }
        return String(cString: text)
      }
      let first = read("パスワード / password: ")
      guard first == read("もう一度 / again: ") else { throw Failure(.usage, "二つが違います / they differ") }
      return first
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "除きます / removes one")
    @Argument(help: "利用者の名前 / name of the account") var name: String
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let file = try accounts(options, [])
      try guarded { try file.update { book throws(AccountError) in try book.remove(name) } }
    }
  }
}

/// `mizumori token`: programs that use the API.
struct TokenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "API を使うプログラムの鍵 / tokens for programs that use the API.",
    discussion: "Authorization: Bearer mzm_… として送ります / sent as Authorization: Bearer mzm_…",
    subcommands: [List.self, Add.self, Remove.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "一覧（鍵そのものは見られません） / lists them, not the tokens themselves")
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let book = try guarded { try AccountFile(directory: options.load().data.directory).book() }
      for t in book.tokens { say("\(t.name)\t\(t.scopes.map(\.rawValue).joined(separator: ","))\t\(towns(t.municipalities))") }
    }
  }

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "作って、一度だけ見せます / makes one and shows it once")
    @Argument(help: "英数字と . _ - で 32 字まで / up to 32 of letters, digits, . _ -") var name: String
    @Option(name: .customLong("scope"), help: "read write metrics（いくつでも / several）") var scopes: [Scope] = [.read]
    @Option(name: .customLong("municipality"), help: "この市町村だけ / only these") var municipalities: [String] = []
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let file = try accounts(options, municipalities)
      let token = try guarded {
        try file.update { book throws(AccountError) in try book.addToken(name, scopes: scopes, municipalities: municipalities) }
      }
      say(token)
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "除きます / removes one")
    @Argument(help: "鍵の名前 / name of the token") var name: String
    @OptionGroup var options: SettingsOptions

    func run() throws {
      let file = try accounts(options, [])
      try guarded { try file.update { book throws(AccountError) in try book.removeToken(name) } }
    }
  }
}

extension Role: ExpressibleByArgument {}
extension Scope: ExpressibleByArgument {}

/// The file of accounts, in a data directory that exists.
private func accounts(_ options: SettingsOptions, _ municipalities: [String]) throws -> AccountFile {
  for m in municipalities where !SensorID.isSegment(m) {
    throw Failure(.usage, "\(m): トピックにある市町村の名前で / the municipality as it stands in topics")
  }
  let directory = try options.load().data.directory
  try? FileManager.default.createDirectory(
    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  return AccountFile(directory: directory)
}

private func towns(_ names: [String]) -> String { names.isEmpty ? "すべて / all" : names.joined(separator: " ") }

/// Errors of accounts with the right exit code.
private func guarded<T>(_ body: () throws -> T) throws -> T {
  do {
    return try body()
  } catch let error as AccountError {
    let code: ExitStatus =
      switch error {
      case .badName, .badPassword: .usage
      case .exists, .unknown, .lastOperator, .tooMany: .noInput
      case .noMemory, .file: .ioError
      }
    throw Failure(code, error.description)
  }
}
