extension Timestamp {
  /// Reads `YYYY-MM-DDTHH:MM[:SS[.fff…]](Z|±HH:MM|±HHMM|±HH)`, with `T`, `t` or a blank between date and time.
  ///
  /// Without an offset the text is local time at `defaultOffset` (seconds east of UTC) when one is given, else it is refused.
  /// Fractions below a millisecond are cut off; a leap second (`:60`) counts as the next second. Years 1…9999.
  /// - Complexity: O(length), no allocation.
  public init?(iso8601 b: UnsafeBufferPointer<UInt8>, defaultOffset: Int? = nil) {
    var c = TimeCursor(b)
    guard let (date, h, mi) = c.dateAndMinute(), date.year >= 1, date.isValid, h <= 24, mi <= 59 else { return nil }
    var s = 0
    var ms = 0
    if c.take(58) {
      guard let sec = c.pair(), sec <= 60 else { return nil }
      s = sec
      if c.take(46) || c.take(44) {
        guard let fraction = c.fraction() else { return nil }
        ms = fraction
      }
    }
    if h == 24 && (mi != 0 || s != 0 || ms != 0) { return nil }
    guard let offset = c.isAtEnd ? defaultOffset : c.offset() else { return nil }
    let secs = date.daysSinceEpoch &* 86_400 &+ h &* 3600 &+ mi &* 60 &+ s &- offset
    self.init(milliseconds: Int64(truncatingIfNeeded: secs) &* 1000 &+ Int64(truncatingIfNeeded: ms))
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
