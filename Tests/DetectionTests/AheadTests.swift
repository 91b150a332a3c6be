import Readings
import Testing

@testable import Detection

/// What is done before an hour's end is only done earlier: the minute at which a sensor does it, which follows from its slot, changes nothing.
@Suite struct AheadTests {
  /// Two leaks, one of which goes on over midnight, a slow one, a gap and hours that come late.
  private func readings(slot: SensorSlot, minutes: Int) -> [Reading] {
    var meter = Meter(days: 110, minutes: minutes, mean: 12, seed: 3, slot: slot)
    meter.extra = { d in
      let slow = d > 70 ? min((d - 70) * 0.06, 2) : 0
      return slow + (d >= 30.95 && d < 34.3 ? 5 : 0) + (d >= 52.4 && d < 53 ? 9 : 0)
    }
    let perDay = 1440 / minutes
    var all = meter.readings()
    all.removeSubrange(44 * perDay + perDay / 3..<45 * perDay + perDay / 8)
    // Swapped neighbours.
    all.swapAt(2000, 2001)
    return all
  }

  /// Transitions without their slot, and two of the figures that are done ahead.
  private struct Outcome: Equatable {
    var transitions: [Transition]
    var daily: Float
    var trend: Float
  }

  private func judged(slot: SensorSlot, minutes: Int) -> Outcome {
    var d = detector(Int(slot) + 1)
    var out = d.run(readings(slot: slot, minutes: minutes))
    for i in out.indices { out[i].slot = 0 }
    let state = d.states[Int(slot)]
    return Outcome(transitions: out, daily: state.noise.daily, trend: state.night.trend.score)
  }

  @Test(arguments: [5, 15])
  func theSlotChangesNothing(minutes: Int) {
    let expected = judged(slot: 0, minutes: minutes)
    #expect(expected.transitions.openedLeaks.count >= 2)
    for slot in [1, 2, 7] as [SensorSlot] { #expect(judged(slot: slot, minutes: minutes) == expected) }
  }

  /// The same as doing nothing ahead.
  @Test func withoutItTheSameComesOut() {
    let expected = judged(slot: 0, minutes: 15).transitions
    // Slot 1 has its minute in the second half of the hour: it never comes.
    var d = detector(2)
    var out: [Transition] = []
    for r in readings(slot: 1, minutes: 15) {
      d.states[1].hour.ahead = Int64.max
      for var t in d.run([r]) {
        t.slot = 0
        out.append(t)
      }
      #expect(d.states[1].baseline.ahead.isDone(5) == false)
    }
    #expect(out == expected)
  }

  @Test func mostHoursAreDoneAheadAtMidnight() {
    let all = Meter(days: 20, minutes: 15).readings()
    var d = detector()
    // Up to 00:45 of the last day, ten minutes of which wait for earlier ones.
    _ = d.run(Array(all[..<(19 * 96 + 3)]))
    #expect((1..<24).allSatisfy { d.states[0].baseline.ahead.isDone($0) })
  }
}
