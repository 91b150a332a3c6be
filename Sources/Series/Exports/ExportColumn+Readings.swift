import Readings

/// Readings of one sensor out of one or several columns: in base units, by time, each time once.
public struct ExportReadings: Sendable {
  public internal(set) var rows: [SeriesRow] = []
  /// Rows that came again with the same time; the first one counts.
  public internal(set) var duplicates = 0
  /// Of those, how many had another value.
  public internal(set) var conflicts = 0
  /// Values below 0 of a meter that measures one direction only; as live, they are not taken.
  public internal(set) var negative = 0
  /// Differences of a totalizer that were not used: its reading fell (reset, new meter), or there was none for long.
  public internal(set) var resets = 0
  public internal(set) var gaps = 0

  public init() {}

  /// Adds a column. Call `sort()` after the last one.
  /// - Parameters:
  ///   - unit: to base units.
  ///   - allowsNegative: whether a value below 0 is a measurement.
  public mutating func add(_ column: ExportColumn, unit: Unit.Conversion, allowsNegative: Bool) {
    rows.reserveCapacity(rows.count + column.rows.count)
    for r in column.rows {
      let v = unit(r.value)
      if v < 0, !allowsNegative { negative += 1 } else { rows.append(SeriesRow(time: r.time, value: v)) }
    }
  }

  /// Brings the rows into the order of time and leaves one for each time: the one that came first. O(n log n).
  public mutating func sort() {
    // Stable since Swift 5: of equal times the first of the file stays first.
    rows.sort { $0.time < $1.time }
    var n = 0
    for r in rows {
      if n > 0, rows[n - 1].time == r.time {
        duplicates += 1
        if rows[n - 1].value != r.value { conflicts += 1 }
      } else {
        rows[n] = r
        n += 1
      }
    }
    rows.removeLast(rows.count - n)
  }

  /// Makes flow (m³/h) out of register readings (m³): each difference over its time, told at the end of it.
  ///
  /// A register that falls gives no value. Nor does a difference over more than three intervals: it says nothing about when the water ran.
  /// - Parameter interval: the usual time between rows, ms; 0 = take every difference.
  public mutating func differentiate(interval: Int64) {
    guard var last = rows.first else { return }
    var out: [SeriesRow] = []
    out.reserveCapacity(rows.count)
    for r in rows.dropFirst() {
      let span = r.time.since(last.time)
      if r.value < last.value {
        resets += 1
      } else if interval > 0, span > 3 * interval {
        gaps += 1
      } else {
        out.append(SeriesRow(time: r.time, value: (r.value - last.value) * 3_600_000 / Double(span)))
      }
      last = r
    }
    rows = out
  }
}
