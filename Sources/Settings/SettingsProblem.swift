/// Where a setting was written.
public enum SettingsPlace: Hashable, Sendable, CustomStringConvertible {
  /// Line from 1; 0 where the file as a whole is meant.
  case file(String, line: Int)
  case environment(String)
  case commandLine(String)

  public var description: String {
    switch self {
    case .file(let path, let line): line > 0 ? "\(path):\(line)" : path
    case .environment(let name): "$\(name)"
    case .commandLine(let key): "--set \(key)"
    }
  }
}

/// One thing wrong with the settings: where, which key, and what to do, in Japanese and in English.
public struct SettingsProblem: Hashable, Sendable, CustomStringConvertible {
  public let place: SettingsPlace
  /// `broker.port`, `alerts.webhooks[0].url`, …; empty for the file as a whole.
  public let key: String
  public let japanese: String
  public let english: String

  public var description: String {
    "\(place): \(key.isEmpty ? "" : key + ": ")\(japanese) / \(english)"
  }
}

/// Everything that is wrong with the settings, at once.
public struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// In the order of the file; never empty.
  public let problems: [SettingsProblem]
  /// Whether the settings file could not be opened at all.
  public let isFileMissing: Bool

  /// One problem a line.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
