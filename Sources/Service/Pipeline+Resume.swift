import Readings
import Store

extension Pipeline {
  /// Makes the pipeline know what the store holds, before the first message.
  func resume(_ sensors: [StoredSensor], transitions: [Recovery.Emitted]) throws {
    let newest = try store.newestTimes()
    for s in sensors { intake.filter.add(newestStored: newest[s.slot]) }
    if let last = newest.values.max() { clock.observe(last, monotonic: Clocks.monotonic()) }
    works.load(try store.recurringWorks())
    batteries.load(try store.sensorStatus())
    try Recovery.commit(transitions, to: store)
    try store.removeUnnamedStates()
    fullTable = try store.openServiceEvent(.sensorLimit)
    for id in profiles.derived where directory.slot(of: id) == nil { _ = addSensor(id) }
    noteRoom()
  }
}
