/// Numbers as people read them, without a locale.
enum Numbers {
  static let none = "–"

  /// Fixed decimals (0…3) without grouping: `1234.50`, for programs.
  static func plain(_ v: Double, _ decimals: Int) -> String {
    guard v.isFinite, abs(v) < 1e15 else { return "" }
    let scale = [1.0, 10, 100, 1000][decimals]
    let n = (abs(v) * scale).rounded()
    let (whole, rest) = (Int64(n) / Int64(scale), Int64(n) % Int64(scale))
    let sign = v < 0 && n != 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let fraction = String(rest)
    return "\(sign)\(whole)." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// `12,345.6`; `–` for nil.
  static func grouped(_ v: Double?, _ decimals: Int) -> String {
    guard let v, v.isFinite, abs(v) < 1e15 else { return none }
    let text = plain(v, decimals)
    let digits = text.drop { $0 == "-" }.prefix { $0 != "." }
    var out = ""
    for (i, c) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { out.append(",") }
      out.append(c)
    }
    return (text.hasPrefix("-") ? "-" : "") + out + text.drop { $0 != "." }
  }

  static func grouped(_ n: Int) -> String { grouped(Double(n), 0) }

  /// m³: whole from 100 on, else with one decimal.
  static func volume(_ v: Double?) -> String { grouped(v, v == 0 || abs(v ?? 0) >= 100 ? 0 : 1) }
  /// m³/h: one decimal from 100 on, else two.
  static func flow(_ v: Double?) -> String { grouped(v, abs(v ?? 0) >= 100 ? 1 : 2) }
  /// 0.9876 → `98.8`
  static func percent(_ v: Double?) -> String { grouped(v.map { $0 * 100 }, 1) }
  /// `+4.2`, `−1.0`: by how many per cent `a` is above `b`; nil where there is nothing to compare.
  static func change(_ a: Double?, _ b: Double?) -> String? {
    guard let a, let b, b > 0, a.isFinite, b.isFinite else { return nil }
    let v = (a - b) / b * 100
    let text = grouped(abs(v), 1)
    return text == "0.0" ? "±0.0" : (v < 0 ? "−" : "+") + text
  }

  /// `+1`, `−0.7`: how much `a` is above `b`.
  static func difference(_ a: Double?, _ b: Double?, _ decimals: Int) -> String {
    guard let a, let b, a.isFinite, b.isFinite else { return none }
    let text = grouped(abs(a - b), decimals)
    return text.allSatisfy { "0.,".contains($0) } ? "±0" : (a < b ? "−" : "+") + text
  }

  /// Without needless decimals: `170`, `182.5`.
  static func short(_ v: Double) -> String { v == v.rounded() ? plain(v, 0) : plain(v, 1) }
}
