import Readings

/// What the detector thinks of one sensor, for the page and `explain`.
public struct Explanation: Sendable {
  public enum State: Hashable, Sendable {
    /// 学習中: so many of so many days.
    case learning(days: Int, of: Int)
    case normal
    case leak(EventKind)
    /// A fault of meter or line is open.
    case fault(EventKind)
  }

  /// One statistic and what it is compared with.
  public struct Statistic: Sendable {
    public let name: String
    public let value: Double
    public let threshold: Double
  }

  public var state: State
  /// Progress of learning, whatever the state: complete days seen, and how many are wanted.
  public var learnedDays: Int
  public var learningDays: Int
  /// m³/h at the last reading; nil while there is no baseline.
  public var expected: Double?
  public var low: Double?
  public var high: Double?
  /// Last judged value (m³/h) and its event time.
  public var lastValue: Double?
  public var lastTime: Timestamp?
  /// Mean flow of the profile, m³/h; nil while there is none.
  public var meanFlow: Double?
  /// The open leak: estimate (m³/h), onset, volume (m³).
  public var leakExcess: Double?
  public var leakOnset: Timestamp?
  public var leakVolume: Double?
  public var statistics: [Statistic]
  /// The sensor's own factor on thresholds, from 1: what it usually reaches, and the leaks it opened of late.
  public var thresholdFactor: Double
  /// The part of it that false alarms raised, 1…1.6, and how many there were.
  public var feedbackFactor: Double
  public var falseAlarms: Int
  /// The planned work that is under way or next.
  public var work: Range<Timestamp>?
  /// Last night minimum and the reference of the weeks before, m³/h.
  public var nightMinimum: Double?
  public var nightReference: Double?
  /// Nothing is learnt since a leak is suspected or open.
  public var isLearningSuspended: Bool
  /// Learnt interval between readings, ms; 0 while unknown.
  public var interval: Int64
  /// Readings that came more than the reordering window late, and readings that were not plausible.
  public var lateReadings: Int64
  public var invalidReadings: Int64
}

extension Detector {
  /// - Returns: an empty explanation (learning, 0 days) for an unknown slot.
  public func explain(_ slot: SensorSlot) -> Explanation {
    guard slot >= 0, Int(slot) < sensorCount else { return Explanation(SensorState(), settings, nil, scale: 0) }
    let s = states[Int(slot)]
    let last = s.health.lastTime
    let band = last == Int64.min ? nil : expectation(slot, at: Timestamp(milliseconds: last))
    return Explanation(s, settings, band, scale: Double(scale(of: Int(slot))))
  }

  /// Expected value and usual range (± 2.5 σ of a reading) at a moment, m³/h; nil while there is no baseline.
  ///
  /// For other days than today the day type is looked up and the present level is used.
  public func expectation(_ slot: SensorSlot, at t: Timestamp) -> (expected: Double, low: Double, high: Double)? {
    guard slot >= 0, Int(slot) < sensorCount, t.milliseconds > 0, t.milliseconds < Detector.latest else { return nil }
    let state = states + Int(slot)
    guard state.pointee.baseline.hasProfile else { return nil }
    let j = judgement(slot, t.milliseconds)
    let type = calendar.dayType(ofDay: calendar.day(of: t))
    let (m, s) = state.pointee.expectation(time: t.milliseconds, localHour: j.localHour(t.milliseconds), type: Int(type.rawValue), j)
    let width = 2.5 * Double(s) * Double(max(1, state.pointee.fast.scale))
    let zero = Double(scale(of: Int(slot)))
    let low = Double(m) - width - zero
    return (Double(m) - zero, state.pointee.profile.allowsReverseFlow ? low : max(0, low), Double(m) + width - zero)
  }
}

extension Explanation {
  /// - Parameter scale: what was added to the values before they were judged, m³/h; see `TankState`.
  init(_ s: SensorState, _ settings: DetectorSettings, _ band: (expected: Double, low: Double, high: Double)?, scale: Double) {
    func finite(_ v: Float) -> Double? { v.isFinite ? Double(v) : nil }
    let t = settings.tuning
    let days = Int(s.baseline.daysSeen)
    state = Explanation.state(s, settings)
    learnedDays = min(days, settings.learningDays)
    learningDays = settings.learningDays
    expected = band?.expected
    low = band?.low
    high = band?.high
    lastValue = finite(s.health.lastValue).map { $0 - scale }
    lastTime = s.health.lastTime == Int64.min ? nil : Timestamp(milliseconds: s.health.lastTime)
    meanFlow = s.baseline.hasProfile ? finite(s.baseline.mean).map { $0 - scale } : nil
    leakExcess = s.event.isOpen ? Double(s.event.estimate) : nil
    leakOnset = s.event.isOpen ? Timestamp(milliseconds: s.event.onset) : nil
    leakVolume = s.event.isOpen ? s.event.volume : nil
    thresholdFactor = Double(s.caution(t))
    feedbackFactor = Double(s.feedback.factor)
    falseAlarms = Int(s.feedback.falseAlarms)
    work = s.work.first.map { Timestamp(milliseconds: $0.from)..<Timestamp(milliseconds: $0.to) }
    nightMinimum = finite(s.night.last).map { $0 - scale }
    nightReference = finite(s.night.reference).map { $0 - scale }
    isLearningSuspended = s.event.isOpen || (s.baseline.ringCount >= 12 && s.isSuspicious(t))
    interval = s.interval
    lateReadings = s.order.late
    invalidReadings = s.faults.invalidCount
    statistics = Explanation.statistics(s, t)
  }

  private static func statistics(_ s: SensorState, _ t: Tuning) -> [Statistic] {
    let factor = Double(s.caution(t))
    var out = [Statistic(name: "cusum", value: Double(s.fast.score), threshold: Double(s.fastLimit(t)))]
    out.append(Statistic(name: "edge", value: Double(s.edge.height), threshold: Double(s.edgeLimit(t))))
    out.append(Statistic(name: "shift_6h", value: Double(s.shift.sixHours), threshold: Double(t.sixHours) * factor))
    out.append(Statistic(name: "shift_8h", value: Double(s.shift.eightHours), threshold: Double(t.shift8) * factor))
    let night = max(s.shift.scores[0], s.shift.scores[1])
    out.append(Statistic(name: "shift_12h", value: Double(night), threshold: Double(t.shift12) * factor))
    for i in ShiftState.day..<ShiftState.windows {
      let limit = Double(ShiftState.threshold(i, t)) * factor
      out.append(Statistic(name: "shift_\(ShiftState.hours(i))h", value: Double(s.shift.scores[i]), threshold: limit))
    }
    out.append(Statistic(name: "night_minimum", value: Double(s.night.score), threshold: Double(t.night) * factor))
    out.append(Statistic(name: "night_trend", value: Double(s.night.trend.score), threshold: Double(t.trend) * factor))
    return out
  }

  private static func state(_ s: SensorState, _ settings: DetectorSettings) -> State {
    if s.event.isOpen { return .leak(s.openKind) }
    let kinds: [(Int, EventKind)] = [
      (HealthIndex.gap, .gap), (HealthIndex.stuck, .stuck), (HealthIndex.outOfRange, .outOfRange), (HealthIndex.reverse, .reverseFlow),
      (HealthIndex.unitJump, .unitJump), (HealthIndex.clockSkew, .clockSkew), (HealthIndex.lateFlush, .lateFlush),
    ]
    for (i, kind) in kinds where s.faults.isOpen(i) { return .fault(kind) }
    let days = Int(s.baseline.daysSeen)
    return days < settings.learningDays ? .learning(days: days, of: settings.learningDays) : .normal
  }
}
