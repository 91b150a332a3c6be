import Readings
import Store

/// The table of sensors is full: one event of the service, which lasts until a start finds room.
extension Pipeline {
  func noteFullTable() {
    guard fullTable == nil else { return }
    let now = clock.present(monotonic: Clocks.monotonic(), wall: Clocks.wall())
    let opened = Transition(
      slot: SensorID.serviceSlot, kind: .sensorLimit, change: .opened, severity: .minor, evidence: .health, time: now, onset: now,
      firstOnset: now, expected: 0, observed: 0, excess: 0, volume: 0, confidence: 1, isGrowing: false)
    fullTable = opened
    batch.transitions.append(opened)
  }

  /// Ends the event of an earlier run if there is room now. Committed with the first batch.
  func noteRoom() {
    guard var closed = fullTable, directory.count < limits.maximumSensors else { return }
    fullTable = nil
    closed.change = .closed
    closed.time = clock.present(monotonic: Clocks.monotonic(), wall: Clocks.wall())
    batch.transitions.append(closed)
  }
}
