import MQTT
import Settings
import Testing

@testable import Service

/// The pace of commits that the settings allow.
struct CommitPeriodTests {
  @Test(arguments: [
    // pace, keep-alive, redelivery wait → period
    (10.0, 15, 0, 10.0 as Double?),
    (4, 15, 0, 4),
    // Two thirds of the keep-alive at most: while messages are pending nothing is written to the broker.
    (10, 6, 0, 4),
    (20, 3600, 0, 20),
    (0, 15, 0, nil),
    // A broker that sends again what was not acknowledged in its own time.
    (10, 15, 6, nil),
  ])
  func theLineBoundsIt(pace: Double, keepAlive: Int, redelivery: Int, period: Double?) {
    var s = MizumoriSettings()
    s.data.commitPaceSeconds = pace
    s.broker.keepAliveSeconds = keepAlive
    s.broker.redeliveryWaitSeconds = redelivery
    #expect(s.commitPeriod == period)
    #expect(s.commitPolicy.period == Int64((period ?? 0) * 1000))
  }
}
