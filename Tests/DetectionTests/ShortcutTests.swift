import Readings
import Testing

@testable import Detection

/// Ways of computing that are shorter than the obvious one give what that gives.
@Suite struct ShortcutTests {
  private func sortedMedian(_ values: [Float]) -> Float {
    let v = values.sorted()
    return v.count % 2 == 1 ? v[v.count / 2] : (v[v.count / 2 - 1] + v[v.count / 2]) / 2
  }

  @Test func aMedianThatIsLookedForNearby() {
    var rng = SplitMix(11)
    for round in 0..<400 {
      let n = Int.random(in: 1...400, using: &rng)
      // Few different values, so that many are equal, and the bounds among them.
      let values = (0..<n).map { _ in Float(Int.random(in: 0...(round % 2 == 0 ? 40 : 4000), using: &rng)) }
      let middle = sortedMedian(values)
      let low = middle - Float(Int.random(in: -2...6, using: &rng))
      let high = middle + Float(Int.random(in: -2...6, using: &rng))
      var room = values + [Float](repeating: 0, count: n + 8)
      let found = room.withUnsafeMutableBufferPointer { Selection.median($0.baseAddress!, n, between: low, high) }
      #expect(found == middle, "\(n) values, \(low)...\(high)")
    }
  }

  @Test func runningSumsOfTheShiftStayWithThoseOfAllHours() {
    var meter = Meter(days: 45, minutes: 15, mean: 12, seed: 4)
    meter.extra = { d in d > 40 ? 3 : 0 }
    var d = detector()
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: Detector.scratchCount)
    defer { scratch.deallocate() }
    var compared = 0
    for (n, r) in meter.readings().enumerated() {
      _ = d.run([r])
      var s = d.states[0]
      guard n % 7 == 0, s.residuals.newest > .min, s.residuals.older.isFor(s.residuals.newest) else { continue }
      let all = ShiftDays(hour: s.residuals.newest, &s.residuals, &s.baseline, clip: Tuning().clip, scratch)
      for i in 0..<ShiftDays.windows {
        let (a, b) = (s.residuals.older.sums(i), all.sums(i))
        #expect(a.count == b.count)
        #expect(abs(a.sum - b.sum) < 1e-4 * (1 + abs(b.sum)) && abs(a.weights - b.weights) < 1e-4)
        #expect(abs(a.zSum - b.zSum) < 1e-3 * (1 + abs(b.zSum)) && abs(a.zSquares - b.zSquares) < 1e-3 * (1 + b.zSquares))
      }
      compared += 1
    }
    #expect(compared > 400)
  }

  /// Against an array that is sorted.
  @Test func theRingKeepsReadingsInOrder() {
    var rng = SplitMix(12)
    var buffer = ReorderBuffer()
    var waiting: [Int64] = []
    var (newest, released) = (Int64.min, Int64.min)
    var out = 0
    for k in 0..<5000 {
      let time = 1_000_000_000 + Int64(k) * 60_000 + Int64.random(in: -15...15, using: &rng) * 60_000
      switch buffer.insert(time: time, value: Double(time)) {
      case .held:
        #expect(time > released && !waiting.contains(time))
        waiting = (waiting + [time]).sorted()
        newest = max(newest, time)
      case .late: #expect(time < released)
      case .duplicate: #expect(time == released || waiting.contains(time))
      }
      while let due = buffer.next(interval: 60_000) {
        #expect(due.time == waiting.first && due.value == Double(due.time))
        #expect(newest - due.time >= ReorderBuffer.window || waiting.count == ReorderBuffer.capacity)
        released = due.time
        waiting.removeFirst()
        out += 1
      }
      #expect(buffer.count == waiting.count && buffer.newest == newest)
    }
    #expect(out > 2000 && buffer.late > 100)
  }
}
