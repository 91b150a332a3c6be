import Settings
import Store
import TestSupport
import Testing

@testable import Service

/// A saved state covers what is stored, neither less nor more.
struct CheckpointMomentTests {
  @Test func itWaitsForTheCommitOfWhatTheDetectorHasSeen() throws {
    let home = try TemporaryDirectory()
    var settings = MizumoriSettings()
    settings.data.checkpointSeconds = 0
    let p = try Pipeline.open(home.path, settings: settings)
    for n in 0..<3 { p.send("water/t/z/a/flow", "{\"ts\":\(1_790_521_200 + n * 60),\"value\":10}") }
    p.checkpoint()
    #expect(try p.store.checkpoint() == nil, "three readings are judged and not stored")
    #expect(try p.commit())
    #expect(try p.store.checkpoint()?.position == p.store.position)
    #expect(p.store.position == 3)
    // Nothing waits any more: the next commit saves none.
    p.send("water/t/z/a/flow", "{\"ts\":\(1_790_521_200 + 180),\"value\":10}")
    #expect(try p.commit())
    #expect(try p.store.checkpoint()?.position == 3)
  }
}
