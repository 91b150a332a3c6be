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
  @Test func whetherAMedianIsBeyondABoundIsAsTheMedianSays() {
    var rng = SplitMix(17)
    for round in 0..<600 {
      let n = Int.random(in: 0...80, using: &rng)
      let values = (0..<n).map { _ in Float(Int.random(in: -20...(round % 2 == 0 ? 10 : 4000), using: &rng)) }
      let middle = n == 0 ? 0 : sortedMedian(values)
      for bound in [middle, middle.nextUp, middle.nextDown, middle + 0.5, middle - 0.5, middle + 40, middle - 40] {
        var room = values + [Float](repeating: .nan, count: 16)
        #expect(room.withUnsafeMutableBufferPointer { Selection.isMedian($0.baseAddress!, n, above: bound) } == (middle > bound))
        #expect(room.withUnsafeMutableBufferPointer { Selection.isMedian($0.baseAddress!, n, below: bound) } == (middle < bound))
      }
    }
  }

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

  /// Six weeks of values that rise by some quanta a day, some days missing.
  private func weeks(rise: Double, spread: Int, _ rng: inout SplitMix) -> InlineArray<42, Int16> {
    var values = InlineArray<42, Int16>(repeating: FixedPoint.missing)
    for i in 0..<42 where Int.random(in: 0..<10, using: &rng) > 0 {
      values[i] = Int16(400 + rise * Double(i) + Double(Int.random(in: 0...spread, using: &rng)))
    }
    return values
  }

  /// The line of those days, whatever lines there were before.
  private func line(_ days: TrendDays, near: TrendLine = TrendLine(), _ work: UnsafeMutablePointer<Float>) -> TrendLine {
    var near = near
    near.move(to: days, work)
    return TrendLine(days, near: near, work)
  }

  @Test func whatIsSaidOfASlopeIsTrue() {
    var rng = SplitMix(15)
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: Detector.scratchCount)
    defer { scratch.deallocate() }
    let work = scratch + TrendDays.size
    var told = 0
    for round in 0..<300 {
      var values = weeks(rise: Double(round % 5 - 2), spread: round % 2 == 0 ? 3 : 900, &rng)
      let days = TrendDays(&values, newest: 41, scratch)
      let slope = line(days, work).slope
      for bound in [slope, slope.nextUp, slope.nextDown, slope + 0.5, slope - 0.5, slope + 5, slope - 5] {
        let (isBelow, isAbove) = (days.isSlope(below: bound, work), days.isSlope(above: bound, work))
        #expect(!isBelow || slope < bound)
        #expect(!isAbove || slope > bound)
        told += isBelow || isAbove ? 1 : 0
      }
    }
    // The four bounds that lie apart.
    #expect(told > 900, "\(told)")
  }

  /// Bounds of the slopes spare fitting lines on most days, and never a rise that counts.
  @Test func aTrendIsTheSameAsThatOfBothLines() {
    var rng = SplitMix(16)
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: Detector.scratchCount)
    defer { scratch.deallocate() }
    let work = scratch + 2 * TrendDays.size
    var (risen, none) = (0, 0)
    for round in 0..<400 {
      var trend = TrendState()
      var nights = weeks(rise: Double(round % 9) / 2 - 1, spread: [3, 20, 60][round % 3], &rng)
      var means = InlineArray<42, Int16>(repeating: FixedPoint.missing)
      for i in 0..<42 where Int.random(in: 0..<10, using: &rng) > 0 {
        means[i] = Int16(900 + Double(i * (round % 4)) / 2 + Double(Int.random(in: 0...60, using: &rng)))
        trend.note(mean: Float(means[i]), day: Int32(i), quantum: 1)
      }
      let least: Float = [5, 25, 60][round / 3 % 3]
      trend.judge(&nights, newest: 41, quantum: 1, least: least, scratch)
      let (lows, days) = (TrendDays(&nights, newest: 41, scratch), TrendDays(&means, newest: 40, scratch + TrendDays.size))
      let (night, mean) = (line(lows, work), line(days, work))
      let share = night.centre / mean.centre
      let added = (night.slope - share * mean.slope) / (1 - share)
      let isRise = lows.areEnough && days.areEnough && added > 0 && added * lows.span >= least
      #expect(trend.excess == (isRise ? added * lows.span : 0), "round \(round)")
      #expect((trend.score > 0) == isRise)
      risen += isRise ? 1 : 0
      none += isRise ? 0 : 1
    }
    #expect(risen > 80 && none > 80, "\(risen) \(none)")
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
    let work = scratch + TrendDays.size
    for round in 0..<300 {
      let spread = round % 2 == 0 ? 3 : 900
      var values = weeks(rise: 2, spread: spread, &rng)
      var other = values
      other[41] = Int16(400 + Int.random(in: 0...spread, using: &rng))
      let near = line(TrendDays(&other, newest: 41, scratch), work)
      let days = TrendDays(&values, newest: 41, scratch)
      let (plain, found) = (line(days, work), line(days, near: near, work))
      #expect(found.slope == plain.slope && found.error == plain.error && found.centre == plain.centre)
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
      let a = s.residuals.older.windows
      for i in 0..<ShiftDays.windows {
        let b = all.sums(i)
        #expect(a.count[i] == b.count)
        #expect(abs(a.sum[i] - b.sum) < 1e-4 * (1 + abs(b.sum)) && abs(a.weights[i] - b.weights) < 1e-4)
        #expect(abs(a.zSum[i] - b.zSum) < 1e-3 * (1 + abs(b.zSum)) && abs(a.zSquares[i] - b.zSquares) < 1e-3 * (1 + b.zSquares))
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
