import Detection
import Foundation
import Store
import Synchronization

/// Writes a large state of the detector into a file, on a thread of its own, while readings go on.
///
/// The file holds the state of the moment when it began: a record that changes before its turn is kept as it was, in a bounded place from
/// which it is written in its turn, or is written at once when the place is full. No second copy of all records is made, and the readings
/// wait for one piece at most.
final class StateSaver: @unchecked Sendable {
  // @unchecked: `kept` is touched only within the engine's lock; `frame` is set before the thread begins.
  let file: StateFile
  let position: Int64
  private let engine: Engine
  private let counters: Counters
  private var frame: SnapshotFrame?
  private var kept = KeptRecords(capacity: StateSaver.keptRecords)
  /// Of records that the ingest thread wrote.
  private let sum = Atomic<UInt64>(0)
  private let failure = Mutex<StoreError?>(nil)
  private let isCancelled = Atomic<Bool>(false)
  private let ended = Mutex<Result<Int, StoreError>?>(nil)
  private let end = DispatchSemaphore(value: 0)

  /// Records that are handed over at a time: 100 µs of copying.
  private static let piece = 64
  /// 6 MB.
  private static let keptRecords = 1024
  /// Bytes after which the disk is waited for. Commits of the database would have to wait for all that is not on disk yet.
  private static let syncedBytes = 8 << 20

  /// Bytes that a state leaves for readings: some days of them. A restart can do without a state, readings need the room.
  static let reserve: Int64 = 16 << 20

  /// Fixes the state of this moment. Call `start` next.
  /// - Parameter bytes: of the state.
  /// - Throws: `.diskFull` without room for it and `reserve`, `.io` when the file cannot be made.
  init(_ engine: Engine, bytes: Int, directory: String, position: Int64, counters: Counters) throws(StoreError) {
    if let free = DiskSpace(of: directory)?.free, free < Int64(bytes) + StateSaver.reserve {
      throw .diskFull(operation: "write \(directory)/state-\(position)")
    }
    file = try StateFile(directory: directory, position: position)
    self.engine = engine
    self.position = position
    self.counters = counters
    frame = engine.beginSnapshot { [unowned self] n, bytes in keep(n, bytes) }
  }

  /// A state of more bytes is written into a file of its own; a smaller one into the database.
  static let largeState = 1 << 20

  /// Saves the state of an engine that nobody changes meanwhile, and waits for that.
  static func save(_ engine: Engine, _ store: Store) throws(StoreError) {
    let bytes = engine.stateCount
    guard bytes > largeState else { return try store.saveCheckpoint(engine.snapshot(), position: store.position) }
    let saver = try StateSaver(engine, bytes: bytes, directory: store.directory, position: store.position, counters: Counters())
    saver.start()
    _ = try saver.wait().get()
    Store.removeStates(try store.adopt(saver.file, position: saver.position, waits: true))
  }

  static func thread(_ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = "state"
    thread.start()
  }

  func start() {
    StateSaver.thread { [self] in
      let result = run()
      if case .failure = result { file.remove() }
      ended.withLock { $0 = result }
      end.signal()
    }
  }

  /// Bytes written; nil while it is at work.
  var outcome: Result<Int, StoreError>? { ended.withLock { $0 } }

  /// Blocks until it has ended.
  func wait() -> Result<Int, StoreError> {
    end.wait()
    end.signal()
    return outcome ?? .failure(.io(operation: "write a state", detail: "cancelled"))
  }

  func cancel() { isCancelled.store(true, ordering: .relaxed) }

  // MARK: - Of any thread that changes the detector, within the engine's lock

  private func keep(_ n: Int, _ bytes: UnsafeRawBufferPointer) {
    if kept.append(n, bytes) { return }
    let began = Clocks.nanoseconds()
    sum.wrappingAdd(SnapshotFrame.checksum(ofRecords: bytes, from: n), ordering: .relaxed)
    do throws(StoreError) {
      try write(bytes, record: n)
    } catch {
      failure.withLock { $0 = error }
    }
    counters.noteCheckpointPause(Clocks.nanoseconds() - began)
  }

  private func write(_ bytes: UnsafeRawBufferPointer, record n: Int) throws(StoreError) {
    try file.write(bytes, at: SnapshotFrame.headerSize + n * SnapshotFrame.recordSize)
  }

  // MARK: - Of its own thread

  private func run() -> Result<Int, StoreError> {
    defer { engine.endSnapshot() }
    do throws(StoreError) {
      try writeRecords()
      guard let frame else { return .success(0) }
      try write(frame.rest, at: frame.offset(of: frame.sensors))
      // The beginning comes last: without it the file is no state, whatever else is there.
      try file.sync()
      try write(frame.header(sum: sum.load(ordering: .relaxed)), at: 0)
      try file.syncName()
      return .success(frame.count)
    } catch {
      return .failure(error)
    }
  }

  private func write(_ bytes: [UInt8], at offset: Int) throws(StoreError) {
    try bytes.withUnsafeBufferPointer { all throws(StoreError) in try file.write(UnsafeRawBufferPointer(all), at: offset) }
  }

  private func writeRecords() throws(StoreError) {
    let piece = KeptRecords(capacity: StateSaver.piece)
    var others = KeptRecords(capacity: StateSaver.keptRecords)
    var written = 0
    while !isCancelled.load(ordering: .relaxed) {
      piece.removeAll()
      var hold: Int64 = 0
      engine.nextPiece(StateSaver.piece) { part in
        let began = Clocks.nanoseconds()
        if let part { piece.append(part.first, part.records) }
        swap(&kept, &others)
        hold = Clocks.nanoseconds() - began
      }
      counters.noteCheckpointPause(hold)
      if piece.isEmpty, others.isEmpty { break }
      for records in [piece, others] {
        try records.forEachRun { first, bytes throws(StoreError) in
          sum.wrappingAdd(SnapshotFrame.checksum(ofRecords: bytes, from: first), ordering: .relaxed)
          try write(bytes, record: first)
          written += bytes.count
        }
      }
      others.removeAll()
      if written >= StateSaver.syncedBytes {
        try file.sync()
        written = 0
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    if isCancelled.load(ordering: .relaxed) { throw .io(operation: "write a state", detail: "cancelled") }
  }
}
