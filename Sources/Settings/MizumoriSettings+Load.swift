import FoundationEssentials
import Yams

extension MizumoriSettings {
  /// Variables with the prefix of the settings that are none.
  public static let reservedVariables: Set<String> = ["MIZUMORI_SETTINGS"]

  /// Reads the settings file; command line before environment before file.
  /// - Parameters:
  ///   - path: the file; nil = defaults, environment and command line only.
  ///   - environment: keys as `MIZUMORI_SECTION_KEY`; lists and mappings in YAML (`[a, b]`).
  ///   - overrides: `section.key` → value.
  /// - Throws: everything that is wrong, at once.
  public static func load(
    path: String?, environment: [String: String] = ProcessInfo.processInfo.environment, overrides: [String: String] = [:]
  ) throws(SettingsError) -> MizumoriSettings {
    guard let path else {
      let here = FileManager.default.currentDirectoryPath
      return try parse("", name: "(no file)", directory: here, environment: environment, overrides: overrides)
    }
    let (text, directory) = try readText(path)
    return try parse(text, name: path, directory: directory, environment: environment, overrides: overrides)
  }

  /// The text of a settings file, and the absolute path of its folder.
  static func readText(_ path: String) throws(SettingsError) -> (text: String, directory: String) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw SettingsError(
        problems: [
          SettingsProblem(
            place: .file(path, line: 0), key: "", japanese: "設定ファイルを開けません。場所と読み取り権限を確かめてください",
            english: "cannot open the settings file: check that it exists and that this user may read it")
        ], isFileMissing: true)
    }
    guard let text = String(bytes: data, encoding: .utf8) else {
      throw SettingsError(
        problems: [
          SettingsProblem(
            place: .file(path, line: 0), key: "", japanese: "UTF-8 の文章ではありません。UTF-8 で保存し直してください",
            english: "not UTF-8 text: save the file as UTF-8")
        ], isFileMissing: false)
    }
    let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    let here = FileManager.default.currentDirectoryPath
    return (text, path.hasPrefix("/") ? (directory.isEmpty ? "/" : directory) : directory.isEmpty ? here : "\(here)/\(directory)")
  }

  /// As `load`, for text that is already there.
  /// - Parameters:
  ///   - name: what messages call the file.
  ///   - directory: absolute; where relative paths start.
  public static func parse(
    _ yaml: String, name: String, directory: String, environment: [String: String] = [:], overrides: [String: String] = [:]
  ) throws(SettingsError) -> MizumoriSettings {
    let log = ProblemLog()
    let over = Overrides(environment: environment, commandLine: overrides)
    let root = try compose(yaml, name: name)
    var top = SettingsSection(path: "", node: root, place: .file(name, line: root?.mark?.line ?? 0), log: log, overrides: over)
    let files = SettingsFiles(base: directory, credentials: environment["CREDENTIALS_DIRECTORY"])
    let settings = MizumoriSettings(reading: &top, files: files, stateDirectory: environment["STATE_DIRECTORY"])
    top.finish()
    over.reportUnknown(to: log, ignored: reservedVariables)
    if !log.problems.isEmpty { throw SettingsError(problems: log.sorted, isFileMissing: false) }
    return settings
  }

  /// Every key that the environment and the command line can set, in the order of the file.
  public static var knownKeys: [String] {
    let over = Overrides(environment: [:], commandLine: [:])
    var top = SettingsSection(path: "", node: nil, place: .file("", line: 0), log: ProblemLog(), overrides: over)
    _ = MizumoriSettings(reading: &top, files: SettingsFiles(base: "/", credentials: nil), stateDirectory: nil)
    return over.keys
  }

  static func compose(_ yaml: String, name: String) throws(SettingsError) -> Node? {
    do {
      return try Yams.compose(yaml: yaml)
    } catch {
      var line = 0
      var what = "\(error)"
      switch error as? YamlError {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
        (line, what) = (mark.line, problem)
      case .duplicatedKeysInMapping(let keys, let context):
        (line, what) = (context.mark.line, "\(keys.sorted().joined(separator: ", ")) stands twice in one mapping")
      case .reader(let problem, let offset, _, _):
        line = offset.map { yaml.utf8.prefix($0).count { $0 == 10 } + 1 } ?? 0
        what = problem
      default: break
      }
      let problem = SettingsProblem(
        place: .file(name, line: line), key: "", japanese: "YAML として読めません。字下げ・引用符・同じキーの重なりを確かめてください（\(what)）",
        english: "not valid YAML: \(what); check indentation, quotes and repeated keys")
      throw SettingsError(problems: [problem], isFileMissing: false)
    }
  }
}
