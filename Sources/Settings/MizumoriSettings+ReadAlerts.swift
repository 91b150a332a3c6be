extension MizumoriSettings.Alerts {
  init(reading section: consuming SettingsSection, files: SettingsFiles, language: MizumoriSettings.Language, data: String) {
    var s = section
    self.language = s.choice("language", MizumoriSettings.Language.self) ?? language
    logFile = s.path("log_file", files) ?? "\(data)/events.jsonl"
    for item in s.list("webhooks") ?? [] {
      guard let hook = MizumoriSettings.Webhook(reading: item, files: files) else { continue }
      if webhooks.contains(where: { $0.name == hook.name }) {
        s.log.add(
          item.place, item.fullKey("name"), "「\(hook.name)」が 2 回あります。別の名前にしてください",
          "\"\(hook.name)\" stands twice: each webhook needs a name of its own")
      }
      webhooks.append(hook)
    }
    s.finish()
  }
}

extension MizumoriSettings.Webhook {
  init?(reading section: consuming SettingsSection, files: SettingsFiles) {
    var s = section
    defer { s.finish() }
    let name = s.segment("name")
    let url = s.value("url")
    let secret = s.secret("secret_file", files)
    allowsPrivate = s.bool("allow_private") ?? false
    allowedAddresses = MizumoriSettings.Webhook.addresses(&s)
    types = MizumoriSettings.Webhook.types(&s)
    timeoutSeconds = s.integer("timeout_s", 1...30) ?? timeoutSeconds
    for key in ["name", "url", "secret_file"] where s.value(key) == nil {
      s.log.add(s.place, s.fullKey(key), "\(key) を書いてください", "\(key) is missing")
    }
    if let url, !MizumoriSettings.Webhook.isURL(url.scalar ?? "") {
      url.wrong(
        s.log, "https://… か http://… の形で、利用者名や空白を入れずに書いてください",
        "expected https://… or http://… without a user name or blanks")
      return nil
    }
    guard let name, let url = url?.scalar, let secret else { return nil }
    self.name = name
    self.url = url
    self.secret = secret
  }

  /// Scheme and host; no blanks, control characters, user name or fragment.
  static func isURL(_ text: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: { text.lowercased().hasPrefix($0) }), text.utf8.count <= 2048,
      text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f && $0 != "\\" && $0 != "#" })
    else { return false }
    let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
    return !authority.isEmpty && authority.first != ":" && !authority.contains("@")
  }

  private static func addresses(_ s: inout SettingsSection) -> [String] {
    var addresses: [String] = []
    for (text, place) in s.strings("allow_addresses") ?? [] {
      if isAddress(text) {
        addresses.append(text)
      } else {
        s.log.add(
          place, s.fullKey("allow_addresses"), "192.168.1.20 か 192.168.1.0/24 のように IP アドレスを書いてください（いまの値: 「\(text)」）",
          "expected an IP address or network like 192.168.1.20 or 192.168.1.0/24, found \"\(text)\"")
      }
    }
    return addresses
  }

  /// An IPv4 or IPv6 address, with or without the length of a network prefix.
  static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let isV6 = parts[0].contains(":")
    if parts.count == 2 {
      guard parts[1].allSatisfy(\.isASCIIDigit), let bits = Int(parts[1]), bits <= (isV6 ? 128 : 32) else { return false }
    }
    if isV6 {
      let groups = parts[0].split(separator: ":", omittingEmptySubsequences: false)
      return (3...9).contains(groups.count) && groups.allSatisfy { $0.count <= 4 && $0.allSatisfy(\.isHexDigit) }
    }
    let bytes = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    return bytes.count == 4 && bytes.allSatisfy { $0.allSatisfy(\.isASCIIDigit) && UInt8($0) != nil }
  }

  private static func types(_ s: inout SettingsSection) -> Set<String> {
    guard let written = s.strings("types") else { return Set(allTypes) }
    var types: Set<String> = []
    for (text, place) in written {
      if allTypes.contains(text) {
        types.insert(text)
        continue
      }
      let near = nearest(to: text, among: allTypes).map { "。「\($0)」ではありませんか" } ?? ""
      s.log.add(
        place, s.fullKey("types"), "「\(text)」という種類はありません\(near)。使えるもの: \(allTypes.joined(separator: ", "))",
        "unknown type \"\(text)\"; known are \(allTypes.joined(separator: ", "))")
    }
    return types
  }
}
