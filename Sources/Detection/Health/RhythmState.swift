/// How often a logger delivers that keeps its readings and sends them at once, learnt from its pauses.
///
/// A pause is a silence, by arrival, after which the series goes on where it had stopped: nothing is missing, the logger only sends seldom. Two
/// pauses one after the other, with a delivery between them that takes no longer than a pause, make a rhythm. Its measure is the third longest
/// of the last eight, the second longest of fewer than five, so that outages among them do not stretch it. All times are event times in ms, so a
/// replay learns the same.
struct RhythmState: BitwiseCopyable {
  private static let capacity = 8
  /// Silence that no rhythm stretches a gap's limit beyond, ms: three days.
  static let longest: Int64 = 259_200_000

  /// Arrival of the newest reading that `note` was given, once one was later than `prompt`; else Int64.min: then event times say enough.
  private(set) var last = Int64.min
  private static let prompt: Int64 = 300_000
  /// Arrival of the reading that ended the last pause.
  private var resumed = Int64.min
  /// The last pauses, in tens of seconds, in a ring.
  private var pauses = InlineArray<8, UInt16>(repeating: 0)
  /// ms
  private static let tick: Int64 = 10_000
  private var count: Int32 = 0
  private var next: Int32 = 0

  init() {}

  /// Whether nothing is known of the sensor.
  var isEmpty: Bool { last == Int64.min && resumed == Int64.min }

  /// Takes a reading's arrival. It may be left out where the reading came less than `HealthState.leastGap` after the event time of the one before.
  /// O(1)
  /// - Parameters:
  ///   - newest: event time of the newest reading before this one; Int64.min for the first.
  ///   - interval: ms between readings; 0 while unknown.
  mutating func note(time: Int64, arrival: Int64, newest: Int64, interval: Int64) {
    let before = max(newest, last)
    if last != Int64.min || arrival - time > RhythmState.prompt { last = max(last, arrival) }
    guard interval > 0, before != Int64.min else { return }
    let pause = arrival &- before
    guard pause > HealthState.leastGap, pause >= 2 &* interval else { return }
    // Readings are missing: something was lost, and how often the logger sends is not known from it.
    if time &- newest <= interval &+ interval / 2 { add(pause, before: before) }
    resumed = arrival
  }

  private mutating func add(_ pause: Int64, before: Int64) {
    // The first pause, or one after readings that had come steadily for longer.
    if resumed == Int64.min || before - resumed > max(pause, measure) { (count, next) = (0, 0) }
    pauses[Int(next)] = UInt16(min(pause, RhythmState.longest) / RhythmState.tick)
    next = (next + 1) % Int32(RhythmState.capacity)
    count = min(count + 1, Int32(RhythmState.capacity))
  }

  /// ms between deliveries; 0 while there is no rhythm.
  var measure: Int64 {
    guard count >= 2 else { return 0 }
    var used: UInt8 = 0
    var value: UInt16 = 0
    for _ in 0..<(count < 5 ? 2 : 3) {
      var best = -1
      for i in 0..<Int(count) where used >> UInt8(i) & 1 == 0 && (best < 0 || pauses[i] > pauses[best]) { best = i }
      used |= 1 << UInt8(best)
      value = pauses[best]
    }
    return Int64(value) * RhythmState.tick
  }

  /// Silence after `newest` (event time of the newest reading, ms) that makes a gap: two deliveries have been missed and a quarter of the time to
  /// the next has passed, at most `longest`; 0 where there is no rhythm, or readings have come steadily since for twice its time.
  func limit(after newest: Int64) -> Int64 {
    let m = measure
    guard m > 0, max(newest, last) - resumed <= 2 * m else { return 0 }
    return min(2 * m + m / 4, RhythmState.longest)
  }
}
