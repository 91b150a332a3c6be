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
      guard let blob = try? db.readBlob("checkpoint", "state", row: s.int(0)), Checksum.of(blob, s.int(1)) == s.int(2) else { continue }
      guard StateFile.name(in: blob) != nil else { return StoredCheckpoint(id: s.int(0), state: .bytes(blob), position: s.int(1)) }
      if let file = StateFile(blob: blob, directory: db.directory) {
        return StoredCheckpoint(id: s.int(0), state: .file(file), position: s.int(1))
      }
    }
    return nil
  }

  /// The rows after `position`, up to and with `last`.
  static func run(
    _ db: Database, after position: Int64, through last: Int64, _ body: (HistoryEntry) -> Void
  ) throws(StoreError) {
    var failure: StoreError?
    try HistoryReader.rows(db, after: position, through: last) { row in
      do throws(StoreError) {
        if let entry = try entry(row, db) { body(entry) }
      } catch {
        failure = error
      }
      return failure == nil
    }
    if let failure { throw failure }
  }

  /// What a row was; nil for what needs no replay.
  private static func entry(_ row: HistoryRow, _ db: Database) throws(StoreError) -> HistoryEntry? {
    // A row without its action is a damaged database; the readings go on.
    if row.slot == HistorySlot.action { return try ActionTable.record(row.sequence, db).map(HistoryEntry.action) }
    // Made of others by zones: they will be again.
    return row.isReading && row.sequence == Reading.derived ? nil : row.entry
  }
}

extension StoreReader {
  /// The newest intact checkpoint before the one named `id`; nil when there is none.
  public func checkpoint(before id: Int64 = .max) throws(StoreError) -> StoredCheckpoint? {
    try read { db throws(StoreError) in try HistoryReplay.checkpoint(before: id, db) }
  }

  /// Position in history of the last reading of a sensor whose event time is not after `t`; nil before its first.
  /// - Complexity: O(segments back to that reading).
  public func position(of slot: SensorSlot, at t: Timestamp) throws(StoreError) -> Int64? {
    try read { db throws(StoreError) in try HistoryReader.position(db, Int64(slot), at: t) }
  }

  /// As `Store.replay`. Holds this reader's connection while it runs.
  public func replay(after position: Int64, through last: Int64, _ body: (HistoryEntry) -> Void) throws(StoreError) {
    try read { db throws(StoreError) in try HistoryReplay.run(db, after: position, through: last, body) }
  }
}

/// The detector's state at a position in history.
public struct StoredCheckpoint: Sendable {
  public let id: Int64
  public let state: StoredState
  /// Row id of the last reading that the state covers.
  public let position: Int64
}
