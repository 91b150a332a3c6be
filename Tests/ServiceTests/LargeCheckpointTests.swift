import Foundation
import Readings
import Synchronization
import TestSupport
import Testing

@testable import Service
@testable import Store

/// States that are so large that they lie in files, written by a thread of its own while readings go on.
struct LargeCheckpointTests {
  fileprivate static func open(_ directory: String) throws -> Pipeline {
    let pipeline = try Pipeline.open(directory)
    pipeline.limits.largeState = 0
    return pipeline
  }

  /// Readings number `from` … `to` of some meters, a minute apart.
  fileprivate static func feed(_ pipeline: Pipeline, _ numbers: Range<Int>, meters: Int = 3) {
    for n in numbers {
      for meter in 1...meters {
        let value = 10 + Double((n * 7 + meter * 3) % 5)
        pipeline.send("water/ina/nishi/m\(meter)/flow", #"{"ts":\#(1_780_239_600 + n * 60),"value":\#(value)}"#)
      }
    }
  }

  private func files(_ directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasPrefix("state-") }.sorted()
  }

  /// Saves while `body` goes on.
  private func save(_ pipeline: Pipeline, while body: () -> Void = {}) throws {
    pipeline.checkpoint()
    let saver = try #require(pipeline.saver)
    body()
    _ = saver.wait()
    pipeline.followSaver()
    #expect(pipeline.saver == nil)
  }

  private func bytes(_ state: StoredState) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: state.count)
    let isRead = out.withUnsafeMutableBytes { state.read(at: 0, into: $0) }
    #expect(isRead)
    return out
  }

  @Test func theStateIsOfOneMoment() throws {
    let home = try TemporaryDirectory()
    var snapshot: [UInt8] = []
    do {
      let pipeline = try Self.open(home.path)
      Self.feed(pipeline, 0..<50)
      #expect(try pipeline.commit())
      let (position, state) = (pipeline.store.position, pipeline.engine.snapshot())
      // What comes meanwhile is not in the state, and is judged again at the next start.
      try save(pipeline) { Self.feed(pipeline, 50..<80) }
      let saved = try #require(try pipeline.store.checkpoint())
      #expect(saved.position == position)
      #expect(bytes(saved.state) == state)
      #expect(try pipeline.commit())
      snapshot = pipeline.engine.snapshot()
      #expect(pipeline.counters.checkpoints.load(ordering: .relaxed) == 1)
      #expect(pipeline.counters.checkpointPause.load(ordering: .relaxed) > 0)
      pipeline.store.close()
    }
    #expect(try Self.open(home.path).engine.snapshot() == snapshot)
  }

  /// More records change at once than are kept in memory.
  @Test func manyChangesMeanwhileAreWrittenInTime() throws {
    let home = try TemporaryDirectory()
    let pipeline = try Self.open(home.path)
    let meters = 2500
    Self.feed(pipeline, 0..<2, meters: meters)
    #expect(try pipeline.commit())
    let state = pipeline.engine.snapshot()
    try save(pipeline) { Self.feed(pipeline, 2..<4, meters: meters) }
    let saved = try #require(try pipeline.store.checkpoint())
    #expect(bytes(saved.state) == state)
    #expect(pipeline.engine.snapshot() != state)
  }

  @Test func twoAreKeptAndOthersRemoved() throws {
    let home = try TemporaryDirectory()
    do {
      let pipeline = try Self.open(home.path)
      for round in 0..<4 {
        Self.feed(pipeline, round * 10..<round * 10 + 10)
        #expect(try pipeline.commit())
        if round == 3 { pipeline.lastCheckpoint() } else { try save(pipeline) }
      }
      // Files are removed by a thread of its own.
      #expect(try eventually(seconds: 50) { try files(home.path).count == 2 })
      pipeline.store.close()
    }
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: home.path + "/state-7-leftover"))
    let kept = try files(home.path).filter { $0 != "state-7-leftover" }
    _ = try Self.open(home.path)
    #expect(try files(home.path) == kept)
  }

  /// A stop while one is being written: the last one counts, and nothing is left of the other.
  @Test func aStopEndsTheOneThatIsBeingWritten() throws {
    let home = try TemporaryDirectory()
    let pipeline = try Self.open(home.path)
    Self.feed(pipeline, 0..<5, meters: 500)
    #expect(try pipeline.commit())
    pipeline.checkpoint()
    #expect(pipeline.saver != nil)
    Self.feed(pipeline, 5..<6, meters: 500)
    #expect(try pipeline.commit())
    pipeline.lastCheckpoint()
    #expect(try files(home.path).count == 1)
    #expect(try pipeline.store.checkpoint()?.position == pipeline.store.position)
  }

  /// A damaged newest one, then none at all: the start goes back further and comes to the same state.
  @Test func aDamagedOneIsPassedOver() throws {
    let home = try TemporaryDirectory()
    var snapshot: [UInt8] = []
    do {
      let pipeline = try Self.open(home.path)
      for round in 0..<2 {
        Self.feed(pipeline, round * 10..<round * 10 + 10)
        #expect(try pipeline.commit())
        try save(pipeline)
      }
      snapshot = pipeline.engine.snapshot()
      pipeline.store.close()
    }
    for file in try files(home.path) {
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: home.path + "/" + file))
      try handle.seek(toOffset: 1000)
      try handle.write(contentsOf: Data(repeating: 0xa5, count: 64))
      try handle.close()
    }
    do {
      let pipeline = try Self.open(home.path)
      #expect(pipeline.engine.snapshot() == snapshot)
      pipeline.store.close()
    }
    for file in try files(home.path) { try FileManager.default.removeItem(atPath: home.path + "/" + file) }
    #expect(try Self.open(home.path).engine.snapshot() == snapshot)
  }

  /// A copy is one file, whole in itself.
  @Test func aBackupHoldsTheState() throws {
    let (home, other) = (try TemporaryDirectory(), try TemporaryDirectory())
    let pipeline = try Self.open(home.path)
    for round in 0..<2 {
      Self.feed(pipeline, round * 10..<round * 10 + 10)
      #expect(try pipeline.commit())
      try save(pipeline)
    }
    let state = pipeline.engine.snapshot()
    let copy = Store.file(in: other.path)
    _ = try StoreBackup.copy(directory: home.path, to: copy)
    _ = try StoreBackup.check(copy)
    #expect(try FileManager.default.contentsOfDirectory(atPath: other.path) == ["mizumori.db"])
    let store = try Store(directory: other.path)
    let saved = try #require(try store.checkpoint())
    #expect(saved.position == store.position && bytes(saved.state) == state)
    #expect(try store.checkpoint(before: saved.id) == nil)
    store.close()
    #expect(try Self.open(other.path).engine.snapshot() == state)
  }

  /// A power cut may take the row of the newest state until a commit has been waited for: till then the files of the others are all there.
  @Test func aStateThatWasReplacedGoesWithTheNextCommit() throws {
    let home = try TemporaryDirectory()
    let pipeline = try Self.open(home.path)
    for round in 0..<3 {
      Self.feed(pipeline, round * 10..<round * 10 + 10)
      #expect(try pipeline.commit())
      try save(pipeline)
      #expect(try pipeline.store.db.integer("PRAGMA synchronous") == 2)
    }
    #expect(try files(home.path).count == 3 && pipeline.store.stateNames().count == 2)
    Self.feed(pipeline, 30..<31)
    #expect(try pipeline.commit())
    for _ in 0..<500 where try files(home.path).count > 2 { usleep(10_000) }
    #expect(try Set(files(home.path)) == pipeline.store.stateNames())
  }

  /// Killed at any moment of saving: the next start finds the state before or the new one, and both lead to the same.
  @Test(arguments: [1, 4, 9, 16, 25, 50]) func killedWhileSavingItStartsTheSame(delay: Int) async throws {
    let home = try TemporaryDirectory()
    let path = home.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as Int] in
      let pipeline = try LargeCheckpointTests.open(path)
      LargeCheckpointTests.feed(pipeline, 0..<3, meters: 200)
      _ = try pipeline.commit()
      Thread.detachNewThread {
        usleep(UInt32(delay) * 1000)
        kill(getpid(), SIGKILL)
      }
      for n in 3..<100_000 {
        pipeline.followSaver()
        pipeline.checkpoint()
        LargeCheckpointTests.feed(pipeline, n..<n + 1, meters: 200)
        _ = try pipeline.commit()
      }
    }
    let restored = try Self.open(home.path)
    let state = restored.engine.snapshot()
    let named = try files(home.path).count
    restored.store.close()
    #expect(named <= 2, "what was not finished is gone")
    // And from nothing but the history.
    try Database(path: Store.file(in: home.path), readOnly: false).execute("DELETE FROM checkpoint")
    #expect(try Self.open(home.path).engine.snapshot() == state)
  }
}
