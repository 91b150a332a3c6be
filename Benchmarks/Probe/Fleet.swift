import Glibc
import Readings
import Store

/// Batches of readings of so many meters, in turn, one reading of each in `Workload.interval`.
struct Fleet {
  let meters: Int
  /// Readings made so far.
  private(set) var count = 0
  private var values = Numbers(state: 1)

  init(meters: Int) { self.meters = meters }

  func registration() -> IngestBatch {
    var batch = IngestBatch()
    for slot in 0..<meters {
      guard let id = SensorID(municipality: "town", zone: "z", sensor: "m\(slot)", quantity: .flow) else { exit(1) }
      batch.newSensors.append((SensorSlot(slot), id))
    }
    return batch
  }

  mutating func batch(_ rows: Int) -> IngestBatch {
    var batch = IngestBatch()
    for _ in 0..<rows {
      let time = Timestamp(milliseconds: Workload.firstTime + Int64(count / meters) * Workload.interval)
      let value = (Workload.value(at: time.milliseconds, &values) * 100).rounded() / 100
      let reading = Reading(slot: SensorSlot(count % meters), time: time, arrival: time, value: value, sequence: Int64(count / meters))
      batch.entries.append(.reading(reading))
      count += 1
    }
    return batch
  }
}
