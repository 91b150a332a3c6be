import Foundation
import Readings
import Store

/// Readings of meters in turn, five minutes apart.
struct MeterReadings {
  static let begin = Timestamp(seconds: 1_748_736_000)
  let meters: Int
  private var n = 0

  init(meters: Int) { self.meters = meters }

  /// A batch that makes the meters known.
  var registration: IngestBatch {
    var batch = IngestBatch()
    batch.newSensors = (0..<meters).compactMap { n in
      SensorID(municipality: "town", zone: "z\(n / 20)", sensor: "m\(n)", quantity: .flow).map { (SensorSlot(n), $0) }
    }
    return batch
  }

  mutating func batch(_ rows: Int) -> IngestBatch {
    var batch = IngestBatch()
    for _ in 0..<rows {
      let time = MeterReadings.begin.adding(seconds: Int64(n / meters) * 300)
      let value = Double(1000 + (n &* 2_654_435_761) >> 7 & 511) / 100
      let slot = SensorSlot(n % meters)
      batch.entries.append(.reading(Reading(slot: slot, time: time, arrival: time, value: value, sequence: Int64(n / meters))))
      n += 1
    }
    return batch
  }
}

/// A directory that goes when it is not used any more.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "mizumori-store-benchmarks-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A data directory with a year of twenty meters, a reading in five minutes each (2.1 M), kept in the temporary directory.
enum Year {
  static let shared = Result { try make() }

  private static func make() throws -> String {
    let path = NSTemporaryDirectory() + "mizumori-store-benchmarks-year"
    let mark = path + "/complete-1"
    if FileManager.default.fileExists(atPath: mark) { return path }
    try? FileManager.default.removeItem(atPath: path)
    var readings = MeterReadings(meters: 20)
    let store = try Store(directory: path)
    defer { store.close() }
    try store.commit(readings.registration)
    for _ in 0..<365 { try store.commit(readings.batch(20 * 288)) }
    _ = FileManager.default.createFile(atPath: mark, contents: nil)
    return path
  }
}
