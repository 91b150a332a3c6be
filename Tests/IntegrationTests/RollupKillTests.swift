import Foundation
import Readings
import Store
import TestSupport
import Testing

/// The service is killed by SIGKILL at many of the writes with which it folds the history into hours. Each reading counts once.
@Suite(.serialized)
struct RollupKillTests {
  private static let sensors = 20
  private static let hours = 60 * 24
  private static let start = Timestamp(seconds: 1_760_000_400)

  private func reading(_ slot: Int, _ n: Int) -> Reading {
    let time = Self.start.adding(seconds: Int64(n) * 1800)
    return Reading(slot: SensorSlot(slot), time: time, arrival: time, value: Double((n * 7 + slot) % 23), sequence: Int64(n))
  }

  /// Half-hourly readings of all sensors.
  private func fill(_ store: Store, _ range: Range<Int>) throws {
    var batch = IngestBatch()
    if range.lowerBound == 0 {
      batch.newSensors = (0..<Self.sensors).compactMap { n in SensorID("t/z/m\(n)/flow").map { (SensorSlot(n), $0) } }
    }
    for n in range { for sensor in 0..<Self.sensors { batch.entries.append(.reading(reading(sensor, n))) } }
    try store.commit(batch)
  }

  @Test func eachReadingCountsOnce() throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true"])
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port, web: false)
    let rows = 2 * Self.hours
    do {
      let store = try Store(directory: service.dataDirectory)
      for n in stride(from: 0, to: rows, by: 500) { try fill(store, n..<min(n + 500, rows)) }
    }
    let reader = try StoreReader(directory: service.dataDirectory)
    func counted() throws -> Int { try reader.days(from: 0, to: .max).map(\.hours).reduce(0, +) }
    let all = Self.sensors * Self.hours
    var (kills, between) = (0, 0)
    for when in [1, 2, 3, 5, 8, 12, 16, 20, 30, 40] {
      // strace counts calls for each thread: only the one that folds writes so often here.
      try service.start(injections: ["pwrite64:signal=SIGKILL:when=\(when + 20)"])
      // Until it dies, or has nothing left to fold.
      _ = try eventually(seconds: 60) { try !service.isRunning || counted() == all }
      kills += service.wasKilled(within: 0) ? 1 : 0
      let n = try counted()
      between += n > 0 && n < all ? 1 : 0
    }
    #expect(kills >= 5, "the injection must really have killed the service: \(kills) of 10 (\(service.log.suffix(500)))")
    #expect(between > 0, "no kill fell into a round")
    try service.start()
    #expect(try eventually(seconds: 60) { try counted() == all })
    Thread.sleep(forTimeInterval: 0.5)
    #expect(service.stop() == 0)
    for slot in 0..<Self.sensors {
      let found = try reader.hours(SensorSlot(slot), from: 0, to: .max)
      #expect(found.count == Self.hours && found.allSatisfy { $0.count == 2 }, "slot \(slot)")
      let sum = found.map { $0.mean * 2 }.reduce(0, +)
      #expect(abs(sum - (0..<rows).map { reading(slot, $0).value }.reduce(0, +)) < 1e-6, "slot \(slot)")
    }
  }
}
