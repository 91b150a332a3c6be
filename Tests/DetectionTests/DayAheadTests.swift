import Readings
import Testing

@testable import Detection

/// A day's end that is worked out in the sensor's own minute, and adopted when the day ends, is the one that is worked out at that moment.
@Suite struct DayAheadTests {
  /// All that a day's end makes. Values are compared bit by bit: nan is nan.
  private struct Learnt: Equatable {
    var floats: [UInt32]
    var codes: [Int16]
    var counts: [Int]

    init(_ d: borrowing Detector, _ slot: Int) {
      var s = d.states[slot]
      // A day that stands in the ring ahead of its time is not learnt yet.
      s.baseline.discardAhead()
      var values = [
        s.baseline.level, s.baseline.factor, s.baseline.mean, s.baseline.lastDay, s.baseline.quantum, s.noise.daily, s.noise.correlation,
        s.noise.eightHours, s.noise.switching, s.threshold.factor, s.fast.scale, s.event.recent, s.feedback.factor, s.night.trend.score,
      ]
      for i in 0..<72 { values.append(s.baseline.profile(i)) }
      for h in 0..<24 { values += [s.baseline.spread(h), s.baseline.weight(h), s.baseline.today.at(h)] }
      for i in 0..<ShiftState.windows { values += [s.shift.means[i], s.shift.scores[i]] }
      floats = values.map { $0.isNaN ? UInt32.max : $0.bitPattern }
      codes = (0..<s.baseline.ring.count).map { s.baseline.ring.at($0) }
      codes += (0..<24 * Int(s.baseline.queueCount)).map { s.baseline.queue.at($0) }
      if s.residuals.newest != Int64.min { codes += (0..<ResidualRing.hours).map { s.residuals.code(age: $0) } }
      counts = [
        Int(s.baseline.ringCount), Int(s.baseline.ringNext), Int(s.baseline.queueCount), Int(s.baseline.daysSeen), Int(s.baseline.day),
        Int(s.baseline.form.rawValue), s.profile.mayStand ? 1 : 0, Int(clamping: s.residuals.newest),
      ]
      counts += (0..<BaselineState.ringDays).map { Int(s.baseline.ringTypes.at($0)) }
      counts += (0..<Int(s.baseline.queueCount)).map { Int(s.baseline.queueTypes.at($0)) }
    }
  }

  /// A detector that does all ahead beside one that does nothing ahead.
  private struct Twins: ~Copyable {
    var early: Detector
    var late: Detector
    /// Days that were adopted, and such as were worked out ahead in vain.
    var adopted = 0
    var discarded = 0
    var compared = 0
    private var told: [Transition] = []

    init(_ make: () -> Detector) {
      early = make()
      late = make()
    }

    /// Judges by both. Compares what they tell, and what they learnt at each hour's end and wherever `isClose`.
    mutating func run(_ readings: [Reading], isClose: Bool = false, sourceLocation: SourceLocation = #_sourceLocation) {
      for r in readings {
        let slot = Int(r.slot)
        for i in 0..<late.sensorCount { late.states[i].hour.ahead = Int64.max }
        let (wasAhead, day, hour) = (isAhead(slot), early.states[slot].baseline.day, early.states[slot].residuals.newest)
        let isFree = early.states[slot].residuals.older.isFor(hour &+ 1)
        let (a, b) = (early.run([r]), late.run([r]))
        told += a
        #expect(a == b, "at \(r.time)", sourceLocation: sourceLocation)
        // The residuals were not touched, and the day has ended.
        if wasAhead, isFree, early.states[slot].baseline.day != day {
          if early.states[slot].residuals.older.isFor(early.states[slot].residuals.newest) { adopted += 1 }
        }
        if wasAhead, !isAhead(slot), early.states[slot].baseline.day == day { discarded += 1 }
        if isClose || early.states[slot].residuals.newest != hour { compare(slot, r.time, sourceLocation) }
      }
    }

    mutating func compare(_ slot: Int, _ time: Timestamp, _ sourceLocation: SourceLocation = #_sourceLocation) {
      compared += 1
      let isSame = Learnt(early, slot) == Learnt(late, slot)
      #expect(isSame, "at \(time)", sourceLocation: sourceLocation)
    }

    mutating func apply(_ kind: ActionKind, _ slot: SensorSlot, at time: Timestamp) {
      let action = OperatorAction(slot: slot, kind: kind, time: time, from: time, to: time.adding(seconds: 3600))
      let (a, b) = (early.apply(action) { _ in }, late.apply(action) { _ in })
      #expect(a == b)
    }

    mutating func restore() throws {
      let bytes = early.snapshot()
      early = try Detector.restore(bytes, settings: early.settings, calendar: early.calendar)
      let isSame = early.snapshot() == bytes
      #expect(isSame)
    }

    func isAhead(_ slot: Int) -> Bool { early.states[slot].baseline.ahead.isDayDone }
    var transitions: [Transition] { told }
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>) func townsLearnTheSame(seed: UInt64) {
    var s = Scenario.random(seed, days: 24...30)
    s.minutes = seed.isMultiple(of: 2) ? 15 : 10
    var rng = SplitMix(seed)
    let readings = s.readings().swapped(&rng).duplicated(&rng)
    var twins = Twins { s.detector() }
    twins.run(readings)
    let (compared, adopted) = (twins.compared, twins.adopted)
    #expect(compared > 500 && adopted >= 3, "\(adopted) days adopted")
  }

  private static let start = Timestamp(iso8601: "2026-06-01T00:00:00+09:00") ?? Timestamp(milliseconds: 0)
  private static let day: Int64 = 86_400_000
  /// Readings of an hour of yesterday evening that come late: one of that hour came, too few for its mean.
  private static let missing = (29 * 288 + 20 * 12 + 1)..<(29 * 288 + 21 * 12)

  /// What happens while a day's end stands ready, 40 min after midnight.
  enum Between: CaseIterable {
    case nothing, checkpoint, burst, falseAlarm, acceptedAsNormal, works, zeros, silence, daysMissing, clockAhead, lateReadings, hugeValues
  }

  /// Readings of day 30 after 00:45 and of the days after it, with what happens.
  private static func disturb(_ between: Between, _ rest: inout [Reading], _ all: [Reading], _ twins: inout Twins) throws {
    let now = start.adding(milliseconds: 30 * day + 40 * 60_000)
    switch between {
    case .nothing: break
    case .checkpoint: try twins.restore()
    case .burst: for i in 0..<60 { rest[i].value += 60 }
    case .falseAlarm: twins.apply(.falseAlarm, 0, at: now)
    case .acceptedAsNormal: twins.apply(.acceptAsNormal, 0, at: now)
    case .works: twins.apply(.plannedWork, 0, at: now)
    case .zeros: for i in 0..<(4 * 288) { rest[i].value /= 60 }
    // Until the next noon: the day ends with what comes then.
    case .silence: rest.removeFirst(11 * 12)
    case .daysMissing: rest.removeFirst(5 * 288)
    // A reading from three days later by a clock that is put right with the next one.
    case .clockAhead:
      let ahead = now.adding(milliseconds: 3 * day)
      rest.insert(Reading(slot: 0, time: ahead, arrival: ahead, value: 12), at: 0)
    case .lateReadings:
      for var r in all[missing].reversed() {
        r.arrival = now
        rest.insert(r, at: 0)
      }
    case .hugeValues: for i in 0..<20 { rest[i].value = 1e29 }
    }
  }

  @Test(arguments: Between.allCases) func whateverComesBetween(_ between: Between) throws {
    var meter = Meter(days: 38, minutes: 5, mean: 12, noise: 0.02, seed: 5)
    // One leak before, so that there is something to call a false alarm; it is long over.
    meter.extra = { d in d >= 20.3 && d < 21.4 ? 8 : 0 }
    let all = meter.readings()
    var twins = Twins { detector() }
    var before = Array(all[..<(30 * 288 + 9)])
    if between == .lateReadings { before.removeSubrange(Self.missing) }
    twins.run(before)
    // It stands ready from the sensor's minute on.
    let isAhead = twins.isAhead(0)
    #expect(isAhead)
    let adopted = twins.adopted
    var rest = Array(all[(30 * 288 + 9)...])
    try Self.disturb(between, &rest, all, &twins)
    twins.compare(0, Self.start)
    // Until the day has ended every reading is looked at.
    twins.run(Array(rest[..<30]), isClose: true)
    let soon = twins.adopted
    switch between {
    case .nothing, .checkpoint, .silence, .daysMissing: #expect(soon == adopted + 1)
    case .acceptedAsNormal, .lateReadings: #expect(soon == adopted)
    default: break
    }
    twins.run(Array(rest[30...]))
    let (later, leaks) = (twins.adopted, twins.transitions.openedLeaks.count)
    #expect(later > adopted, "later days are adopted again")
    #expect(leaks >= 1)
  }

  /// At each reading from midnight until the day has ended.
  @Test func restoredAroundTheDaysEndItGoesOnTheSame() throws {
    let all = Meter(days: 26, minutes: 5, mean: 12, seed: 6).readings()
    let first = 24 * 288
    var twins = Twins { detector() }
    twins.run(Array(all[..<first]))
    for r in all[first..<(first + 20)] {
      try twins.restore()
      twins.run([r], isClose: true)
    }
    let adopted = twins.adopted
    #expect(adopted >= 10)
    twins.run(Array(all[(first + 20)...]))
  }

  /// A pump's meter changes its form with the day that is adopted.
  @Test func theFormOfAPumpIsAdopted() {
    let start = Self.start
    var rng = SplitMix(9)
    var readings: [Reading] = []
    var (isOn, left) = (false, 0)
    for i in 0..<(40 * 96) {
      // Five weeks of a town, then a pump that is on for hours at random.
      if left == 0 { (isOn, left) = (!isOn, Int.random(in: 8...40, using: &rng)) }
      left -= 1
      let t = start.adding(milliseconds: Int64(i) * 900_000)
      readings.append(Reading(slot: 0, time: t, arrival: t, value: isOn ? 30 : 0))
    }
    var twins = Twins { detector() }
    twins.run(readings)
    let (form, adopted) = (twins.early.states[0].baseline.form, twins.adopted)
    #expect(form == .onOff && adopted >= 5)
  }
}
