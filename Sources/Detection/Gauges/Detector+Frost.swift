import Readings

extension Detector {
  /// Follows the cold by what a thermometer has shown.
  mutating func followTemperature(_ i: Int, now: Int64, _ emit: (Transition) -> Void) {
    guard let below = settingsBlock.pointee.frostBelow, gauges.watches[i].frost >= 0 else { return }
    let frost = gauges.frosts + Int(gauges.watches[i].frost)
    let offset = Int64(calendarBlock.pointee.offset) * 1000
    for n in 0..<shown.pointee.count {
      let change = frost.pointee.take(
        shown.pointee.values[n], slot: Int32(i), time: shown.pointee.times[n], below: Float(below),
        release: Float(settingsBlock.pointee.frostRelease), offset: offset)
      if change != .none { emitFrost(frost, now: now, emit) }
    }
  }

  /// Ends frosts whose thermometers are silent. O(towns).
  mutating func expireFrosts(at now: Int64, _ emit: (Transition) -> Void) {
    for k in 0..<gauges.frostCount where gauges.frosts[k].expire(at: now) { emitFrost(gauges.frosts + k, now: now, emit) }
  }

  private func emitFrost(_ frost: UnsafeMutablePointer<FrostState>, now: Int64, _ emit: (Transition) -> Void) {
    let slot = SensorSlot(frost.pointee.slot)
    guard slot >= 0, Int(slot) < sensorCount else { return }
    var t = states[Int(slot)].transition(.freezing, frost.pointee.isOn ? .opened : .closed, judgement(slot, now))
    t.onset = Timestamp(milliseconds: frost.pointee.since)
    t.firstOnset = t.onset
    t.severity = .info
    t.evidence = []
    t.expected = settingsBlock.pointee.frostBelow ?? 0
    t.observed = Double(frost.pointee.lowest)
    emit(t)
  }

  // MARK: - Meters

  /// Brings a meter into the phase that its town is in.
  mutating func followCold(_ i: Int, now: Int64, _ emit: (Transition) -> Void) {
    let place = Int(gauges.watches[i].frost)
    guard place >= 0 else { return }
    let frost = gauges.frosts + place
    if frost.pointee.expire(at: now) { emitFrost(frost, now: now, emit) }
    let phase = frost.pointee.phase(at: now, offset: Int64(calendarBlock.pointee.offset) * 1000)
    if phase.rawValue != states[i].profile.cold { states[i].setCold(phase) }
  }

  /// Adds up what a meter shows above expectation in a freezing spell, and tells the town's common rise once.
  mutating func noteCold(_ i: Int, now: Int64, _ emit: (Transition) -> Void) {
    let residual = shown.pointee.coldResidual
    guard residual.isFinite, gauges.watches[i].frost >= 0 else { return }
    let frost = gauges.frosts + Int(gauges.watches[i].frost)
    gauges.watches[i].addCold(residual, spell: frost.pointee.spell)
    guard frost.pointee.told != frost.pointee.spell, isColdCommon(i, spell: frost.pointee.spell) else { return }
    frost.pointee.told = frost.pointee.spell
    let watch = gauges.watches[i]
    var j = judgement(SensorSlot(i), now)
    j.judged = states[i].health.lastTime
    var t = states[i].transition(.commonCause, .opened, j)
    t.onset = Timestamp(milliseconds: frost.pointee.since)
    t.firstOnset = t.onset
    t.severity = .info
    t.evidence = [.freezing]
    t.excess = Double(watch.coldSum / Float(max(watch.coldHours, 1)))
    t.observed = t.expected + t.excess
    t.isGrowing = false
    emit(t)
    t.change = .closed
    emit(t)
  }

  /// Whether most meters of the town have risen for three hours, this one among them; two at least.
  private func isColdCommon(_ i: Int, spell: Int64) -> Bool {
    guard hasRisen(i, spell: spell) == true else { return false }
    var (known, risen) = (0, 0)
    var k = i
    for _ in 0..<64 {
      if let is_ = hasRisen(k, spell: spell) {
        known += 1
        risen += is_ ? 1 : 0
      }
      k = Int(states[k].profile.nextInGroup)
      if k < 0 || k == i { break }
    }
    return risen >= 2 && risen * 5 >= known * 3
  }

  /// Nil for a sensor of which nothing can be said.
  private func hasRisen(_ k: Int, spell: Int64) -> Bool? {
    let watch = gauges.watches[k]
    guard states[k].isJudged, states[k].profile.zone < 0, watch.coldSpell == spell, watch.coldHours >= 3 else { return nil }
    let mean = watch.coldSum / Float(watch.coldHours)
    return mean > 0.03 * abs(states[k].baseline.mean) && mean > states[k].noise.daily
  }
}

extension SensorState {
  /// Another phase of the cold begins. What the evening before showed already is not judged, nor is the edge that the change makes.
  fileprivate mutating func setCold(_ phase: FrostState.Phase) {
    let wasFrozen = isFrozen
    profile.cold = phase.rawValue
    guard wasFrozen != isFrozen else { return }
    fast.reset()
    edge.reset()
    guard isFrozen, !event.isOpen else { return }
    residuals.forget(newest: 4)
    present.discard()
  }

  /// People let taps trickle: the slow statistics do not see these hours.
  var isFrozen: Bool { profile.cold == FrostState.Phase.frozen.rawValue || profile.cold == FrostState.Phase.settled.rawValue }

  /// Least rise that an edge or the sequential test may take for a burst, m³/h. Taps that trickle make up to half of what a meter shows.
  @inline(always) func leastRise(_ fraction: Float, _ j: Judgement) -> Float {
    max(leastExcess(j), (isFrozen ? max(fraction, j.tuning.frostFraction) : fraction) * abs(baseline.mean))
  }
}
