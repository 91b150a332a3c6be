import Readings

extension Detector {
  /// Takes what a person said about a sensor.
  ///
  /// - `repaired` closes an open leak. If the excess goes on, it is found anew.
  /// - `falseAlarm` closes it, raises the sensor's thresholds by 15 % (at most 60 %, fading by half in six months), and an excess of up
  ///   to 1.3 times this one is not told for some days. Saying it of a leak that has just ended counts too, once for each event.
  /// - `acceptAsNormal` closes it and takes the present flow for the new normal at once.
  /// - `plannedWork` opens a window in which nothing is judged or learnt; a leak whose onset lies in it is closed.
  /// - `workCancelled` takes planned windows away as far as they lie in its own and have not begun; one that is under way ends now.
  /// - `acknowledged` and `inProgress` change nothing here.
  /// - Returns: false when there was nothing to do it to: an unknown slot, no leak, no baseline, an empty window, or no place for one
  ///   more window.
  /// - Complexity: O(1).
  @discardableResult
  public mutating func apply(_ action: OperatorAction, emit: (Transition) -> Void) -> Bool {
    guard action.slot >= 0, Int(action.slot) < sensorCount, action.time.milliseconds > 0, action.time.milliseconds < Detector.latest
    else { return false }
    let state = states + Int(action.slot)
    var j = judgement(action.slot, max(action.time.milliseconds, state.pointee.order.newest))
    if state.pointee.health.lastTime != Int64.min { j.judged = state.pointee.health.lastTime }
    switch action.kind {
    case .acknowledged, .inProgress: return true
    case .repaired: return state.pointee.noteRepair(j, emit)
    case .falseAlarm: return state.pointee.noteFalseAlarm(j, emit)
    case .acceptAsNormal: return state.pointee.acceptAsNormal(j, emit)
    case .plannedWork: return state.pointee.planWork(from: action.from.milliseconds, to: action.to.milliseconds, j, emit)
    case .workCancelled: return state.pointee.cancelWork(from: action.from.milliseconds, to: action.to.milliseconds, j)
    }
  }
}

extension SensorState {
  /// A leak that was real says nothing against the meter.
  fileprivate mutating func noteRepair(_ j: Judgement, _ emit: (Transition) -> Void) -> Bool {
    guard event.isOpen else { return false }
    event.recent = max(0, event.recent - 1)
    close(.repaired, j, emit)
    return true
  }

  fileprivate mutating func noteFalseAlarm(_ j: Judgement, _ emit: (Transition) -> Void) -> Bool {
    guard event.isOpen || event.closed != Int64.min else { return false }
    feedback.noteFalseAlarm(onset: event.firstOnset)
    guard event.isOpen else { return true }
    feedback.dismissed = max(feedback.dismissed, 1.3 * event.estimate)
    trust(j)
    close(.falseAlarm, j, emit)
    return true
  }

  fileprivate mutating func acceptAsNormal(_ j: Judgement, _ emit: (Transition) -> Void) -> Bool {
    guard baseline.hasProfile else { return false }
    let (_, median) = residualSummary(hours: 24, j)
    let size = event.isOpen ? event.estimate : median
    if event.isOpen {
      event.recent = max(0, event.recent - 1)
      close(.acceptAsNormal, j, emit)
    } else {
      residuals.forget(newest: ResidualRing.hours)
      shift = ShiftState()
      fast.reset()
    }
    present.discard()
    baseline.shift(by: size)
    night.shift(by: size, quantum: baseline.quantum)
    edge.reset()
    threshold.discard()
    trust(j)
    return true
  }

  fileprivate mutating func planWork(from: Int64, to: Int64, _ j: Judgement, _ emit: (Transition) -> Void) -> Bool {
    guard from > 0, to > from, to < Detector.latest else { return false }
    if event.isOpen, event.onset >= from - 3_600_000, event.onset < to { close(.plannedWork, j, emit) }
    // A window that has passed explains the leak and nothing else.
    return to <= j.judged ? true : work.add(from: from, to: to)
  }

  /// What the meter showed in the part that has passed was works, all the same.
  fileprivate mutating func cancelWork(from: Int64, to: Int64, _ j: Judgement) -> Bool {
    let now = max(j.now.milliseconds + 1, from)
    return now < to && work.remove(from: now, to: to)
  }

  /// Two weeks in which days enter the baseline although they differ.
  private mutating func trust(_ j: Judgement) { feedback.trustedUntil = j.judged + 14 * 86_400_000 }

  // MARK: - Planned work

  /// Takes note of windows that begin or have ended, before a reading is judged.
  /// - Returns: whether the reading lies in a window.
  mutating func followWork(time: Int64, _ j: Judgement, _ emit: (Transition) -> Void) -> Bool {
    while let window = work.first, window.to <= time {
      // A window without a single reading hid nothing worth telling.
      if work.isTold { emit(workTransition(.closed, window.from, j)) }
      work.endFirst()
      fast.reset()
      edge.reset()
    }
    guard work.covers(time) else { return false }
    if !work.isTold, let window = work.first {
      work.isTold = true
      fast.reset()
      edge.reset()
      emit(workTransition(.opened, window.from, j))
    }
    return true
  }

  private mutating func workTransition(_ change: EventChange, _ onset: Int64, _ j: Judgement) -> Transition {
    var t = transition(.plannedWork, change, j)
    t.onset = Timestamp(milliseconds: onset)
    t.firstOnset = t.onset
    t.severity = .info
    t.evidence = []
    t.excess = Double(work.largest)
    t.volume = work.volume
    t.observed = t.expected + t.excess
    t.isGrowing = false
    t.action = .plannedWork
    return t
  }
}
