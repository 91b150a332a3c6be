import FoundationEssentials
import Yams

extension FleetSettings {
  /// Reads the file of `mizumori fleet`.
  /// - Parameter environment: only `CREDENTIALS_DIRECTORY` is looked at.
  /// - Throws: everything that is wrong, at once.
  public static func load(
    path: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(SettingsError) -> FleetSettings {
    let (text, directory) = try MizumoriSettings.readText(path)
    return try parse(text, name: path, directory: directory, environment: environment)
  }

  /// As `load`, for text that is already there.
  public static func parse(
    _ yaml: String, name: String, directory: String, environment: [String: String] = [:]
  ) throws(SettingsError) -> FleetSettings {
    let log = ProblemLog()
    let root = try MizumoriSettings.compose(yaml, name: name)
    var top = SettingsSection(path: "", node: root, place: .file(name, line: root?.mark?.line ?? 0), log: log)
    let settings = FleetSettings(reading: &top, files: SettingsFiles(base: directory, credentials: environment["CREDENTIALS_DIRECTORY"]))
    top.finish()
    if !log.problems.isEmpty { throw SettingsError(problems: log.sorted, isFileMissing: false) }
    return settings
  }

  private init(reading s: inout SettingsSection, files: SettingsFiles) {
    name = s.string("name") ?? name
    language = s.choice("language", MizumoriSettings.Language.self) ?? language
    let written = s.value("address")
    address = s.string("address") ?? address
    if let written, !MizumoriSettings.Web.isLoopback(address) {
      written.wrong(
        s.log, "この画面は名前をたずねないので、127.0.0.1 か ::1 だけです。ほかの機械からは TLS と認証のあるリバースプロキシを通してください",
        "nobody logs in here, so only 127.0.0.1 or ::1; from elsewhere through a reverse proxy with TLS and a log-in")
    }
    port = s.integer("port", 0...65_535) ?? port
    allowedHosts = MizumoriSettings.Web.hostNames(&s)
    intervalSeconds = s.integer("interval_s", 5...3600) ?? intervalSeconds
    timeoutSeconds = s.integer("timeout_s", 1...60) ?? timeoutSeconds
    maximumAnswer = s.integer("max_answer_bytes", 65_536...134_217_728) ?? maximumAnswer
    silentMinutes = s.integer("silent_minutes", 1...10_080) ?? silentMinutes
    var names: Set<String> = []
    for section in s.list("instances") ?? [] {
      guard instances.count < FleetSettings.mostInstances else {
        let most = FleetSettings.mostInstances
        section.log.add(section.place, section.path, "\(most) 個までです", "at most \(most) instances")
        break
      }
      if let instance = Instance(reading: section, files: files, names: &names) { instances.append(instance) }
    }
    if instances.isEmpty, s.log.problems.isEmpty {
      s.log.add(
        s.place, "instances", "instances に水守を一つ以上書いてください。例: - {name: ina, url: \"https://mizumori.example.jp\", token_file: ina.token}",
        "list at least one instance, for example - {name: ina, url: \"https://mizumori.example.jp\", token_file: ina.token}")
    }
  }
}

extension FleetSettings.Instance {
  /// Nil when name or URL is missing or wrong, which is said.
  fileprivate init?(reading section: consuming SettingsSection, files: SettingsFiles, names: inout Set<String>) {
    var s = section
    defer { s.finish() }
    s.require("name")
    s.require("url")
    let (name, url) = (s.string("name"), s.string("url"))
    token = s.value("token_file") == nil ? nil : s.secretLine("token_file", files)
    page = s.string("page").flatMap { FleetSettings.Instance.address($0, "page", &s) }
    caFile = s.existingFile("ca_file", files)
    allowedAddresses = s.addresses("allow_addresses")
    allowsPrivate = s.bool("allow_private") ?? false
    guard let name, let url, let own = FleetSettings.Instance.address(url, "url", &s) else { return nil }
    if !s.isSafeURL(own) {
      s.value("url")?.say(
        s.log, "http://… は allow_addresses か allow_private と一緒にだけ使えます", "http://… only together with allow_addresses or allow_private")
    }
    if !names.insert(name).inserted { s.value("name")?.say(s.log, "「\(name)」が 2 回出てきます", "\"\(name)\" stands there twice") }
    self.name = name
    self.url = own
  }

  /// Without the last `/`; nil after saying what is wrong.
  private static func address(_ text: String, _ key: String, _ s: inout SettingsSection) -> String? {
    guard SettingsSection.isURL(text), !text.contains("?") else {
      s.value(key)?.wrong(
        s.log, "https://mizumori.example.jp のように、? のない住所を書いてください", "expected an address like https://mizumori.example.jp, without ?")
      return nil
    }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }
}
