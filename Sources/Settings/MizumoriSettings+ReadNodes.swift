extension MizumoriSettings.Broker {
  /// Nodes at most: each is tried before there is a pause.
  private static let mostNodes = 16

  /// `other_hosts`: `host`, `host:port` or `[IPv6]:port` each.
  static func nodes(_ s: inout SettingsSection, port: Int) -> [Node] {
    let written = s.strings("other_hosts") ?? []
    if written.count > mostNodes, let last = written.last {
      s.log.add(last.place, s.fullKey("other_hosts"), "\(mostNodes) 台までです", "at most \(mostNodes) nodes")
    }
    return written.compactMap { text, place in
      if let node = node(text, port: port) { return node }
      s.log.add(
        place, s.fullKey("other_hosts"), "「ホスト」か「ホスト:ポート」を書いてください。例: 10.0.0.2:1883（いまの値: 「\(text)」）",
        "expected host or host:port, for example 10.0.0.2:1883, found \"\(text)\"")
      return nil
    }
  }

  private static func node(_ text: String, port: Int) -> Node? {
    guard text.utf8.count <= 300, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }) else { return nil }
    let colons = text.count { $0 == ":" }
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let host = String(text[text.index(after: text.startIndex)..<end])
      return node(host, rest: text[text.index(after: end)...], port: port)
    }
    // Two colons and more: a bare IPv6 address.
    guard colons == 1, let colon = text.firstIndex(of: ":") else { return node(text, rest: "", port: port) }
    return node(String(text[..<colon]), rest: text[colon...], port: port)
  }

  /// - Parameter rest: empty, or `:` and a port.
  private static func node(_ host: String, rest: Substring, port: Int) -> Node? {
    guard !host.isEmpty, !host.contains(where: { "[]".contains($0) }) else { return nil }
    if rest.isEmpty { return Node(host: host, port: port) }
    let digits = rest.dropFirst()
    guard rest.first == ":", digits.allSatisfy(\.isASCIIDigit), let own = Int(digits), (1...65_535).contains(own) else { return nil }
    return Node(host: host, port: own)
  }
}
