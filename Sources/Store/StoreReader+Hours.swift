import Readings

/// Hours and days, as far as the history has been folded into them: the newest half hour is not. Empty while they are being made anew for
/// another offset or night window.
extension StoreReader {
  /// The hours with readings of a sensor in `from ..< to`, in order.
  /// - Parameters: local hour numbers, see `HourRow.hour`.
  /// - Complexity: O(days in the range)
  public func hours(_ slot: SensorSlot, from: Int, to: Int) throws(StoreError) -> [HourRow] {
    try readTogether { db throws(StoreError) in
      guard try RollupPlace.read(db).isReady else { return [] }
      var out: [HourRow] = []
      try StoreReader.eachHour(db, Int64(slot), from..<max(from, to)) { hour, sum in
        out.append(
          HourRow(slot: slot, hour: hour, count: Int(sum.count), mean: sum.sum / Double(sum.count), low: sum.low, high: sum.high))
      }
      return out
    }
  }

  static func eachHour(
    _ db: Database, _ slot: Int64, _ range: Range<Int>, _ body: (Int, HourSum) -> Void
  ) throws(StoreError) {
    guard !range.isEmpty else { return }
    // A range of days that holds all that is asked for and there is.
    let bounds = try db.statement("SELECT (SELECT min(day) FROM hour), (SELECT max(day) FROM hour)")
    defer { bounds.reset() }
    guard try bounds.step(), !bounds.isNull(0) else { return }
    let first = max(RollupSettings.floor(Int64(range.lowerBound), 24), Int(bounds.int(0)))
    let last = min(RollupSettings.floor(Int64(range.upperBound - 1), 24), Int(bounds.int(1)))
    let s = try db.statement("SELECT hour, count, sum, low, high FROM hour WHERE day = ? AND slot = ? ORDER BY hour")
    for day in stride(from: first, through: last, by: 1) {
      s.bind(1, day)
      s.bind(2, slot)
      defer { s.reset() }
      while try s.step() {
        let hour = day * 24 + Int(s.int(0))
        guard range.contains(hour), s.int(1) > 0 else { continue }
        body(hour, HourSum(count: s.int(1), sum: s.double(2), low: s.double(3), high: s.double(4)))
      }
    }
  }

  /// The days with readings of a sensor in `from ..< to`, in order.
  /// - Complexity: O(days in the range)
  public func days(_ slot: SensorSlot, from: Int, to: Int) throws(StoreError) -> [DayRow] {
    try readTogether { db throws(StoreError) in
      guard try RollupPlace.read(db).isReady else { return [] }
      let bounds = try db.statement("SELECT (SELECT min(day) FROM day), (SELECT max(day) FROM day)")
      defer { bounds.reset() }
      guard try bounds.step(), !bounds.isNull(0) else { return [] }
      let s = try db.statement("SELECT day, slot, hours, volume, low, high, night FROM day WHERE day = ? AND slot = ?")
      var out: [DayRow] = []
      for day in stride(from: max(from, Int(bounds.int(0))), through: min(to - 1, Int(bounds.int(1))), by: 1) {
        s.bind(1, day)
        s.bind(2, Int64(slot))
        defer { s.reset() }
        if try s.step() { out.append(StoreReader.day(s)) }
      }
      return out
    }
  }

  /// The days with readings of all sensors in `from ..< to`, by day, then sensor.
  /// - Complexity: O(rows)
  public func days(from: Int, to: Int) throws(StoreError) -> [DayRow] {
    try readTogether { db throws(StoreError) in
      guard try RollupPlace.read(db).isReady else { return [] }
      let s = try db.statement(
        "SELECT day, slot, hours, volume, low, high, night FROM day WHERE day >= ? AND day < ? ORDER BY day, slot")
      defer { s.reset() }
      s.bind(1, from)
      s.bind(2, to)
      var out: [DayRow] = []
      while try s.step() { out.append(StoreReader.day(s)) }
      return out
    }
  }

  private static func day(_ s: Statement) -> DayRow {
    DayRow(
      slot: SensorSlot(truncatingIfNeeded: s.int(1)), day: Int(s.int(0)), hours: Int(s.int(2)), volume: s.double(3), low: s.double(4),
      high: s.double(5), night: s.isNull(6) ? nil : s.double(6))
  }
}
