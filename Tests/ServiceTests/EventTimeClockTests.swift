import Readings
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
