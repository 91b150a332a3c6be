extension Timestamp {
  /// Reads `YYYY-MM-DDTHH:MM[:SS[.fff…]](Z|±HH:MM|±HHMM|±HH)`, with `T`, `t` or a blank between date and time.
  ///
  /// Without an offset the text is local time at `defaultOffset` (seconds east of UTC) when one is given, else it is refused.
  /// Fractions below a millisecond are cut off; a leap second (`:60`) counts as the next second. Years 1…9999.
  /// - Complexity: O(length), no allocation.
  public init?(iso8601 b: UnsafeBufferPointer<UInt8>, defaultOffset: Int? = nil) {
    var i = 0
    func digits(_ n: Int) -> Int? {
      guard i + n <= b.count else { return nil }
      var v = 0
      for k in i..<(i + n) {
        let d = Int(b[k]) - 48
        guard d >= 0 && d <= 9 else { return nil }
        v = v * 10 + d
      }
      i += n
      return v
    }
    func take(_ c: UInt8) -> Bool {
      guard i < b.count, b[i] == c else { return false }
      i += 1
      return true
    }
    guard let y = digits(4), y >= 1, take(45), let mo = digits(2), take(45), let d = digits(2) else { return nil }
    let date = CivilDate(year: y, month: mo, day: d)
    guard date.isValid, i < b.count, b[i] == 84 || b[i] == 116 || b[i] == 32 else { return nil }
    i += 1
    guard let h = digits(2), h <= 24, take(58), let mi = digits(2), mi <= 59 else { return nil }
    var s = 0
    var ms = 0
    if take(58) {
      guard let sec = digits(2), sec <= 60 else { return nil }
      s = sec
      if take(46) || take(44) {
        var scale = 100
        let from = i
        while i < b.count, b[i] >= 48, b[i] <= 57 {
          ms += Int(b[i] - 48) * scale
          scale /= 10
          i += 1
        }
        if i == from { return nil }
      }
    }
    if h == 24 && (mi != 0 || s != 0 || ms != 0) { return nil }
    var offset = defaultOffset
    if i < b.count {
      if take(90) || take(122) {
        offset = 0
      } else {
        let negative = b[i] == 45
        guard negative || b[i] == 43 else { return nil }
        i += 1
        guard let oh = digits(2), oh <= 23 else { return nil }
        var om = 0
        if i < b.count {
          _ = take(58)
          guard let m = digits(2), m <= 59 else { return nil }
          om = m
        }
        offset = (oh * 3600 + om * 60) * (negative ? -1 : 1)
      }
    }
    guard i == b.count, let offset else { return nil }
    let secs = date.daysSinceEpoch * 86_400 + h * 3600 + mi * 60 + s - offset
    self.init(milliseconds: Int64(secs) * 1000 + Int64(ms))
  }

  /// As `init(iso8601:defaultOffset:)` for a string.
  public init?(iso8601 text: String, defaultOffset: Int? = nil) {
    var text = text
    let parsed = text.withUTF8 { Timestamp(iso8601: $0, defaultOffset: defaultOffset) }
    guard let parsed else { return nil }
    self = parsed
  }

  /// `2026-11-23T10:00:00+09:00`; milliseconds are written only where they are not 0.
  /// - Parameter offset: seconds east of UTC, whole minutes.
  public func iso8601(offset: Int) -> String {
    let local = milliseconds + Int64(offset) * 1000
    let day = local >= 0 ? local / 86_400_000 : -((86_399_999 - local) / 86_400_000)
    let rest = Int(local - day * 86_400_000)
    let date = CivilDate(daysSinceEpoch: Int(day))
    func pad(_ v: Int, _ n: Int) -> String {
      let s = String(v)
      return s.count >= n ? s : String(repeating: "0", count: n - s.count) + s
    }
    var out = "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))T"
    out += "\(pad(rest / 3_600_000, 2)):\(pad(rest / 60_000 % 60, 2)):\(pad(rest / 1000 % 60, 2))"
    if rest % 1000 != 0 { out += ".\(pad(rest % 1000, 3))" }
    if offset == 0 { return out + "Z" }
    let a = abs(offset)
    return out + (offset < 0 ? "-" : "+") + "\(pad(a / 3600, 2)):\(pad(a / 60 % 60, 2))"
  }
}
