import Readings
import Testing

@testable import Detection

/// Ways of computing that are shorter than the obvious one give what that gives.
@Suite struct ShortcutTests {
  private func sortedMedian(_ values: [Float]) -> Float {
    let v = values.sorted()
    return v.count % 2 == 1 ? v[v.count / 2] : (v[v.count / 2 - 1] + v[v.count / 2]) / 2
  }

  @Test func orderStatisticsAreThoseOfTheSortedValues() {
    var rng = SplitMix(11)
    for round in 0..<400 {
      let n = Int.random(in: 1...400, using: &rng)
      // Few different values in every second round, so that many are equal.
      let values = (0..<n).map { _ in Float(Int.random(in: 0...(round % 2 == 0 ? 10 : 4000), using: &rng)) }
      let sorted = values.sorted()
      let k = Int.random(in: 0..<n, using: &rng)
      // What lies behind the values must not matter.
      var room = values + [Float](repeating: round % 3 == 0 ? .nan : -1e9, count: Selection.block)
      let found = room.withUnsafeMutableBufferPointer { Selection.pair($0.baseAddress!, n, k) }
      #expect(found.value == sorted[k] && found.lower == (k > 0 ? sorted[k - 1] : -.infinity), "\(n) values, place \(k)")
      #expect(room[..<n].sorted() == sorted)
      #expect(room.withUnsafeMutableBufferPointer { Selection.median($0.baseAddress!, n) } == sortedMedian(values))
    }
  }

  @Test func aMedianIsTheSameWhateverIsThoughtNear() {
    var rng = SplitMix(14)
    for round in 0..<600 {
      let n = Int.random(in: 1...45, using: &rng)
      let values = (0..<n).map { _ in Float(Int.random(in: -20...(round % 2 == 0 ? 10 : 4000), using: &rng)) }
      let middle = sortedMedian(values)
      // Right, a few places away, and nowhere near.
      let guesses: [Float] = [
        middle, middle.nextUp, middle - Float.random(in: 0...300, using: &rng), middle + Float.random(in: 0...300, using: &rng), 0,
        -1e9, 1e9, .infinity, -.infinity, .nan,
      ]
      for guess in guesses {
        var room = values + [Float](repeating: -1e9, count: Selection.block)
        let found = room.withUnsafeMutableBufferPointer { Selection.median($0.baseAddress!, n, near: guess) }
        #expect(found == middle, "\(n) values, \(guess) for \(middle)")
        #expect(room[..<n].sorted() == values.sorted())
      }
    }
  }

  /// Whatever shape they have, and whether many are equal: the guess from their mean only saves time. Only as much room is written as is said.
  @Test func theMedianDistanceIsTheSameByCounting() {
    var rng = SplitMix(17)
    for round in 0..<600 {
      let n = Int.random(in: 1...120, using: &rng)
      let values: [Float] = (0..<n).map { i in
        switch round % 4 {
        case 0: Float.random(in: -1...1, using: &rng)
        case 1: Float(Int.random(in: -3...3, using: &rng))
        case 2: i % 9 == 0 ? 1e6 : Float.random(in: 0.9...1.1, using: &rng)
        default: 0
        }
      }
      var room = values + [Float](repeating: -7, count: Selection.block)
      let found = room.withUnsafeMutableBufferPointer { Selection.absoluteDeviation($0.baseAddress!, n) }
      #expect(found == 1.4826 * sortedMedian(values.map(abs)), "\(n) values of kind \(round % 4)")
      #expect(room[(n + Selection.padding)...].allSatisfy { $0 == -7 })
    }
  }

  @Test func mediansOfRestDaysAreThoseOfTheSortedValues() {
    var rng = SplitMix(18)
    for round in 0..<600 {
      let (n, m) = (Int.random(in: 0...8, using: &rng), Int.random(in: 0...8, using: &rng))
      let most = round % 2 == 0 ? 3 : 9000
      let saturdays = (0..<8).map { _ in Float(Int.random(in: -most...most, using: &rng)) }
      let holidays = (0..<8).map { _ in Float(Int.random(in: -most...most, using: &rng)) }
      var scratch = [Float](repeating: .nan, count: 17)
      scratch.withUnsafeMutableBufferPointer { scratch in
        let days = RestDays(saturdays, n, holidays, m, scratch.baseAddress!)
        #expect(days.ofSaturdays == (n == 0 ? 0 : sortedMedian(Array(saturdays[..<n]))))
        #expect(days.ofHolidays == (m == 0 ? 0 : sortedMedian(Array(holidays[..<m]))))
        #expect(days.ofBoth == (n + m == 0 ? 0 : sortedMedian(Array(saturdays[..<n] + holidays[..<m]))), "\(n) and \(m)")
      }
    }
  }

  /// The eight hours may lie across the end of the ring.
  @Test func usualExcessesAreThoseOfEachHour() {
    var rng = SplitMix(19)
    var ring = ResidualRing()
    for hour in 490_000..<490_900 {
      ring.append(
        Int.random(in: 0..<9, using: &rng) == 0 ? FixedPoint.missing : Int16.random(in: -32_767...32_767, using: &rng), hour: Int64(hour))
      let found = ring.usualExcesses()
      for age in 0..<8 { #expect(found[7 - age] == ring.usualExcess(age: age), "hour \(hour), \(age) h before") }
    }
  }

  /// The newest value is lower than the one that the near line was fitted with; and whether a slope is below a bound is never said wrongly.
  @Test func aLineThatIsLessSteepIsTheSameByHalfTheBounds() {
    var rng = SplitMix(15)
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: Detector.scratchCount)
    defer { scratch.deallocate() }
    var below = 0
    for round in 0..<300 {
      var values = InlineArray<42, Int16>(repeating: FixedPoint.missing)
      let spread = round % 2 == 0 ? 3 : 900
      for i in 0..<42 where Int.random(in: 0..<10, using: &rng) > 0 {
        values[i] = Int16(400 + 2 * i + Int.random(in: 0...spread, using: &rng))
      }
      values[41] = Int16(400 + Int.random(in: 0...spread, using: &rng))
      let near = TrendLine(&values, newest: 41, near: TrendLine(), scratch)
      values[41] -= Int16.random(in: 1...400, using: &rng)
      let plain = TrendLine(&values, newest: 41, near: TrendLine(), scratch)
      let line = TrendLine(&values, newest: 41, near: near, isLower: true, scratch)
      #expect(line.slope == plain.slope && line.error == plain.error && line.centre == plain.centre && line.count == plain.count)
      for bound in [plain.slope, plain.slope.nextUp, plain.slope + 0.5, plain.slope - 0.5, near.slope] {
        guard TrendLine.isSlope(of: &values, newest: 41, below: bound, scratch) else { continue }
        #expect(plain.slope < bound)
        below += 1
      }
    }
    #expect(below > 100)
  }

  @Test func bitsThatAreNoNumbersEndTheSearchAllTheSame() {
    var values = [Float](repeating: .nan, count: 60)
    for i in stride(from: 0, to: 40, by: 3) { values[i] = Float(i) }
    values.withUnsafeMutableBufferPointer { _ = Selection.pair($0.baseAddress!, 40, 20) }
    #expect(values[..<40].filter { !$0.isNaN }.count == 14)
  }

  @Test func aLineIsTheSameWhateverIsThoughtNear() {
    var rng = SplitMix(12)
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: Detector.scratchCount)
    defer { scratch.deallocate() }
    for round in 0..<300 {
      var values = InlineArray<42, Int16>(repeating: FixedPoint.missing)
      let spread = round % 2 == 0 ? 3 : 900
      for i in 0..<42 where Int.random(in: 0..<10, using: &rng) > 0 {
        values[i] = Int16(400 + 2 * i + Int.random(in: 0...spread, using: &rng))
      }
      let plain = TrendLine(&values, newest: 41, near: TrendLine(), scratch)
      var other = values
      other[41] = Int16(400 + Int.random(in: 0...spread, using: &rng))
      let near = TrendLine(&other, newest: 41, near: TrendLine(), scratch)
      let line = TrendLine(&values, newest: 41, near: near, scratch)
      #expect(line.slope == plain.slope && line.error == plain.error && line.centre == plain.centre && line.count == plain.count)
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
    var (buffer, places) = (ReorderBuffer(), WaitingReadings())
    var waiting: [Int64] = []
    var (newest, released) = (Int64.min, Int64.min)
    var out = 0
    for k in 0..<5000 {
      let time = 1_000_000_000 + Int64(k) * 60_000 + Int64.random(in: -15...15, using: &rng) * 60_000
      switch buffer.insert(time: time, value: Double(time), in: &places) {
      case .held:
        #expect(time > released && !waiting.contains(time))
        waiting = (waiting + [time]).sorted()
        newest = max(newest, time)
      case .late: #expect(time < released)
      case .duplicate: #expect(time == released || waiting.contains(time))
      }
      while let due = buffer.next(interval: 60_000, from: &places) {
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
