import TestSupport
import Testing
import Web

@testable import Service

/// How the service and its machine do.
struct SystemPageTests {
  @Test func theFiguresAreThoseOfThisProcess() throws {
    let home = try TemporaryDirectory()
    let bench = try DeskBench(
      home,
      """
      broker: {host: broker.example, port: 8883}
      limits: {max_sensors: 50}
      """)
    #expect(try bench.page.system().lastArrival == nil)
    try bench.feed(["t/z/a/flow", "t/z/b/flow"], hours: 0..<10)
    try bench.ingest { $0.send("water/t/z/a/flow", "{") }
    let s = try bench.page.system()
    #expect(s.broker == "broker.example:8883" && s.version == "1" && s.isConnected && !s.logins)
    #expect(s.messages == 81 && s.readings == 80 && s.rejected.values.reduce(0, +) == 1 && s.commits > 0 && s.duplicates == 0)
    #expect(s.sensors == 2 && s.maximumSensors == 50 && s.lastArrival != nil)
    // This process holds some megabytes, and its disk is larger than what is free on it.
    #expect(s.rssBytes > 10 << 20 && s.rssBytes < 16 << 30)
    #expect(s.databaseBytes > 4096 && s.diskTotalBytes > s.diskFreeBytes && s.diskFreeBytes > 0)
    #expect(s.uptimeS >= 0 && s.uptimeS < 600 && s.started.hasSuffix("+09:00"))
  }

  @Test func theRateIsThatOfTheLastFiveMinutes() {
    let ring = RateRing()
    #expect(ring.perMinute(5, now: 0) == 0)
    ring.tick(0, now: 1_000_000)
    #expect(ring.perMinute(100, now: 1_000_500) == 0, "half a second says nothing")
    #expect(ring.perMinute(100, now: 1_010_000) == 600)
    // Ten readings a second for an hour, then none: after five minutes it stands at 0.
    var (count, now): (Int, Int64) = (0, 1_000_000)
    for _ in 0..<3600 {
      (count, now) = (count + 10, now + 1000)
      ring.tick(count, now: now)
    }
    #expect(abs(ring.perMinute(count, now: now) - 600) < 1)
    for second in 1...310 {
      now += 1000
      ring.tick(count, now: now)
      if second == 150 { #expect(abs(ring.perMinute(count, now: now) - 300) < 25) }
    }
    #expect(ring.perMinute(count, now: now) == 0)
    // A thread that stood still for an hour tells nothing old.
    #expect(ring.perMinute(count + 999, now: now + 3_600_000) == 0)
  }
}
