import Readings
import Synchronization

/// Folds the history into hours and days, through a connection of its own. For one thread; another may ask it to stop.
///
/// A round reads the rows after the position and writes what they change, some sensors a transaction, so that readings that come meanwhile
/// wait for milliseconds. How far it has come is written by the same transactions: after a crash at any point each row counts once.
public final class RollupStore<Register: RegisterFlow>: Sendable {
  // @unchecked: all of it is used only inside the lock.
  private struct State: @unchecked Sendable {
    let db: Database
    var place: RollupPlace?
    var registers: RegisterBook<Register>
  }
  private let state: Mutex<State>
  private let settings: RollupSettings
  private let limits: RollupLimits
  private let isStopping = Atomic<Bool>(false)

  /// The database must exist: open the `Store` first.
  public init(directory: String, settings: RollupSettings, limits: RollupLimits = RollupLimits()) throws(StoreError) {
    // What a power cut takes of this can be made again: the position goes with it. What others committed is not less safe for it.
    // The log is folded into the file by `checkpoint()`, where nobody waits for it.
    let db = try Database.beside(directory, Schema.unsynced)
    state = Mutex(State(db: db, place: nil, registers: RegisterBook()))
    self.settings = settings
    self.limits = limits
  }

  /// Breaks off the present and every further round. From any thread.
  public func stop() { isStopping.store(true, ordering: .releasing) }

  private var goesOn: Bool { !isStopping.load(ordering: .acquiring) }

  /// Does one step: empties a part of what other settings left, or folds one round.
  ///
  /// - Parameter pause: called between two transactions.
  /// - Returns: rows of the history that it got further, and whether there is more to do at once.
  /// - Throws: `StoreError`; what was not done is done by the next call.
  /// - Complexity: O(rows), at most `limits.rows` of the history.
  public func step(pause: () -> Void = {}) throws(StoreError) -> (rows: Int64, isBehind: Bool) {
    try state.withLock { s throws(StoreError) in
      do throws(StoreError) {
        var place = RollupPlace()
        if let known = s.place { place = known } else { place = try RollupPlace.read(s.db) }
        s.place = place
        guard place.isReady, place.matches(settings) else { return try empty(&s, place) }
        return try fold(&s, place, pause)
      } catch {
        // Begin anew from what is on disk, as after a crash.
        s.place = nil
        s.registers.forgetAll()
        throw error
      }
    }
  }

  /// Rows of the history that have not been folded, and the event time of the newest; nil time when there is none.
  public func backlog() throws(StoreError) -> (rows: Int64, newest: Timestamp?) {
    try state.withLock { s throws(StoreError) in
      var (top, newest): (Int64, Int64) = (0, 0)
      try s.db.snapshot { () throws(StoreError) in
        top = try HistoryTable.top(s.db)
        try HistoryReader.rows(s.db, after: top - 1, through: top) {
          newest = $0.time
          return true
        }
      }
      let place = try RollupPlace.read(s.db)
      return (place.isReady ? max(0, top - place.position) : top, top > 0 ? Timestamp(milliseconds: newest) : nil)
    }
  }

  /// Folds the log of the database into its file when it has grown: ingest does it at half that size, while there is any.
  /// - Throws: `StoreError`. An `.io` must end the process: after a failed sync nobody knows what is on disk.
  public func checkpoint() throws(StoreError) {
    try state.withLock { s throws(StoreError) in try s.db.foldLog(from: limits.logPages) }
  }

  /// Stores what devices say of themselves.
  public func record(_ status: [(slot: SensorSlot, status: SensorStatus)]) throws(StoreError) {
    guard !status.isEmpty else { return }
    try state.withLock { s throws(StoreError) in
      try s.db.transaction { () throws(StoreError) in
        for one in status { try StatusTable.put(one.slot, one.status, s.db) }
      }
    }
  }

  // MARK: - Steps

  /// Takes away a part of the hours and days that were made with other settings.
  private func empty(_ s: inout State, _ place: RollupPlace) throws(StoreError) -> (rows: Int64, isBehind: Bool) {
    var next = place
    let db = s.db
    if place.isReady {
      next = RollupPlace()
      try db.transaction { () throws(StoreError) in try next.move(from: place, db) }
    } else if try !RollupTable.deletePart(db, rows: limits.rowsPerTransaction) {
      next.begin(settings)
      try db.transaction { () throws(StoreError) in try next.move(from: place, db) }
    }
    s.place = next
    s.registers.forgetAll()
    return (0, goesOn)
  }

  private func fold(_ s: inout State, _ start: RollupPlace, _ pause: () -> Void) throws(StoreError) -> (rows: Int64, isBehind: Bool) {
    var reader = RollupReader<Register>(settings: settings, limits: limits)
    guard try reader.read(from: start, into: &s.registers, s.db, goesOn: { goesOn }) else {
      // Broken off: the registers have been led further than the position.
      s.registers.forgetAll()
      return (0, false)
    }
    guard let target = reader.target else { return (0, false) }
    var place = start
    for chunk in reader.chunks() {
      guard goesOn else {
        s.place = nil
        s.registers.forgetAll()
        return (0, false)
      }
      let rows = try chunk.rows(s.db)
      var next = place
      next.finish(below: chunk.nextSlot, through: target)
      let db = s.db
      try db.transaction { () throws(StoreError) in
        try RollupTable.write(rows, db)
        try next.move(from: place, db)
      }
      place = next
      s.place = next
      pause()
    }
    return (target - start.position, reader.isFull)
  }
}

/// Bounds of a rollup.
public struct RollupLimits: Sendable {
  /// Rows of the history that a round reads at most.
  public var rows = 500_000
  /// Hours that a round may touch; beyond it ends.
  public var hours = 50_000
  /// Hours that one transaction may write, unless a single sensor has more.
  public var rowsPerTransaction = 4_000
  /// Pages of the database's log from which `checkpoint()` folds it.
  public var logPages = 4_000

  public init() {}
}
