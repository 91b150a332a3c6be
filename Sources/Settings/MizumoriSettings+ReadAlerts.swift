import Codecs
import Readings

extension MizumoriSettings.Alerts {
  init(
    reading section: consuming SettingsSection, files: SettingsFiles, language: MizumoriSettings.Language, data: String,
    topics: [MizumoriSettings.Topic]
  ) {
    var s = section
    self.language = s.choice("language", MizumoriSettings.Language.self) ?? language
    logFile = s.path("log_file", files) ?? "\(data)/\(MizumoriSettings.Alerts.logName)"
    take("webhooks", from: &s) { MizumoriSettings.Webhook(reading: &$0, files: files).map { .webhook($0) } }
    take("teams", from: &s) { $0.secretURL(files).map { .teams(url: $0) } }
    take("slack", from: &s) { $0.secretURL(files).map { .slack(url: $0) } }
    take("line", from: &s) { MizumoriSettings.LINE(reading: &$0, files: files).map { .line($0) } }
    take("commands", from: &s) { MizumoriSettings.Command(reading: &$0).map { .command($0) } }
    take("mqtt", from: &s) { .mqtt(MizumoriSettings.MQTT(reading: &$0, topics: topics)) }
    s.finish()
  }

  /// Reads one list of receivers.
  /// - Parameter kind: reads what only this kind has; nil after saying what is wrong.
  private mutating func take(
    _ key: String, from s: inout SettingsSection, kind: (inout SettingsSection) -> MizumoriSettings.Sink.Kind?
  ) {
    for item in s.list(key) ?? [] {
      guard
        let sink = MizumoriSettings.Sink(
          reading: item, isHTTP: key != "commands" && key != "mqtt", isForPeople: key != "webhooks" && key != "mqtt", kind: kind)
      else {
        continue
      }
      if let twin = sinks.first(where: { $0.name == sink.name }) {
        s.log.add(
          item.place, item.fullKey("name"), "「\(sink.name)」が 2 回あります（\(twin.kind.key)）。知らせ先ごとに別の名前にしてください",
          "\"\(sink.name)\" stands twice (also in \(twin.kind.key)): each receiver needs a name of its own")
      }
      sinks.append(sink)
    }
  }
}

extension MizumoriSettings.Sink {
  /// What all kinds have in common, and `kind` for the rest.
  fileprivate init?(
    reading section: consuming SettingsSection, isHTTP: Bool, isForPeople: Bool, kind: (inout SettingsSection) -> Kind?
  ) {
    var s = section
    defer { s.finish() }
    let name = s.segment("name")
    s.require("name")
    if isHTTP {
      allowsPrivate = s.bool("allow_private") ?? false
      allowedAddresses = s.addresses("allow_addresses")
    }
    types = s.words("types", among: MizumoriSettings.Sink.allTypes, japanese: "種類", english: "type") ?? types
    routing = MizumoriSettings.Routing(reading: &s, isForPeople: isForPeople)
    timeoutSeconds = s.integer("timeout_s", 1...30) ?? timeoutSeconds
    guard let kind = kind(&s), let name else { return nil }
    self.name = name
    self.kind = kind
  }
}

extension MizumoriSettings.Webhook {
  fileprivate init?(reading s: inout SettingsSection, files: SettingsFiles) {
    let url = s.value("url")
    let secret = s.secret("secret_file", files)
    format = s.choice("format", Format.self) ?? format
    s.require("url")
    s.require("secret_file")
    if let url, !SettingsSection.isURL(url.scalar ?? "") {
      url.wrong(
        s.log, "https://… か http://… の形で、利用者名や空白を入れずに書いてください",
        "expected https://… or http://… without a user name or blanks")
      return nil
    }
    guard let url = url?.scalar, let secret else { return nil }
    self.url = url
    self.secret = secret
  }
}

extension MizumoriSettings.LINE {
  fileprivate init?(reading s: inout SettingsSection, files: SettingsFiles) {
    let to = s.value("to")
    let token = s.secretLine("token_file", files)
    let base = s.value("base_url")
    s.require("to")
    s.require("token_file")
    if let base, !s.isSafeURL(base.scalar ?? "") {
      base.wrong(
        s.log, "https://… の形で書いてください（http://… は allow_addresses か allow_private と一緒にだけ使えます）",
        "expected https://… (http://… only together with allow_addresses or allow_private)")
    }
    if let to, !MizumoriSettings.LINE.isID(to.scalar ?? "") {
      to.wrong(
        s.log, "U、C、R のどれかと 0–9 a–f の 32 字からなる ID を書いてください", "expected an id: U, C or R and 32 of 0–9 a–f")
      return nil
    }
    guard let to = to?.scalar, let token else { return nil }
    self.to = to
    self.token = token
    if let base = base?.scalar { baseURL = base.hasSuffix("/") ? String(base.dropLast()) : base }
  }

  private static func isID(_ text: String) -> Bool {
    let u = Array(text.utf8)
    return u.count == 33 && "UCR".utf8.contains(u[0]) && u[1...].allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

extension MizumoriSettings.Command {
  fileprivate init?(reading s: inout SettingsSection) {
    let program = s.program("program")
    for (text, place) in s.strings("arguments") ?? [] {
      if text.utf8.count > 1024 || text.utf8.contains(0) {
        s.log.add(place, s.fullKey("arguments"), "1 つ 1024 バイトまでにしてください", "each at most 1024 bytes")
      }
      arguments.append(text)
    }
    s.require("program")
    guard let program else { return nil }
    self.program = program
  }
}

extension MizumoriSettings.MQTT {
  fileprivate init(reading s: inout SettingsSection, topics: [MizumoriSettings.Topic]) {
    let written = s.value("topic_prefix")
    prefix = Self.topic("topic_prefix", &s) ?? prefix
    if let echo = topics.first(where: { isTaken(by: $0.pattern) }) {
      s.log.add(
        written?.place ?? s.place, s.fullKey("topic_prefix"),
        "\(prefix)/… に送ると topics: の「\(echo.pattern.text)」が計測値として受けてしまいます。topic_prefix を別にしてください",
        "what is sent to \(prefix)/… would come back as readings of the topics: \"\(echo.pattern.text)\": choose another topic_prefix")
    }
    discovery = Self.topic("discovery", &s)
  }

  /// Whether the service would take what is sent for readings of its own.
  private func isTaken(by pattern: TopicPattern) -> Bool {
    ["event", "leak"].contains { last in
      Array("\(prefix)/a/a/a/\(last)".utf8).withUnsafeBufferPointer { pattern.match($0) } != .other
    }
  }

  /// Levels of a topic, without wildcards.
  private static func topic(_ key: String, _ s: inout SettingsSection) -> String? {
    guard let value = s.value(key) else { return nil }
    let text = value.scalar ?? ""
    let levels = text.split(separator: "/", omittingEmptySubsequences: false)
    guard !text.isEmpty, text.utf8.count <= 200, levels.allSatisfy({ SensorID.isSegment(String($0)) }) else {
      value.wrong(
        s.log, "英数字と _ と - の階層を / で区切って書いてください（+ と # は使えません）",
        "expected levels of A–Z a–z 0–9 _ - with / between them, without + and #")
      return nil
    }
    return text
  }
}
