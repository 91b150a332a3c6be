import FoundationEssentials
import Settings
import Testing

/// Reads settings text as the file `s.yaml` in `/etc/mizumori`.
func read(
  _ yaml: String, directory: String = "/etc/mizumori", environment: [String: String] = [:], overrides: [String: String] = [:]
) throws(SettingsError) -> MizumoriSettings {
  try MizumoriSettings.parse(yaml, name: "s.yaml", directory: directory, environment: environment, overrides: overrides)
}

/// What is wrong with it; empty when nothing is.
func problems(
  _ yaml: String, directory: String = "/etc/mizumori", environment: [String: String] = [:], overrides: [String: String] = [:]
) -> [SettingsProblem] {
  do throws(SettingsError) {
    _ = try read(yaml, directory: directory, environment: environment, overrides: overrides)
    return []
  } catch {
    return error.problems
  }
}

/// A directory of its own for the files of one test.
final class ScratchDirectory {
  let path: String

  init() throws {
    path = NSTemporaryDirectoryPath() + "/mizumori-settings-\(UInt64.random(in: 0...UInt64.max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    let file = "\(path)/\(name)"
    try Data(text.utf8).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    return file
  }
}

private func NSTemporaryDirectoryPath() -> String { ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp" }
