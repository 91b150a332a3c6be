import Readings
import Store
import Synchronization

/// The newest battery level that each sensor told. Safe from any thread: the ingest thread notes, the page reads, the rollup writes it down.
///
/// Bounded by the number of sensors; memory is taken when a sensor tells its first one, not with each reading.
final class BatteryBook: Sendable {
  private struct Entry {
    var level = Double.nan
    /// What is on disk.
    var written = Double.nan
    var time = Int64.min
    var writtenTime = Int64.min
  }
  private let entries = Mutex<[Entry]>([])
  /// dBm, of the sensors whose gateways tell it. Not kept over a restart: the next message tells it again.
  private let signals = Mutex<[SensorSlot: Double]>([:])

  /// Takes over what the store holds, at a start.
  func load(_ status: [SensorSlot: SensorStatus]) {
    for (slot, s) in status {
      guard let level = s.battery, let time = s.batteryTime else { continue }
      note(slot, level, at: time)
      wrote([(slot, s)])
    }
  }

  /// - Parameters:
  ///   - level: 0…100 %; anything else is passed over, as is what is older than what is known.
  ///   - time: event time.
  func note(_ slot: SensorSlot, _ level: Double, at time: Timestamp) {
    guard slot >= 0, (0...100).contains(level) else { return }
    let i = Int(slot)
    entries.withLock { e in
      if i >= e.count { e.append(contentsOf: repeatElement(Entry(), count: i + 1 - e.count)) }
      guard time.milliseconds >= e[i].time else { return }
      e[i].level = level
      e[i].time = time.milliseconds
    }
  }

  /// How strong a sensor was heard by the gateway that heard it best, dBm.
  func note(_ slot: SensorSlot, signal: Double) { signals.withLock { $0[slot] = signal } }

  /// The newest of it; nil where no gateway told any since the start.
  func signal(_ slot: SensorSlot) -> Double? { signals.withLock { $0[slot] } }

  /// The newest level of a sensor; nil where it told none.
  func status(_ slot: SensorSlot) -> SensorStatus? {
    entries.withLock { e in
      guard e.indices.contains(Int(slot)), !e[Int(slot)].level.isNaN else { return nil }
      return BatteryBook.status(e[Int(slot)])
    }
  }

  /// What is to be written down: levels that have changed by 1 % since they were written, or are a day newer.
  func due() -> [(slot: SensorSlot, status: SensorStatus)] {
    entries.withLock { e in
      e.indices.compactMap { i in
        let one = e[i]
        guard !one.level.isNaN, one.time > one.writtenTime else { return nil }
        let isOld = one.written.isNaN || one.time - one.writtenTime >= 86_400_000
        return isOld || abs(one.level - one.written) >= 1 ? (SensorSlot(i), BatteryBook.status(one)) : nil
      }
    }
  }

  /// These are on disk.
  func wrote(_ status: [(slot: SensorSlot, status: SensorStatus)]) {
    entries.withLock { e in
      for one in status where e.indices.contains(Int(one.slot)) {
        e[Int(one.slot)].written = one.status.battery ?? .nan
        e[Int(one.slot)].writtenTime = one.status.batteryTime?.milliseconds ?? .min
      }
    }
  }

  private static func status(_ e: Entry) -> SensorStatus {
    SensorStatus(battery: e.level, batteryTime: Timestamp(milliseconds: e.time))
  }
}
