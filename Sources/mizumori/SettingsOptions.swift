import ArgumentParser
import Foundation
import Settings
import Store

/// Where the settings come from.
struct SettingsOptions: ParsableArguments {
  @Option(
    name: [.customLong("settings"), .customShort("c")],
    help: "設定ファイル（YAML） / settings file; default: $MIZUMORI_SETTINGS, /etc/mizumori/mizumori.yaml")
  var settings: String?

  @Option(name: .customLong("set"), help: "設定を一つ変える（例 broker.host=10.0.0.5）。何度でも / override one key; repeatable")
  var overrides: [String] = []

  /// Reads and checks everything; problems end the program with 78, a missing file with 66.
  ///
  /// Called by root, the program goes on as the owner of the data directory: what root writes there the service could not read.
  /// - Parameter keepsReach: whether it may still read and write what only root may. Without, it sees what the service sees.
  func load(keepsReach: Bool = true) throws -> MizumoriSettings {
    let settings = try read()
    guard let owner = DirectoryOwner(of: settings.data.directory) else { return settings }
    do throws(StoreError) {
      guard try owner.assume(keepsReach: keepsReach) else { return settings }
    } catch {
      throw Failure(.ioError, "sudo -u \(owner.name) mizumori …: \(error)")
    }
    return try read()
  }

  private func read() throws -> MizumoriSettings {
    var values: [String: String] = [:]
    for text in overrides {
      guard let equals = text.firstIndex(of: "=") else { throw ValidationError("--set \(text): key=value の形で / expected key=value") }
      values[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    do {
      return try MizumoriSettings.load(path: path, overrides: values)
    } catch {
      throw Failure(error.isFileMissing ? .noInput : .configuration, error.description)
    }
  }

  /// The file asked for, or the first of the usual ones that exists.
  var path: String? {
    if let settings { return settings }
    if let named = ProcessInfo.processInfo.environment["MIZUMORI_SETTINGS"] { return named }
    let usual = "/etc/mizumori/mizumori.yaml"
    return FileManager.default.fileExists(atPath: usual) ? usual : nil
  }
}
