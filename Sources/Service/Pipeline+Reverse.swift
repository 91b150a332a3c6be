import Codecs
import Readings
import Store

/// Flow below 0 of a meter that is not allowed any. Its message is refused, counted and shown as every other that is; but water that runs back
/// is worth an event, so the detector hears of it, and the history keeps it for a replay.
extension Pipeline {
  /// A message of one quantity was refused for its sign: it is decoded once more.
  func noteReverse(_ payload: UnsafeBufferPointer<UInt8>, _ place: Int, now: Timestamp, monotonic: Int64) {
    let route = routes[place]
    var refused: [DecodedReading] = []
    let error = inputs[route.input].decoder.decode(
      payload, quantity: route.id.quantity, sensor: route.id, allowsReverseFlow: true, now: now, into: &refused)
    // A further fault behind the first one: then nothing of it is believed.
    guard error == nil else { return }
    noteReverse(route.slot, refused, arrival: now, monotonic: monotonic)
  }

  /// The same of a device with several quantities.
  func noteReverse(
    _ payload: UnsafeBufferPointer<UInt8>, device place: Int, now: Timestamp, monotonic: Int64, topic: UnsafeBufferPointer<UInt8>
  ) {
    let route = routes[place]
    var refused: [DeviceReading] = []
    guard let decoder = inputs[route.input].dialect,
      decoder.decode(payload, sensor: route.id, allowsReverseFlow: true, now: now, into: &refused) == nil,
      let slot = slot(of: .flow, route.device, topic: topic)
    else { return }
    noteReverse(slot, refused.filter { $0.quantity == .flow }.map(\.reading), arrival: now, monotonic: monotonic)
  }

  private func noteReverse(_ slot: SensorSlot, _ refused: [DecodedReading], arrival: Timestamp, monotonic: Int64) {
    do {
      let fresh = try intake.takeReverse(slot, refused, arrival: arrival, monotonic: monotonic, isStored: { try store.contains($0) })
      guard !fresh.isEmpty else { return }
      judge()
      for r in fresh {
        engine.noteReverse(r, derive: { derived.append($0) }, emit: { batch.transitions.append($0) })
        batch.entries.append(.reverse(r))
        derived.withUnsafeBufferPointer { batch.entries.append($0) }
        derived.removeAll(keepingCapacity: true)
      }
    } catch {
      fatal = error
    }
  }
}
