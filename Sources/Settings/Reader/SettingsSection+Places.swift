import Readings

/// Lists of places and of words, with what is said of a wrong one.
extension SettingsSection {
  /// A list of words of which all must be known; nil when the key is not set. Unknown ones are said and left out.
  /// - Parameters: `japanese`, `english`: what such a word is called.
  mutating func words(_ key: String, among known: [String], japanese: String, english: String) -> Set<String>? {
    guard let written = strings(key) else { return nil }
    var words: Set<String> = []
    for (text, place) in written {
      if known.contains(text) {
        words.insert(text)
        continue
      }
      let near = nearest(to: text, among: known).map { "。「\($0)」ではありませんか" } ?? ""
      log.add(
        place, fullKey(key), "「\(text)」という\(japanese)はありません\(near)。使えるもの: \(known.joined(separator: ", "))",
        "unknown \(english) \"\(text)\"; known are \(known.joined(separator: ", "))")
    }
    return words
  }

  /// The list `zones`: municipalities (one level) or zones of them (two).
  /// - Parameters: `japanese`, `english`: what is to be written.
  mutating func zones(levels: ClosedRange<Int>, japanese: String, english: String) -> [String] {
    (strings("zones") ?? []).map { text, place in
      let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      if !levels.contains(parts.count) || !parts.allSatisfy(SensorID.isSegment) {
        log.add(
          place, fullKey("zones"), "\(japanese)。例: ina/nishi（いまの値: 「\(text)」）",
          "expected \(english), for example ina/nishi, found \"\(text)\"")
      }
      return text
    }
  }

  /// A list of flow meters and totalizers; others are said and left out.
  mutating func flowMeters(_ key: String, where isPossible: (SensorID) -> Bool = { _ in true }) -> [SensorID] {
    (strings(key) ?? []).compactMap { text, place in
      if let id = SensorID(text), id.quantity == .flow || id.quantity == .total, isPossible(id) { return id }
      log.add(
        place, fullKey(key), "流量計を「市町村/区域/センサー/flow」（または /total）の形で書いてください（いまの値: 「\(text)」）",
        "expected a flow meter as municipality/zone/sensor/flow (or /total), found \"\(text)\"")
      return nil
    }
  }
}
