import Readings

/// Reads the history as one, wherever its rows lie. Each call sees one moment of the database.
enum HistoryReader {
  /// A value of a sensor.
  struct Value {
    var time: Timestamp
    var value: Double
    var ordinal: Int64
  }

  /// The rows after `position`, up to and with `last`, in order of arrival, until `body` says no.
  /// - Complexity: O(rows), and one segment's rows in memory.
  static func rows(
    _ db: Database, after position: Int64, through last: Int64, _ body: (HistoryRow) -> Bool
  ) throws(StoreError) {
    try db.snapshot { () throws(StoreError) in
      try db.history.followSegments(db)
      for segment in db.history.segments where segment.last > position && segment.first <= last {
        for row in try HistoryTable.rows(of: segment, db) where row.ordinal > position && row.ordinal <= last {
          guard body(row) else { return }
        }
      }
      try HistoryTable.journal(db, after: position, through: last, body)
    }
  }

  /// The values of a sensor with event times in `from ..< to`, of the rows after `position` up to and with `last`, by time and then arrival.
  /// Values that are no number are left out.
  /// - Complexity: O(segments that overlap the time + rows of the sensor in them)
  static func values(
    _ db: Database, _ slot: Int64, from: Timestamp, to: Timestamp, after position: Int64 = 0, through last: Int64 = .max
  ) throws(StoreError) -> [Value] {
    let (from, to) = (from.milliseconds, to.milliseconds)
    guard from < to else { return [] }
    var out: [Value] = []
    var isSorted = true
    func add(_ ordinal: Int64, _ time: Int64, _ value: Double) {
      guard time >= from, time < to, ordinal > position, ordinal <= last, !value.isNaN else { return }
      if let newest = out.last, newest.time.milliseconds > time { isSorted = false }
      out.append(Value(time: Timestamp(milliseconds: time), value: value, ordinal: ordinal))
    }
    try db.snapshot { () throws(StoreError) in
      try db.history.follow(db)
      for s in db.history.segments where s.to >= from && s.from < to && s.last > position && s.first <= last {
        for r in try HistoryTable.part(slot, of: s, db) { add(r.ordinal, r.time, r.value) }
      }
      for r in db.history.journal(slot) { add(r.ordinal, r.time, r.value) }
    }
    if !isSorted { out.sort { ($0.time, $0.ordinal) < ($1.time, $1.ordinal) } }
    return out
  }

  /// The newest values of a sensor before a time, of the rows up to `last`: `limit` of them, by time and then arrival.
  static func newest(
    _ db: Database, _ slot: Int64, before time: Timestamp, through last: Int64, limit: Int
  ) throws(StoreError) -> ArraySlice<Value> {
    var out: [Value] = []
    let before = time.milliseconds
    func add(_ ordinal: Int64, _ t: Int64, _ value: Double) {
      if t < before, ordinal <= last, !value.isNaN { out.append(Value(time: Timestamp(milliseconds: t), value: value, ordinal: ordinal)) }
    }
    try db.snapshot { () throws(StoreError) in
      try db.history.follow(db)
      for r in db.history.journal(slot) { add(r.ordinal, r.time, r.value) }
      out.sort { ($0.time, $0.ordinal) < ($1.time, $1.ordinal) }
      let segments = db.history.segments.filter { $0.from < before && $0.first <= last && $0.from <= $0.to }.sorted { $0.to > $1.to }
      for s in segments {
        // Nothing in this segment or an older one is newer than what there is.
        if out.count >= limit, out[out.count - limit].time.milliseconds > s.to { break }
        let count = out.count
        for r in try HistoryTable.part(slot, of: s, db) { add(r.ordinal, r.time, r.value) }
        if out.count > count { out.sort { ($0.time, $0.ordinal) < ($1.time, $1.ordinal) } }
      }
    }
    return out.suffix(limit)
  }

  /// Ordinals and sequences of the readings of a sensor at one moment.
  static func at(_ db: Database, _ slot: Int64, _ time: Timestamp) throws(StoreError) -> [(ordinal: Int64, sequence: Int64)] {
    let t = time.milliseconds
    var out: [(ordinal: Int64, sequence: Int64)] = []
    try db.snapshot { () throws(StoreError) in
      try db.history.follow(db)
      for s in db.history.segments where s.from <= t && t <= s.to {
        for r in try db.history.part(slot, of: s, db) where r.time == t { out.append((r.ordinal, r.sequence)) }
      }
      for r in db.history.journal(slot) where r.time == t { out.append((r.ordinal, r.sequence)) }
    }
    return out
  }

  /// The last ordinal of a sensor's readings, refused flow included, with event times up to `time`; nil without any.
  static func position(_ db: Database, _ slot: Int64, at time: Timestamp) throws(StoreError) -> Int64? {
    let t = time.milliseconds
    var found: Int64?
    try db.snapshot { () throws(StoreError) in
      try db.history.follow(db)
      let refused = db.history.journal(HistorySlot.reverse).last { $0.time <= t && HistoryRow.slot(ofReverse: $0.sequence) == slot }?
        .ordinal
      found = [refused, db.history.journal(slot).last { $0.time <= t }?.ordinal].compactMap(\.self).max()
      guard found == nil else { return }
      // Ordinals ascend with segments.
      for s in db.history.segments.reversed() where s.from <= t {
        let refused = try HistoryTable.part(HistorySlot.reverse, of: s, db).last {
          $0.time <= t && HistoryRow.slot(ofReverse: $0.sequence) == slot
        }?.ordinal
        found = [refused, try HistoryTable.part(slot, of: s, db).last { $0.time <= t }?.ordinal].compactMap(\.self).max()
        if found != nil { return }
      }
    }
    return found
  }

  /// Newest event time of each sensor, refused flow included. Keeps nothing of the journal in memory.
  /// - Complexity: O(sensors + segments + rows of the journal and of refused flow)
  static func newestTimes(_ db: Database) throws(StoreError) -> [SensorSlot: Timestamp] {
    var out: [SensorSlot: Timestamp] = [:]
    func note(_ slot: Int64, _ time: Int64) {
      let (slot, time) = (SensorSlot(truncatingIfNeeded: slot), Timestamp(milliseconds: time))
      if time > out[slot] ?? .distantPast { out[slot] = time }
    }
    try db.snapshot { () throws(StoreError) in
      let s = try db.statement("SELECT slot, to_time FROM extent")
      defer { s.reset() }
      while try s.step() { note(s.int(0), s.int(1)) }
      try db.history.followSegments(db)
      for segment in db.history.segments {
        for r in try HistoryTable.part(HistorySlot.reverse, of: segment, db) { note(HistoryRow.slot(ofReverse: r.sequence), r.time) }
      }
      try HistoryTable.journal(db, after: 0, through: .max) {
        if $0.slot >= 0 { note($0.slot, $0.time) }
        if $0.slot == HistorySlot.reverse { note(HistoryRow.slot(ofReverse: $0.sequence), $0.time) }
        return true
      }
    }
    return out
  }

  /// First and last event time of each sensor, or of one.
  static func extents(_ db: Database, only slot: Int64? = nil) throws(StoreError) -> [Int64: (from: Int64, to: Int64)] {
    var out: [Int64: (from: Int64, to: Int64)] = [:]
    try db.snapshot { () throws(StoreError) in
      try db.history.follow(db)
      let s = try db.statement("SELECT slot, from_time, to_time FROM extent WHERE ?1 IS NULL OR slot = ?1")
      defer { s.reset() }
      s.bind(1, slot.map(Int.init))
      while try s.step() { out[s.int(0)] = (s.int(1), s.int(2)) }
      for (n, e) in db.history.journalExtents where slot == nil || slot == n {
        let known = out[n] ?? e
        out[n] = (min(known.from, e.from), max(known.to, e.to))
      }
    }
    return out
  }
}
