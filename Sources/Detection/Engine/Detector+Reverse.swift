import Readings

extension Detector {
  /// Flow below 0 came from a meter that is not allowed any, and was refused.
  ///
  /// It ends silence and takes its place by time as any reading does; three in a row open `reverseFlow`, and the next that is accepted ends it.
  /// Nothing of it is learnt, added to a zone or looked at for leaks, whatever the profile says by now.
  /// - Parameters:
  ///   - r: `value` below 0, m³/h.
  ///   - derive: as of `process`: readings that waited for this one may become due.
  /// - Complexity: O(1) amortised.
  public mutating func noteReverse(_ r: Reading, derive: (Reading) -> Void = { _ in }, emit: (Transition) -> Void) {
    guard r.slot >= 0, Int(r.slot) < sensorCount, r.value < 0, r.value.isFinite, Detector.isPossible(r),
      states[Int(r.slot)].profile.zone < 0, states[Int(r.slot)].profile.quantity == Quantity.flow.rawValue
    else {
      ignoredReadings &+= 1
      return
    }
    let i = Int(r.slot)
    preserve(i)
    let value = WaitingReadings.reverse(max(r.value, -1e9))
    let now = max(r.time.milliseconds, states[i].order.newest)
    let arrival = Detector.isKnown(r.arrival) ? r.arrival.milliseconds : r.time.milliseconds
    shown.pointee.count = 0
    shown.pointee.hasEnded = false
    guard !states[i].profile.isWatched else { return takeWatched(r, value: value, arrival: arrival, now: now, derive: derive, emit) }
    states[i].takeAside(time: r.time.milliseconds, arrival: arrival, value: value, judgement(r.slot, now), emit)
    if states[i].event.isOpen, shown.pointee.hasEnded { corroborate(i, now: now, emit: emit) }
    if shown.pointee.count > 0 { feedZones(of: i, derive: derive, emit) }
  }
}
