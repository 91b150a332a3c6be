import Readings
import Store
import Synchronization
import TestSupport
import Testing

@testable import Service

struct EventTimeClockTests {
  private let noon = Timestamp(seconds: 1_760_000_000)

  @Test func beforeTheFirstReadingThereIsNoTime() { #expect(EventTimeClock().now(monotonic: 5, wall: noon) == nil) }

  @Test func aDayOfBacklogMakesNobodySilent() {
    var c = EventTimeClock()
    let wall = noon.adding(seconds: 86_400)
    c.observe(noon, monotonic: 1000)
    #expect(c.now(monotonic: 1500, wall: wall) == noon.adding(milliseconds: 500))
  }

  @Test func silencePassesWithTheMonotonicClockUpToTheWall() {
    var c = EventTimeClock()
    c.observe(noon, monotonic: 0)
    #expect(c.now(monotonic: 7_200_000, wall: noon.adding(seconds: 7200)) == noon.adding(seconds: 7200))
    #expect(c.now(monotonic: 7_200_000, wall: noon.adding(seconds: 60)) == noon.adding(seconds: 60))
  }

  @Test func aWallClockOf1970DoesNotTurnTimeBack() {
    var c = EventTimeClock()
    c.observe(noon, monotonic: 0)
    #expect(c.now(monotonic: 9_000_000, wall: Timestamp(seconds: 0)) == noon)
  }

  @Test func lateReadingsDoNotTurnTimeBack() {
    var c = EventTimeClock()
    c.observe(noon, monotonic: 0)
    c.observe(noon.adding(seconds: -3600), monotonic: 2000)
    #expect(c.now(monotonic: 2000, wall: noon.adding(seconds: 99)) == noon)
  }

  @Test func aReconnectStartsSilenceAnew() {
    var c = EventTimeClock()
    c.observe(noon, monotonic: 0)
    c.restart(monotonic: 3_600_000)
    #expect(c.now(monotonic: 3_600_000, wall: noon.adding(seconds: 3600)) == noon)
  }
}

/// A wall clock that is wrong.
struct WrongClockTests {
  private let noon = Timestamp(seconds: 1_795_500_000)

  @Test func aClockSetBackDoesNotMakeReadingsOfTheFuture() {
    var c = EventTimeClock()
    #expect(c.present(monotonic: 0, wall: Timestamp(seconds: 5)) == Timestamp(seconds: 5))
    c.observe(noon, monotonic: 1000)
    // Right, slow by what a reading may be ahead, a year behind, a year ahead.
    #expect(c.present(monotonic: 61_000, wall: noon.adding(seconds: 60)) == noon.adding(seconds: 60))
    #expect(c.present(monotonic: 61_000, wall: noon.adding(seconds: -290)) == noon.adding(seconds: -290))
    #expect(c.present(monotonic: 61_000, wall: noon.adding(seconds: -31_536_000)) == noon.adding(seconds: 60))
    #expect(c.present(monotonic: 61_000, wall: noon.adding(seconds: 31_536_000)) == noon.adding(seconds: 31_536_000))
  }

  @Test func aStartWaitsForATimeThatCanBe() {
    var c = EventTimeClock()
    #expect(!c.isPossible(wall: Timestamp(seconds: 30)))
    #expect(c.isPossible(wall: noon))
    c.observe(noon, monotonic: 0)
    #expect(c.isPossible(wall: noon.adding(seconds: -300)))
    #expect(!c.isPossible(wall: noon.adding(seconds: -3600)))
  }

  /// The clock jumps back by 400 days while readings come in: none is refused, none is late.
  @Test func readingsGoOnWhenTheClockJumpsBack() throws {
    let home = try TemporaryDirectory()
    let p = try Pipeline.open(home.path)
    let ahead = Clocks.wall().adding(seconds: 400 * 86_400)
    // As if the wall clock had been right until now, 400 days ahead of where it stands.
    p.clock.observe(ahead, monotonic: Clocks.monotonic())
    for n in 1...50 { p.send("water/t/z/m/flow", "{\"ts\":\(ahead.milliseconds + Int64(n)),\"value\":10}") }
    #expect(try p.commit())
    #expect(p.counters.readings.load(ordering: .relaxed) == 50)
    #expect(p.counters.rejected.isEmpty)
    #expect(try StoreReader(directory: home.path).outbox(after: 0, limit: 10).isEmpty)
  }
}
