import Glibc

/// Values that only receivers of alerts have.
extension SettingsSection {
  /// Says that the key is missing unless it is there.
  mutating func require(_ key: String) {
    if value(key) == nil { log.add(place, fullKey(key), "\(key) を書いてください", "\(key) is missing") }
  }

  /// The URL in the file `url_file`. It holds a key, so no message repeats it.
  mutating func secretURL(_ files: SettingsFiles) -> Secret? {
    let url = secretLine("url_file", files)
    require("url_file")
    guard let url else { return nil }
    if isSafeURL(url.text) { return url }
    value("url_file")?.say(
      log, "ファイルに https://… の URL を 1 行で書いてください（http://… は allow_addresses か allow_private と一緒にだけ使えます）",
      "the file must hold one URL, https://… (http://… only together with allow_addresses or allow_private)")
    return nil
  }

  /// A secret of one line of visible ASCII: it becomes a part of a request.
  mutating func secretLine(_ key: String, _ files: SettingsFiles) -> Secret? {
    guard let value = value(key), let secret = files.secret(value, log) else { return nil }
    guard secret.lines.count == 1, secret.text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      value.say(
        log, "ファイル \(secret.path) には空白のない 1 行だけを書いてください", "\(secret.path) must hold one line without blanks")
      return nil
    }
    return secret
  }

  /// A URL over which a key may go: encrypted, or to an address that was allowed by hand.
  mutating func isSafeURL(_ text: String) -> Bool {
    guard SettingsSection.isURL(text) else { return false }
    return text.lowercased().hasPrefix("https://") || bool("allow_private") == true || strings("allow_addresses")?.isEmpty == false
  }

  /// Scheme and host; no blanks, control characters, user name or fragment.
  static func isURL(_ text: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: { text.lowercased().hasPrefix($0) }), text.utf8.count <= 2048,
      text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f && $0 != "\\" && $0 != "#" })
    else { return false }
    let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
    return !authority.isEmpty && authority.first != ":" && !authority.contains("@")
  }

  mutating func addresses(_ key: String) -> [String] {
    var addresses: [String] = []
    for (text, place) in strings(key) ?? [] {
      if SettingsSection.isAddress(text) {
        addresses.append(text)
      } else {
        log.add(
          place, fullKey(key), "192.168.1.20 か 192.168.1.0/24 のように IP アドレスを書いてください（いまの値: 「\(text)」）",
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

  /// The absolute path of a program that we may run and nobody but its owner may change.
  mutating func program(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    guard let path = value.scalar, path.hasPrefix("/"), path.utf8.count <= 1024, !path.utf8.contains(0) else {
      value.wrong(log, "/ で始まるプログラムの場所を書いてください", "expected the path of a program, from /")
      return nil
    }
    var info = stat()
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG, access(path, X_OK) == 0 else {
      value.wrong(
        log, "実行できるプログラムではありません。場所と実行権限を確かめてください",
        "not a program that this user may run: check the path and its permissions")
      return nil
    }
    guard info.st_mode & 0o022 == 0 else {
      value.wrong(
        log, "ほかの利用者が書き換えられます。chmod go-w \(path) を実行してください", "writable by group or others: run chmod go-w \(path)")
      return nil
    }
    return path
  }
}
