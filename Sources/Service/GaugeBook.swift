import Readings
import Synchronization

/// Gauges of pressure and meters of flow, by zone. Filled as sensors become known; safe from any thread.
final class GaugeBook: Sendable {
  private struct Zone {
    var gauges: Set<SensorID> = []
    var meters: Set<SensorID> = []
  }
  private let zones = Mutex<[String: Zone]>([:])

  /// O(1)
  func note(_ id: SensorID) {
    switch id.quantity {
    case .pressure: zones.withLock { _ = $0[GaugeBook.name(id), default: Zone()].gauges.insert(id) }
    case .flow, .total: zones.withLock { _ = $0[GaugeBook.name(id), default: Zone()].meters.insert(id) }
    case .level, .temperature: break
    }
  }

  /// The gauges of a meter's zone, three at most.
  func gauges(besides id: SensorID) -> [SensorID] {
    let found = zones.withLock { $0[GaugeBook.name(id)]?.gauges ?? [] }
    return found.isEmpty ? [] : Array(found.sorted().prefix(3))
  }

  func meters(besides id: SensorID) -> [SensorID] { zones.withLock { Array($0[GaugeBook.name(id)]?.meters ?? []) } }

  private static func name(_ id: SensorID) -> String { "\(id.municipality)/\(id.zone)" }
}
