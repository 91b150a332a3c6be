import Readings

/// The tables of hours and days.
enum RollupTable {
  /// The 24 hours of a sensor's day; count 0 without readings.
  static func hours(slot: Int64, day: Int, _ db: Database) throws(StoreError) -> [HourSum] {
    var out = [HourSum](repeating: HourSum(), count: 24)
    let s = try db.statement("SELECT hour, count, sum, low, high FROM hour WHERE day = ? AND slot = ?")
    defer { s.reset() }
    s.bind(1, day)
    s.bind(2, slot)
    while try s.step() {
      let h = Int(s.int(0))
      guard out.indices.contains(h) else { continue }
      out[h] = HourSum(count: s.int(1), sum: s.double(2), low: s.double(3), high: s.double(4))
    }
    return out
  }

  static func write(_ rows: RollupChunk.Rows, _ db: Database) throws(StoreError) {
    let hour = try db.statement("INSERT OR REPLACE INTO hour (day, slot, hour, count, sum, low, high) VALUES (?, ?, ?, ?, ?, ?, ?)")
    for r in rows.hours {
      hour.bind(1, r.day)
      hour.bind(2, r.slot)
      hour.bind(3, r.hour)
      hour.bind(4, r.sum.count)
      hour.bind(5, r.sum.sum)
      hour.bind(6, r.sum.low)
      hour.bind(7, r.sum.high)
      try hour.run()
    }
    let day = try db.statement("INSERT OR REPLACE INTO day (day, slot, hours, volume, low, high, night) VALUES (?, ?, ?, ?, ?, ?, ?)")
    for r in rows.days {
      day.bind(1, r.day)
      day.bind(2, r.slot)
      day.bind(3, r.row.hours)
      day.bind(4, r.row.volume)
      day.bind(5, r.row.low)
      day.bind(6, r.row.high)
      day.bind(7, r.row.night)
      try day.run()
    }
  }

  /// Deletes about `rows` of the oldest rows of both tables, in a transaction of its own.
  /// - Returns: false when there was none left.
  static func deletePart(_ db: Database, rows: Int) throws(StoreError) -> Bool {
    var changes = 0
    try db.transaction { () throws(StoreError) in
      for table in ["hour", "day"] {
        let bound = try db.statement("SELECT day, slot FROM \(table) ORDER BY day, slot LIMIT 1 OFFSET ?")
        bound.bind(1, rows)
        let isPart = try bound.step()
        let (day, slot) = isPart ? (bound.int(0), bound.int(1)) : (Int64.max, Int64.max)
        bound.reset()
        let s = try db.statement("DELETE FROM \(table) WHERE (day, slot) <= (?, ?)")
        s.bind(1, day)
        s.bind(2, slot)
        try s.run()
        changes += db.changes
      }
    }
    return changes > 0
  }

  /// The slots of totalizers.
  static func totals(_ db: Database) throws(StoreError) -> Set<Int64> {
    let s = try db.statement("SELECT slot FROM sensor WHERE slot >= 0 AND quantity = ?")
    defer { s.reset() }
    s.bind(1, Int64(Quantity.total.rawValue))
    var out: Set<Int64> = []
    while try s.step() { out.insert(s.int(0)) }
    return out
  }
}
