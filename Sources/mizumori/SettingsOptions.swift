import ArgumentParser
import Foundation
import Settings

/// Where the settings come from.
struct SettingsOptions: ParsableArguments {
  @Option(
    name: [.customLong("settings"), .customShort("c")],
    help: "設定ファイル（YAML） / settings file; default: $MIZUMORI_SETTINGS, /etc/mizumori/mizumori.yaml")
  var settings: String?

  @Option(name: .customLong("set"), help: "設定を一つ変える（例 broker.host=10.0.0.5）。何度でも / override one key; repeatable")
  var overrides: [String] = []

  /// Reads and checks everything; problems end the program with 78, a missing file with 66.
  func load() throws -> MizumoriSettings {
    var values: [String: String] = [:]
    for text in overrides {
      guard let equals = text.firstIndex(of: "=") else { throw ValidationError("--set \(text): key=value の形で / expected key=value") }
      values[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    let loaded: MizumoriSettings
    do {
      loaded = try MizumoriSettings.load(path: path, overrides: values)
    } catch {
      throw Failure(error.isFileMissing ? .noInput : .configuration, error.description)
    }
    return loaded
  }

  /// The file asked for, or the first of the usual ones that exists.
  var path: String? {
    if let settings { return settings }
    if let named = ProcessInfo.processInfo.environment["MIZUMORI_SETTINGS"] { return named }
    let usual = "/etc/mizumori/mizumori.yaml"
    return FileManager.default.fileExists(atPath: usual) ? usual : nil
  }
}
