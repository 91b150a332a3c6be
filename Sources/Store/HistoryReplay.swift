import Readings

/// What a restart and a look back read: checkpoints, and the history in the order in which the detector saw it.
enum HistoryReplay {
  /// The newest intact checkpoint before the one named `id`. One at a time: the states of 20,000 sensors take 100 MB.
  static func checkpoint(before id: Int64, _ db: Database) throws(StoreError) -> StoredCheckpoint? {
    let s = try db.statement("SELECT id, position, checksum FROM checkpoint WHERE id < ? ORDER BY id DESC")
    defer { s.reset() }
    s.bind(1, id)
    while try s.step() {
      // One that cannot be read is passed over like one whose checksum is wrong; damage of the file is looked for elsewhere.
      guard let state = try? db.readBlob("checkpoint", "state", row: s.int(0)) else { continue }
      if Checksum.of(state, s.int(1)) == s.int(2) { return StoredCheckpoint(id: s.int(0), state: state, position: s.int(1)) }
    }
    return nil
  }

  /// The rows after `position`, up to and with `last`.
  static func run(
    _ db: Database, after position: Int64, through last: Int64, _ body: (HistoryEntry) -> Void
  ) throws(StoreError) {
    let s = try db.statement("SELECT slot, time, arrival, seq, value FROM history WHERE id > ? AND id <= ? ORDER BY id")
    defer { s.reset() }
    s.bind(1, position)
    s.bind(2, last)
    while try s.step() {
      let time = Timestamp(milliseconds: s.int(1))
      let slot = s.int(0)
      if slot == HistorySlot.action {
        // A row without its action is a damaged database; the readings go on.
        if let record = try ActionTable.record(s.int(3), db) { body(.action(record)) }
        continue
      }
      if slot == HistorySlot.ahead {
        body(.ahead(SensorSlot(truncatingIfNeeded: s.int(3)), arrival: time))
        continue
      }
      guard slot >= 0 else {
        body(.tick(time))
        continue
      }
      // Made of others by zones: they will be again.
      if s.int(3) == Reading.derived { continue }
      // SQLite keeps a NaN as NULL.
      let value = s.isNull(4) ? Double.nan : s.double(4)
      body(
        .reading(
          Reading(
            slot: SensorSlot(slot), time: time, arrival: Timestamp(milliseconds: s.int(2)), value: value, sequence: s.int(3))))
    }
  }
}

/// Slots of rows that are no readings.
enum HistorySlot {
  static let tick: Int64 = -1
  static let action: Int64 = -2
  static let ahead: Int64 = -3
}

extension StoreReader {
  /// The newest intact checkpoint before the one named `id`; nil when there is none.
  public func checkpoint(before id: Int64 = .max) throws(StoreError) -> StoredCheckpoint? {
    try read { db throws(StoreError) in try HistoryReplay.checkpoint(before: id, db) }
  }

  /// Position in history of the last reading of a sensor whose event time is not after `t`; nil before its first.
  /// - Complexity: O(readings of the sensor up to `t`).
  public func position(of slot: SensorSlot, at t: Timestamp) throws(StoreError) -> Int64? {
    try read { db throws(StoreError) in
      let s = try db.statement("SELECT max(id) FROM history WHERE slot = ? AND time <= ?")
      defer { s.reset() }
      s.bind(1, Int64(slot))
      s.bind(2, t.milliseconds)
      return try s.step() && !s.isNull(0) ? s.int(0) : nil
    }
  }

  /// As `Store.replay`. Holds this reader's connection while it runs.
  public func replay(after position: Int64, through last: Int64, _ body: (HistoryEntry) -> Void) throws(StoreError) {
    try read { db throws(StoreError) in try HistoryReplay.run(db, after: position, through: last, body) }
  }
}

/// The detector's state at a position in history.
public struct StoredCheckpoint: Sendable {
  public let id: Int64
  public let state: [UInt8]
  /// Row id of the last reading that the state covers.
  public let position: Int64
}
