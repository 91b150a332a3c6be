import Foundation
import Readings
import Synchronization
import TestSupport
import Testing

@testable import Store

/// What must hold when the file, the disk or the caller is not as hoped.
struct StoreFaultTests {
  /// A database of version 99 as a killed process leaves it: the newest pages are in the log only.
  private func killedNewer(_ home: String) throws -> [String: Data] {
    let live = try TemporaryDirectory()
    let file = Store.file(in: live.path)
    let db = try Database(path: file, readOnly: false)
    try db.execute("PRAGMA journal_mode=WAL; PRAGMA application_id=\(Schema.applicationID); CREATE TABLE x (a); PRAGMA user_version=99")
    for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: file + end, toPath: Store.file(in: home) + end) }
    return try files(home)
  }

  private func files(_ home: String) throws -> [String: Data] {
    var out: [String: Data] = [:]
    for end in ["", "-wal"] {
      out[end] = try? Data(contentsOf: URL(fileURLWithPath: Store.file(in: home) + end))
    }
    return out
  }

  @Test func aNewerDatabaseIsRefusedAndNotAByteChanges() throws {
    let home = try TemporaryDirectory()
    let before = try killedNewer(home.path)
    #expect(before["-wal"]?.isEmpty == false)
    let error = #expect(throws: StoreError.self) { try Store(directory: home.path) }
    #expect(error == .newerSchema(file: Store.file(in: home.path), found: 99, known: Schema.version))
    #expect(try files(home.path) == before)
  }

  @Test(arguments: ["", "/"]) func theDirectoryIsForItsOwnerOnly(end: String) throws {
    let home = try TemporaryDirectory()
    _ = try Store(directory: home.path + "/a/data" + end)
    let mode = try FileManager.default.attributesOfItem(atPath: home.path + "/a/data")[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o700)
  }

  @Test func queriesWithOtherTimesPrepareNothingNew() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<1, transitions: [StoreTests.transition(.opened, at: 1)], isNew: true))
    let reader = try StoreReader(directory: home.path)
    let deliveries = try DeliveryStore(directory: home.path)
    try deliveries.register(endpoint: "a", fromStart: true)
    func ask(_ n: Int64) throws {
      var filter = StoreReader.EventFilter()
      filter.slot = SensorSlot(n)
      filter.from = Timestamp(seconds: n)
      filter.to = Timestamp(seconds: n + 1)
      filter.limit = Int(n)
      _ = try reader.events(filter)
      _ = try reader.outbox(after: n, limit: Int(n))
      _ = try deliveries.nextDue(endpoint: "a", now: n)
      try deliveries.slow(endpoint: "a", until: n)
    }
    try ask(1)
    let before = (reader.statementCount, deliveries.statementCount)
    for n in 2..<200 { try ask(Int64(n)) }
    #expect((reader.statementCount, deliveries.statementCount) == before)
  }

  @Test func pagesOfEventsOfOneMomentLeaveNoneOut() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    var batch = IngestBatch()
    for n in 0..<25 {
      batch.newSensors.append((SensorSlot(n), try #require(SensorID(municipality: "a", zone: "b", sensor: "s\(n)", quantity: .flow))))
      var t = StoreTests.transition(.opened, at: 1)
      t.slot = SensorSlot(n)
      batch.transitions.append(t)
    }
    try store.commit(batch)
    let reader = try StoreReader(directory: home.path)
    var filter = StoreReader.EventFilter()
    filter.limit = 10
    var seen: [SensorSlot] = []
    for _ in 0..<4 {
      let page = try reader.events(filter)
      seen += page.map(\.slot)
      filter.after = page.last?.place ?? filter.after
    }
    #expect(seen.count == 25 && seen.sorted() == (0..<25).map { SensorSlot($0) })
  }

  @Test func aCheckpointWithADamagedPositionIsNotUsed() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<10, isNew: true))
    try store.saveCheckpoint([1, 2, 3], position: 4)
    try store.saveCheckpoint([4, 5, 6], position: 8)
    try store.db.execute("UPDATE checkpoint SET position = 9 WHERE position = 8")
    #expect(try StoreTests.positions(store) == [4])
  }

  @Test func notANumberComesBackAsItself() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    var batch = StoreTests.batch(0..<1, isNew: true)
    var odd: [Double] = [.nan, .infinity, -.infinity, 1e308, -0.0, .leastNonzeroMagnitude]
    batch.entries = HistoryEntries(
      odd.indices.map {
        var r = StoreTests.reading($0)
        r.value = odd[$0]
        return .reading(r)
      })
    try store.commit(batch)
    var back: [Double] = []
    try store.replay(after: 0) { if case .reading(let r) = $0 { back.append(r.value) } }
    #expect(back.first?.isNaN == true)
    back.removeFirst()
    odd.removeFirst()
    // SQLite keeps -0.0 as 0.0: equal, though not the same bits.
    #expect(back == odd)
  }

  @Test func anAlertOfAnUnknownSensorIsAnErrorNotALoss() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    var batch = IngestBatch()
    batch.transitions = [StoreTests.transition(.opened, at: 1)]
    let error = #expect(throws: StoreError.self) { try store.commit(batch) }
    #expect(error?.isRetryable == false)
  }

  @Test func aSecondRecordOfOneAttemptChangesNothing() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<1, transitions: [StoreTests.transition(.opened, at: 1)], isNew: true))
    let d = try DeliveryStore(directory: home.path)
    try d.register(endpoint: "a", fromStart: true)
    _ = try d.enqueue(endpoint: "a", kinds: [.burst], now: 5)
    let row = try #require(try d.nextDue(endpoint: "a", now: 5))
    try d.record(row.id, .delivered(status: 200), now: 6)
    try d.record(row.id, .retry(due: 7, status: 500, error: "late"), now: 6)
    #expect(try d.nextDue(endpoint: "a", now: 100) == nil)
  }

  @Test func aClosedStoreLeavesTheDirectoryToTheNext() throws {
    let home = try TemporaryDirectory()
    let first = try Store(directory: home.path)
    #expect(throws: StoreError.self) { try Store(directory: home.path) }
    first.close()
    let second = try Store(directory: home.path)
    // The end of the first must not give the second one's lock away.
    withExtendedLifetime(first) {}
    #expect(throws: StoreError.self) { try Store(directory: home.path) }
    withExtendedLifetime(second) {}
  }

  /// A descriptor that is closed twice is somebody else's the second time.
  @Test func aRefusedLockClosesItsFileOnce() throws {
    let home = try TemporaryDirectory()
    let held = try DirectoryLock(directory: home.path)
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [path = home.path] in
      for _ in 0..<20_000 { _ = try? DirectoryLock(directory: path) }
      done.signal()
    }
    var taken = 0
    while done.wait(timeout: .now()) == .timedOut {
      let file = open("/dev/null", O_RDONLY)
      sched_yield()
      if fcntl(file, F_GETFD) < 0 { taken += 1 } else { close(file) }
    }
    #expect(taken == 0)
    withExtendedLifetime(held) {}
  }

  @Test func deliveriesNeedADatabaseAndMakeNone() throws {
    let home = try TemporaryDirectory()
    #expect(throws: StoreError.self) { try DeliveryStore(directory: home.path) }
    #expect(!FileManager.default.fileExists(atPath: Store.file(in: home.path)))
  }

  /// Another program has the database open and writes: that is no reason to end.
  @Test func aCommitThatFindsNoTurnMayBeTriedAgain() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.db.execute("PRAGMA busy_timeout=20")
    let other = try Database(path: Store.file(in: home.path), readOnly: false)
    try other.execute("BEGIN IMMEDIATE")
    let batch = StoreTests.batch(0..<10, isNew: true)
    let error = #expect(throws: StoreError.self) { try store.commit(batch) }
    #expect(error == .busy(operation: "BEGIN IMMEDIATE") && error?.isRetryable == true)
    try other.execute("COMMIT")
    try store.commit(batch)
    #expect(store.position == 10)
  }

  /// One that writes without pause leaves turns for the others.
  @Test func writersOfOneProcessTakeTurns() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    try store.commit(StoreTests.batch(0..<10, isNew: true))
    try store.db.execute("PRAGMA busy_timeout=0")
    let isDone = Atomic<Bool>(false)
    let written = Atomic<Int>(0)
    let path = Store.file(in: home.path)
    let ended = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      defer { ended.signal() }
      guard let greedy = try? Database(path: path, readOnly: false) else { return }
      while !isDone.load(ordering: .relaxed) {
        try? greedy.transaction { () throws(StoreError) in
          try greedy.execute("INSERT INTO endpoint (name, next_seq) VALUES (hex(randomblob(8)), 1)")
        }
        written.add(1, ordering: .relaxed)
      }
    }
    while written.load(ordering: .relaxed) < 5 { usleep(1000) }
    // Without turns a time limit of nothing would fail at once.
    for k in 1...50 { try store.commit(StoreTests.batch(k * 10..<k * 10 + 10, isNew: false)) }
    isDone.store(true, ordering: .relaxed)
    ended.wait()
    #expect(store.position == 510 && written.load(ordering: .relaxed) > 5)
  }

  /// A child process has a copy of every descriptor between fork and exec.
  @Test func aCopyOfTheDescriptorDoesNotKeepTheLock() throws {
    let home = try TemporaryDirectory()
    var copy: Int32 = -1
    do {
      let lock = try DirectoryLock(directory: home.path)
      for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)
        if target == home.path + "/lock", let fd = Int32(name) { copy = dup(fd) }
      }
      #expect(throws: StoreError.self) { try DirectoryLock(directory: home.path) }
      withExtendedLifetime(lock) {}
    }
    #expect(copy >= 0)
    defer { close(copy) }
    _ = try DirectoryLock(directory: home.path)
  }

  @Test func damageIsFoundWhenAskedFor() throws {
    let home = try TemporaryDirectory()
    do {
      let store = try Store(directory: home.path)
      try store.commit(StoreTests.batch(0..<20_000, isNew: true))
      try store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }
    _ = try Store(directory: home.path, checksIntegrity: true)
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: Store.file(in: home.path)))
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: size / 2 / 4096 * 4096)
    try handle.write(contentsOf: Data(repeating: 0xa5, count: 4096))
    try handle.close()
    let error = #expect(throws: StoreError.self) { try Store(directory: home.path, checksIntegrity: true) }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func oneRunKilledAtRandomTimesKeepsWhatItWasToldIsStored() async throws {
    for delay in [3, 11, 17, 29, 41, 67] {
      let home = try TemporaryDirectory()
      let path = home.path
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as Int] in
        let store = try Store(directory: path)
        try store.commit(StoreTests.batch(0..<10, isNew: true))
        let told = FileManager.default.createFile(atPath: path + "/told", contents: nil)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path + "/told"))
        precondition(told)
        Thread.detachNewThread {
          usleep(UInt32(delay) * 1000)
          kill(getpid(), SIGKILL)
        }
        for n in 1..<100_000 {
          try store.commit(StoreTests.batch((n * 10)..<(n * 10 + 10), transitions: [StoreTests.transition(.updated, at: Int64(n))]))
          if n % 7 == 0 { try store.saveCheckpoint(Array(repeating: UInt8(n & 255), count: 5000), position: store.position) }
          try handle.write(contentsOf: Data([UInt8(ascii: "x")]))
        }
      }
      let told = try Data(contentsOf: URL(fileURLWithPath: home.path + "/told")).count
      let store = try Store(directory: home.path, checksIntegrity: true)
      let batches = Int(store.position) / 10 - 1
      #expect(store.position % 10 == 0 && (told...told + 1).contains(batches), "told \(told), found \(batches) after \(delay) ms")
      var n = 0
      try store.replay(after: 0) {
        #expect($0 == .reading(StoreTests.reading(n)))
        n += 1
      }
      #expect(n == Int(store.position))
      #expect(try StoreReader(directory: home.path).outbox(after: 0, limit: 1_000_000).count == batches)
      #expect(try StoreTests.positions(store).allSatisfy { $0 <= store.position })
    }
  }
}
