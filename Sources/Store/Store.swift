import Readings

/// The writer of the data directory: one SQLite database, one transaction a batch. For the ingest thread only.
///
/// WAL with `synchronous=FULL`: what `commit` returned for survives a power cut.
public final class Store {
  public let directory: String
  private let lock: DirectoryLock
  let db: Database
  private var ids = SensorNames()
  /// What was read at the opening; given to the first who asks.
  private var opened: [StoredSensor]?
  /// Number of the newest entry of the history, 0 before the first.
  public private(set) var position: Int64 = 0
  /// The last entry that lies in a segment.
  private var segmentTop: Int64 = 0
  /// No segment is tried to be made before this position: after one that found no room.
  private var nextCompaction: Int64 = 0
  /// Room for the rows that are laid by sensors. Kept, as far as they are no more than `keptRows` (3 MB): new pages each time cost more than
  /// the rest of it.
  private var compactionRows: [HistoryRow] = []
  private static let keptRows: Int64 = 65_536
  /// Rows after which a segment that found no room is tried again.
  private static let compactionPause: Int64 = 4096
  /// Rows of a batch that may be laid by sensors without having been in the journal.
  private static let manyRows = 16_384
  /// What was wrong with the indexes, when they had to be made anew from the rows.
  public private(set) var indexDamage: String?

  /// The database's name in a data directory.
  public static let fileName = "mizumori.db"

  /// The database file of a data directory.
  public static func file(in directory: String) -> String { directory + "/" + fileName }

  /// Opens or creates the directory (mode 0700), takes its lock and migrates the schema.
  ///
  /// - Parameters:
  ///   - checksIntegrity: whether to look through the whole file for damage first, O(size of the file).
  ///   - isSuspect: whether damage was met in the last run: the indexes are compared with their rows, too, and made anew when they disagree,
  ///     and each block of the history is looked at, O(rows · log rows).
  ///   - onMigration: told how far the history of an older version is converted: some millions of rows take a minute.
  /// - Throws: `.diskFull` when an older version's history has no room to be converted; the file is as it was.
  public init(
    directory: String, checksIntegrity: Bool = false, isSuspect: Bool = false, onMigration: (MigrationProgress) -> Void = { _ in }
  ) throws(StoreError) {
    self.directory = directory
    try DirectoryLock.makeDirectory(directory)
    lock = try DirectoryLock(directory: directory)
    try Schema.inspect(Store.file(in: directory), checksIntegrity: checksIntegrity)
    db = try Database(path: Store.file(in: directory), readOnly: false)
    try Schema.prepare(db, progress: onMigration)
    if isSuspect {
      try mendIndexes()
      // A block's damage is inside a value, where SQLite does not look: without this the next run would meet it again, and the next.
      try HistoryCheck.run(db) { true }
    }
    position = try HistoryTable.top(db)
    segmentTop = try HistoryTable.segmentTop(db)
    let sensors = try SensorTable.all(db)
    ids.reserve(sensors.count)
    for s in sensors { ids.add(s.slot, s.id) }
    opened = sensors
  }

  /// Gives the directory free for another `Store`, also while somebody still holds this one. Nothing may be written with it afterwards.
  public func close() { lock.release() }

  private func mendIndexes() throws(StoreError) {
    do {
      try db.checkIntegrity()
    } catch .corrupt(let file, let detail) {
      do {
        try db.execute("REINDEX")
      } catch {
        if error.isRetryable { throw error }
        throw .corrupt(file: file, detail: detail)
      }
      try db.checkIntegrity()
      indexDamage = detail
    }
  }

  public func sensors() throws(StoreError) -> [StoredSensor] {
    guard let opened else { return try SensorTable.all(db) }
    self.opened = nil
    return opened
  }

  /// Newest stored event time of each sensor, refused flow included.
  /// - Complexity: O(sensors + rows of the journal)
  public func newestTimes() throws(StoreError) -> [SensorSlot: Timestamp] { try HistoryReader.newestTimes(db) }

  /// Writes the batch: all of it or, on an error, nothing. Transitions that are already there are left alone, so a replay writes none twice.
  public func commit(_ batch: IngestBatch) throws(StoreError) {
    let isLaid = isLaidAtOnce(batch.entries)
    do throws(StoreError) {
      try write(batch, isLaid: isLaid)
    } catch {
      // A segment may need more room than the journal does.
      guard isLaid, error.isRetryable else { throw error }
      nextCompaction = position + Store.compactionPause
      try write(batch, isLaid: false)
    }
    opened = nil
    for new in batch.newSensors { ids.add(new.slot, new.id) }
    try compact()
  }

  private func write(_ batch: IngestBatch, isLaid: Bool) throws(StoreError) {
    let last = position + Int64(batch.entries.count)
    try db.transaction { () throws(StoreError) in
      if !batch.newSensors.isEmpty {
        let arrivals = batch.entries.firstArrivals()
        for new in batch.newSensors { try SensorTable.insert(new.slot, new.id, firstSeen: arrivals(new.slot), db) }
      }
      let rows = try batch.entries.numbered { record throws(StoreError) in try ActionTable.insert(record, db) }
      if isLaid {
        try HistoryTable.lay(rows, first: position + 1, size: Int(HistoryTable.segmentSize(sensors: ids.count)), db)
      } else {
        try HistoryTable.append(rows, first: position + 1, db)
      }
      if batch.isImported, last > position { try ImportTable.note((position + 1)...last, db) }
      for t in batch.transitions {
        guard let id = ids[t.slot] ?? batch.newSensors.first(where: { $0.slot == t.slot })?.id else {
          // Passing over it would lose an alert without a trace.
          throw .io(operation: "store a transition", detail: "no sensor has slot \(t.slot)")
        }
        try EventTable.record(t, sensor: id, isImported: batch.isImported, db)
      }
    }
    position = last
    if isLaid { segmentTop = last }
  }

  /// Whether a batch does without the journal, in which it would be written only to be read again: one of many rows that come by sensors
  /// already, as messages with many readings bring them. With fewer of a sensor its blocks would be too short to be worth it.
  private func isLaidAtOnce(_ entries: HistoryEntries) -> Bool {
    entries.count >= Store.manyRows && entries.runs * 32 <= entries.count && position >= nextCompaction
      && position - segmentTop < HistoryTable.segmentSize(sensors: ids.count)
  }

  /// Lays the journal by sensors when it has grown. What is in it is safe already: when there is no room it is tried again later.
  private func compact() throws(StoreError) {
    let size = HistoryTable.segmentSize(sensors: ids.count)
    while position - segmentTop >= size, position >= nextCompaction {
      do {
        try HistoryTable.compact(size: size, room: &compactionRows, db)
        if size > Store.keptRows { compactionRows = [] }
      } catch {
        guard error.isRetryable else { throw error }
        nextCompaction = position + Store.compactionPause
        return
      }
      segmentTop = try HistoryTable.segmentTop(db)
    }
  }

  /// Whether that reading, or that refused flow, is in the history.
  /// - Complexity: O(segments + the sensor's rows, or all of refused flow, in those that overlap its time)
  public func contains(_ r: Reading) throws(StoreError) -> Bool {
    guard r.sequence != Reading.reverse else {
      return try HistoryReader.at(db, HistorySlot.reverse, r.time).contains { HistoryRow.slot(ofReverse: $0.sequence) == Int64(r.slot) }
    }
    return try HistoryReader.at(db, Int64(r.slot), r.time).contains { $0.sequence == r.sequence }
  }

  // MARK: - Checkpoints

  /// Saves a small state of the detector with the position in history that it covers, and keeps the one before it. A large one is better
  /// put into a `StateFile`.
  public func saveCheckpoint(_ state: [UInt8], position: Int64) throws(StoreError) {
    try db.transaction { () throws(StoreError) in
      // Room first and then the bytes: bound as a value, a state of 80 MB (20,000 sensors) would be copied several times in memory.
      let s = try db.statement("INSERT INTO checkpoint (position, checksum, state) VALUES (?, ?, zeroblob(?))")
      s.bind(1, position)
      s.bind(2, Checksum.of(state, position))
      s.bind(3, state.count)
      try s.run()
      try db.writeBlob(state, table: "checkpoint", column: "state", row: db.lastRowID)
      try db.execute(Store.forgetOlder)
    }
  }

  /// The newest intact checkpoint before the one named `id`; nil when there is none.
  public func checkpoint(before id: Int64 = .max) throws(StoreError) -> StoredCheckpoint? {
    try HistoryReplay.checkpoint(before: id, db)
  }

  /// Hands over the history after `position`, up to and with `last`, in the order in which the detector saw it.
  public func replay(after position: Int64, through last: Int64 = .max, _ body: (HistoryEntry) -> Void) throws(StoreError) {
    try HistoryReplay.run(db, after: position, through: last, body)
  }
}
