/// The unit that a header states.
public enum ExportUnit: Hashable, Sendable {
  /// The header says nothing.
  case none
  /// As `Readings.Unit` spells it: `m3/h`, `L/min`, `kPa` …
  case known(String)
  /// Something that looks like a unit and is none that we know.
  case unknown(String)

  /// Reads a unit as people write it: `m3/h`, `㎥/時`, `m^3/日`, `立米/h`, `ℓ/分`, `L/sec`, `CMH`, `kPa` …
  public init(name: String) {
    let text = PlainText.normalise(name)
    self = ExportUnit.canonical(text).map { .known($0) } ?? .unknown(text)
  }

  /// Looks for a unit in a header cell: in brackets, as its last word, or as the whole of it.
  init(header: String) {
    var unknown: String?
    for candidate in ExportUnit.bracketed(header) {
      if let name = ExportUnit.canonical(candidate) {
        self = .known(name)
        return
      }
      if candidate.contains("/") || candidate.contains("%") { unknown = candidate }
    }
    if let unknown {
      self = .unknown(unknown)
      return
    }
    let last = header.split(whereSeparator: { $0 == " " || $0 == "_" || $0 == ":" }).last.map(String.init) ?? ""
    // A bare "m" or "L" at the end of a name says too little.
    if let name = ExportUnit.canonical(last), last.count > 1 { self = .known(name) } else { self = .none }
  }

  private static func bracketed(_ s: String) -> [String] {
    var out: [String] = []
    var open: String.Index?
    for i in s.indices {
      switch s[i] {
      case "(", "[", "〔", "【": open = s.index(after: i)
      case ")", "]", "〕", "】":
        if let from = open { out.append(String(s[from..<i])) }
        open = nil
      default: break
      }
    }
    return out
  }

  private static let volumes: [(String, String)] = [
    ("m^3", "m3"), ("m3", "m3"), ("立方メートル", "m3"), ("立米", "m3"), ("kl", "m3"), ("リットル", "L"), ("l", "L"),
  ]
  private static let times: [(String, String)] = [
    ("時間", "h"), ("時", "h"), ("hour", "h"), ("hr", "h"), ("h", "h"), ("分", "min"), ("min", "min"), ("秒", "s"), ("sec", "s"), ("s", "s"),
    ("日", "d"), ("day", "d"), ("d", "d"),
  ]
  private static let others: [String: String] = [
    "cmh": "m3/h", "m3h": "m3/h", "mqh": "m3/h", "lpm": "L/min", "lps": "L/s", "kpa": "kPa", "mpa": "MPa", "hpa": "hPa", "pa": "Pa",
    "bar": "bar", "m": "m", "cm": "cm", "mm": "mm", "c": "C", "°c": "C", "度": "C",
  ]

  /// The spelling of `Readings.Unit`, or nil.
  private static func canonical(_ text: String) -> String? {
    let s = text.lowercased().filter { $0 != " " }
    if let other = others[s] { return other }
    guard let volume = volumes.first(where: { s.hasPrefix($0.0) }) else { return nil }
    var rest = s.dropFirst(volume.0.count)
    if rest.isEmpty { return volume.1 }
    guard rest.first == "/" else { return nil }
    rest = rest.dropFirst()
    guard let time = times.first(where: { rest == $0.0 }) else { return nil }
    let name = "\(volume.1)/\(time.1)"
    return name == "L/d" ? nil : name
  }
}
