/// The settings beside the file: command line before environment.
///
/// A class for the same reason as `ProblemLog`.
final class Overrides {
  private let environment: [String: String]
  private let commandLine: [String: String]
  /// Those that were asked for.
  private(set) var keys: [String] = []

  init(environment: [String: String], commandLine: [String: String]) {
    self.environment = environment
    self.commandLine = commandLine
  }

  /// `broker.keep_alive_s` → `MIZUMORI_BROKER_KEEP_ALIVE_S`.
  static func variable(_ key: String) -> String {
    "MIZUMORI_" + key.uppercased().replacing(".", with: "_")
  }

  func value(_ key: String) -> (text: String, place: SettingsPlace)? {
    if !keys.contains(key) { keys.append(key) }
    if let text = commandLine[key] { return (text, .commandLine(key)) }
    let name = Overrides.variable(key)
    return environment[name].map { ($0, .environment(name)) }
  }

  /// Names those that no key of the settings was read from. To be called last.
  /// - Parameter ignored: variables with our prefix that are no settings.
  func reportUnknown(to log: ProblemLog, ignored: Set<String>) {
    for key in commandLine.keys.sorted() where !keys.contains(key) {
      let (ja, en) = unknownText(key, known: keys)
      log.add(.commandLine(key), key, ja, en)
    }
    let variables = keys.map(Overrides.variable)
    for name in environment.keys.sorted() where name.hasPrefix("MIZUMORI_") && !ignored.contains(name) && !variables.contains(name) {
      let (ja, en) = unknownText(name, known: variables)
      log.add(.environment(name), "", ja, en)
    }
  }
}

/// What to say of an unknown key.
func unknownText(_ key: String, known: [String]) -> (japanese: String, english: String) {
  if let near = nearest(to: key, among: known) {
    return ("「\(key)」という設定はありません。「\(near)」ではありませんか", "unknown key \"\(key)\"; did you mean \"\(near)\"?")
  }
  let all = known.count <= 20 ? known.joined(separator: ", ") : nil
  return (
    "「\(key)」という設定はありません" + (all.map { "。使えるもの: \($0)" } ?? ""), "unknown key \"\(key)\"" + (all.map { "; known here: \($0)" } ?? "")
  )
}
