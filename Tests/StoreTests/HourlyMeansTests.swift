import Readings
import TestSupport
import Testing

@testable import Store

struct HourlyMeansTests {
  /// Readings every ten minutes for five hours, none in the third.
  @Test func hoursAreInTheirPlacesAndHolesStay() throws {
    let home = try TemporaryDirectory()
    let store = try Store(directory: home.path)
    let end = Timestamp(seconds: 1_760_000_000)
    var batch = IngestBatch()
    batch.newSensors = [(0, SensorID("a/b/c/flow")!)]
    for n in 0..<30 where n / 6 != 2 {
      let time = end.adding(seconds: -5 * 3600 + Int64(n) * 600)
      batch.entries.append(
        .reading(Reading(slot: 0, time: time, arrival: time, value: Double(n / 6) * 10 + Double(n % 2), sequence: Int64(n))))
    }
    try store.commit(batch)
    let means = try StoreReader(directory: home.path).hourlyMeans(0, before: end, hours: 6)
    #expect(means == [nil, 0.5, 10.5, nil, 30.5, 40.5])
  }
}
