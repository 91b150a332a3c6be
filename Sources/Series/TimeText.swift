import Readings

/// Writes times of one offset as ISO 8601 bytes; the date is made once a day, which is what makes long series fast to write.
struct TimeText {
  private let offset: Int
  private let zone: [UInt8]
  private var day = Int64.min
  private var date: [UInt8] = []

  /// - Parameter offset: seconds east of UTC, whole minutes.
  init(offset: Int) {
    self.offset = offset
    let sample = Timestamp(seconds: 0).iso8601(offset: offset)
    zone = Array(sample.utf8.dropFirst("1970-01-01T00:00:00".utf8.count))
  }

  /// Appends the same text as `Timestamp.iso8601(offset:)`.
  mutating func append(_ t: Timestamp, to out: inout [UInt8]) {
    let local = t.milliseconds + Int64(offset) * 1000
    let today = local >= 0 ? local / 86_400_000 : -((86_399_999 - local) / 86_400_000)
    let rest = Int(local - today * 86_400_000)
    if today != day {
      day = today
      let midnight = Timestamp(milliseconds: today * 86_400_000)
      date = Array(midnight.iso8601(offset: 0).utf8.dropLast("00:00:00Z".utf8.count))
    }
    out.append(contentsOf: date)
    TimeText.append(rest / 3_600_000, 2, to: &out)
    out.append(58)
    TimeText.append(rest / 60_000 % 60, 2, to: &out)
    out.append(58)
    TimeText.append(rest / 1000 % 60, 2, to: &out)
    if rest % 1000 != 0 {
      out.append(46)
      TimeText.append(rest % 1000, 3, to: &out)
    }
    out.append(contentsOf: zone)
  }

  private static func append(_ v: Int, _ digits: Int, to out: inout [UInt8]) {
    if digits == 3 { out.append(48 + UInt8(truncatingIfNeeded: v / 100)) }
    out.append(48 + UInt8(truncatingIfNeeded: v / 10 % 10))
    out.append(48 + UInt8(truncatingIfNeeded: v % 10))
  }
}
