import Readings

extension Detector {
  /// Takes over changed settings of a known sensor, after a restart with another settings file. What was learnt stays.
  public mutating func setProfile(_ slot: SensorSlot, _ profile: SensorProfile) {
    guard slot >= 0, Int(slot) < sensorCount else { return }
    preserve(Int(slot))
    var changed = ProfileState(profile)
    let known = states[Int(slot)].profile
    changed.zones = known.zones
    changed.zone = known.zone
    changed.isWatched = known.isWatched
    changed.cold = known.cold
    changed.isFallen = known.isFallen
    changed.mayStand = known.mayStand
    defer { tie(Int(slot), profile) }
    if known.zone >= 0 {
      changed.allowsReverseFlow = true
      changed.expectedInterval = known.expectedInterval
    }
    guard changed.group != states[Int(slot)].profile.group else {
      changed.nextInGroup = states[Int(slot)].profile.nextInGroup
      states[Int(slot)].profile = changed
      return
    }
    leaveGroup(Int(slot))
    states[Int(slot)].profile = changed
    joinGroup(Int(slot))
  }

  /// Puts a sensor into its group's ring, behind the newest member that stands before it. O(sensors) at most.
  mutating func joinGroup(_ i: Int) {
    let group = states[i].profile.group
    states[i].profile.nextInGroup = Int32(i)
    var k = i - 1
    while k >= 0, states[k].profile.group != group || states[k].profile.nextInGroup < 0 { k -= 1 }
    if k < 0 {
      k = (i + 1..<max(i + 1, sensorCount)).first { states[$0].profile.group == group && states[$0].profile.nextInGroup >= 0 } ?? i
    }
    guard k != i else { return }
    preserve(k)
    states[i].profile.nextInGroup = states[k].profile.nextInGroup
    states[k].profile.nextInGroup = Int32(i)
  }

  /// Takes a sensor out of its ring. O(members).
  private mutating func leaveGroup(_ i: Int) {
    let next = states[i].profile.nextInGroup
    guard next >= 0, Int(next) != i else { return }
    var k = Int(next)
    while Int(states[k].profile.nextInGroup) != i { k = Int(states[k].profile.nextInGroup) }
    preserve(k)
    states[k].profile.nextInGroup = next
  }
}
