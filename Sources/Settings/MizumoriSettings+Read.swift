import Codecs
import Readings

extension MizumoriSettings {
  /// Reads all sections in the order of the file; problems go to the section's log.
  init(reading top: inout SettingsSection, files: SettingsFiles, stateDirectory: String?) {
    utility = Utility(reading: top.section("utility"))
    broker = Broker(reading: top.section("broker"), files: files)
    topics = MizumoriSettings.topics(reading: &top, municipality: utility.municipality)
    limits = Limits(reading: top.section("limits"))
    detection = Detection(reading: top.section("detection"))
    sensors = MizumoriSettings.sensors(reading: &top)
    zones = MizumoriSettings.zones(reading: &top)
    data = Storage(reading: top.section("data"), files: files, stateDirectory: stateDirectory)
    alerts = Alerts(reading: top.section("alerts"), files: files, language: utility.language, data: data.directory, topics: topics)
    web = Web(reading: top.section("web"))
    works = MizumoriSettings.works(reading: &top)
    reports = Reports(reading: top.section("reports"))
    specialDays = MizumoriSettings.specialDays(reading: &top)
  }
}

extension MizumoriSettings.Utility {
  init(reading section: consuming SettingsSection) {
    var s = section
    name = s.string("name") ?? name
    municipality = s.segment("municipality")
    offset = s.offset("utc_offset") ?? offset
    language = s.choice("language", MizumoriSettings.Language.self) ?? language
    priceYenPerM3 = s.number("price_yen_per_m3", 0...100_000) ?? priceYenPerM3
    towns = s.namesBySegment("towns")
    s.finish()
  }
}

extension MizumoriSettings.Limits {
  init(reading section: consuming SettingsSection) {
    var s = section
    maximumSensors = s.integer("max_sensors", 1...1_000_000) ?? maximumSensors
    maximumPayload = s.integer("max_payload_bytes", 64...16_777_216) ?? maximumPayload
    futureSeconds = s.integer("future_s", 0...86_400) ?? futureSeconds
    s.finish()
  }
}

extension MizumoriSettings.Detection {
  init(reading section: consuming SettingsSection) {
    var s = section
    minimumLeak = s.number("minimum_leak_m3h", 0...100_000) ?? minimumLeak
    nightStart = s.timeOfDay("night_start") ?? nightStart
    let end = s.value("night_end")
    nightEnd = s.timeOfDay("night_end") ?? nightEnd
    if nightEnd <= nightStart {
      s.log.add(
        end?.place ?? s.place, s.fullKey("night_end"), "night_start より後の時刻にしてください（日をまたぐ夜間帯は使えません）",
        "must be later than night_start (a window across midnight is not possible)")
    }
    learningDays = s.integer("learning_days", 7...28) ?? learningDays
    intervalSeconds = s.integer("interval_s", 0...86_400) ?? intervalSeconds
    gapMinutes = s.integer("gap_minutes", 1...10_080)
    s.finish()
  }
}

extension MizumoriSettings.Storage {
  init(reading section: consuming SettingsSection, files: SettingsFiles, stateDirectory: String?) {
    var s = section
    directory = s.path("directory", files) ?? stateDirectory ?? directory
    checkpointSeconds = s.integer("checkpoint_s", 1...86_400) ?? checkpointSeconds
    commitReadings = s.integer("commit_readings", 1...10_000) ?? commitReadings
    commitSeconds = s.number("commit_s", 0.05...5) ?? commitSeconds
    commitPaceSeconds = s.number("commit_pace_s", 0...20) ?? commitPaceSeconds
    s.finish()
  }
}

extension MizumoriSettings.Web {
  init(reading section: consuming SettingsSection) {
    var s = section
    isEnabled = s.bool("enabled") ?? isEnabled
    let written = s.value("address")
    address = s.string("address") ?? address
    needsLogin = s.bool("login") ?? needsLogin
    if let written, !needsLogin, !MizumoriSettings.Web.isLoopback(address) {
      written.wrong(
        s.log, "login: false のときは、この機械の中からだけ見られます。127.0.0.1 か ::1 にするか、login: true にしてください",
        "without a log-in (login: false) the page listens on this machine only: use 127.0.0.1 or ::1, or login: true")
    }
    port = s.integer("port", 0...65_535) ?? port
    allowedHosts = MizumoriSettings.Web.hostNames(&s)
    if let url = s.value("public_url") {
      let text = url.scalar ?? ""
      if SettingsSection.isURL(text), !text.contains(where: { "?|<>\"".contains($0) }) {
        publicURL = text.hasSuffix("/") ? String(text.dropLast()) : text
      } else {
        url.wrong(
          s.log, "https://mizumori.example.jp のように、? のない住所を書いてください", "expected an address like https://mizumori.example.jp, without ?")
      }
    }
    s.finish()
  }

  /// The list `allowed_hosts`.
  static func hostNames(_ s: inout SettingsSection) -> [String] {
    (s.strings("allowed_hosts") ?? []).compactMap { host in
      if isHostName(host.text) { return host.text }
      s.log.add(host.place, s.fullKey("allowed_hosts"), "ホスト名だけを書いてください（ポートや / は不要です）", "expected a host name, without port or /")
      return nil
    }
  }

  /// Labels of letters, digits and hyphens.
  private static func isHostName(_ text: String) -> Bool {
    text.utf8.count <= 253
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
        (1...63).contains(label.utf8.count)
          && label.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0 | 32) || $0 == 45 }
      }
  }

  /// 127.0.0.0/8, `::1` or `localhost`.
  static func isLoopback(_ address: String) -> Bool {
    if address == "::1" || address == "localhost" { return true }
    let parts = address.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
