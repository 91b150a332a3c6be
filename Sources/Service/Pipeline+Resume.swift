import Readings
import Store

extension Pipeline {
  /// Makes the pipeline know what the store holds, before the first message.
  func resume(_ sensors: [StoredSensor], transitions: [Transition]) throws {
    let newest = try store.newestTimes()
    for s in sensors { filter.add(newestStored: newest[s.slot]) }
    if let last = newest.values.max() { clock.observe(last, monotonic: Clocks.monotonic()) }
    guard !transitions.isEmpty else { return }
    // Those that were stored before the last stop are recognised by their keys.
    batch.transitions = transitions
    try store.commit(batch)
    batch.removeAll()
  }
}
