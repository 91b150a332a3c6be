import Codecs
import Readings
import Yams

extension SettingsSection {
  /// Text of 1 to 1024 bytes without control characters.
  mutating func string(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    guard let s = value.scalar, SettingsSection.isLine(s) else {
      value.wrong(log, "1 行の文字を書いてください", "expected one line of text")
      return nil
    }
    return s
  }

  private static func isLine(_ s: String) -> Bool {
    !s.isEmpty && s.utf8.count <= 1024 && !s.unicodeScalars.contains { $0.value < 0x20 }
  }

  /// A segment of topics.
  mutating func segment(_ key: String) -> String? {
    guard let value = value(key) else { return nil }
    guard let s = value.scalar, SensorID.isSegment(s) else {
      value.wrong(log, "英数字と _ と - だけを 64 字まで使えます", "expected at most 64 of A–Z a–z 0–9 _ -")
      return nil
    }
    return s
  }

  /// A mapping from segments of topics to names, each one line of text.
  mutating func namesBySegment(_ key: String) -> [String: String] {
    guard let value = value(key), let node = value.structure(log) else { return [:] }
    guard case .mapping(let m) = node else {
      value.wrong(log, "「ina: 伊那市」の形で書いてください", "expected entries like \"ina: 伊那市\"")
      return [:]
    }
    var out: [String: String] = [:]
    for (name, text) in m {
      let segment = name.scalar?.string ?? ""
      let entry = SettingsValue(form: .node(text), place: value.place(of: name), key: "\(value.key).\(segment)")
      guard SensorID.isSegment(segment), let text = entry.scalar, SettingsSection.isLine(text) else {
        entry.wrong(log, "「ina: 伊那市」の形で書いてください", "expected an entry like \"ina: 伊那市\"")
        continue
      }
      out[segment] = text
    }
    return out
  }

  mutating func integer(_ key: String, _ range: ClosedRange<Int>) -> Int? {
    guard let value = value(key) else { return nil }
    guard let n = value.scalar.flatMap({ Int($0) }), range.contains(n) else {
      value.wrong(
        log, "\(range.lowerBound) から \(range.upperBound) までの整数を書いてください",
        "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return n
  }

  mutating func number(_ key: String, _ range: ClosedRange<Double>) -> Double? {
    guard let value = value(key) else { return nil }
    guard let n = value.scalar.flatMap({ Double($0) }), range.contains(n) else {
      value.wrong(
        log, "\(range.lowerBound) から \(range.upperBound) までの数を書いてください",
        "expected a number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return n
  }

  mutating func bool(_ key: String) -> Bool? {
    guard let value = value(key) else { return nil }
    switch value.scalar?.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default:
      value.wrong(log, "true か false を書いてください", "expected true or false")
      return nil
    }
  }

  /// One of the cases of an enumeration.
  mutating func choice<T: RawRepresentable & CaseIterable>(_ key: String, _: T.Type) -> T? where T.RawValue == String {
    guard let value = value(key) else { return nil }
    if let s = value.scalar, let c = T(rawValue: s) { return c }
    let all = T.allCases.map(\.rawValue).joined(separator: ", ")
    value.wrong(log, "次のどれかを書いてください: \(all)", "expected one of \(all)")
    return nil
  }

  /// `01:00`, as minutes after midnight.
  mutating func timeOfDay(_ key: String) -> Int? {
    guard let value = value(key) else { return nil }
    guard let m = value.scalar.flatMap({ clockMinutes($0) }) else {
      value.wrong(log, "\"01:00\" のように時:分を書いてください", "expected hours and minutes like \"01:00\"")
      return nil
    }
    return m
  }

  /// `+09:00`, `-03:30` or `Z`, as seconds east of UTC.
  mutating func offset(_ key: String) -> Int? {
    guard let value = value(key) else { return nil }
    let s = value.scalar ?? ""
    if s == "Z" { return 0 }
    guard let sign = s.first, sign == "+" || sign == "-", let m = clockMinutes(s.dropFirst()), m <= 14 * 60 else {
      value.wrong(log, "\"+09:00\" のように書いてください", "expected an offset like \"+09:00\"")
      return nil
    }
    return m * (sign == "-" ? -60 : 60)
  }

  /// A list of texts. From the environment and the command line also `a,b`.
  mutating func strings(_ key: String) -> [(text: String, place: SettingsPlace)]? {
    guard let value = value(key) else { return nil }
    if case .text(let t) = value.form, !t.hasPrefix("[") {
      return t.split(separator: ",").map { (String($0.trimmingPrefix(while: { $0 == " " })), value.place) }
    }
    guard let node = value.structure(log) else { return nil }
    guard case .sequence(let items) = node, items.allSatisfy({ $0.scalar != nil }) else {
      value.wrong(log, "[a, b] のようにリストで書いてください", "expected a list like [a, b]")
      return nil
    }
    return items.map { ($0.scalar?.string ?? "", value.place(of: $0)) }
  }

  /// `[low, high]`.
  mutating func range(_ key: String) -> ClosedRange<Double>? {
    guard let value = value(key) else { return nil }
    guard case .sequence(let items)? = value.structure(log), items.count == 2,
      let low = items[0].scalar.flatMap({ Double($0.string) }), let high = items[1].scalar.flatMap({ Double($0.string) }),
      low.isFinite, high.isFinite, low < high
    else {
      value.wrong(log, "[下限, 上限] のように 2 つの数を書いてください", "expected two numbers, [low, high]")
      return nil
    }
    return low...high
  }
}

/// Minutes of `HH:MM`, 00:00…23:59.
func clockMinutes(_ text: some StringProtocol) -> Int? {
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  guard parts.count == 2, parts.allSatisfy({ $0.count <= 2 && !$0.isEmpty && $0.allSatisfy(\.isASCIIDigit) }),
    let h = Int(parts[0]), let m = Int(parts[1]), h <= 23, m <= 59
  else { return nil }
  return h * 60 + m
}

extension Character {
  var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
