import Testing

@testable import Detection

/// Edges at the reading's own interval.
@Suite struct EdgeTests {
  /// Height in spreads after each complete bin, of residuals given by minute.
  private func heights(minutes: Int, hours: Int = 6, _ residual: (Int) -> Float) -> [(minute: Int, height: Float)] {
    var edge = EdgeState()
    var out: [(Int, Float)] = []
    for minute in stride(from: 0, to: hours * 60, by: minutes) {
      guard edge.add(residual(minute), time: 1_800_000_000_000 + Int64(minute) * 60_000, interval: Int64(minutes) * 60_000) else {
        continue
      }
      edge.judge(spread: 2, minutesAfter: 80)
      out.append((minute + minutes, edge.height))
    }
    return out
  }

  @Test(arguments: [1, 5, 10, 15]) func aStepThatLastsIsSeenWithinTwoHours(minutes: Int) throws {
    let first = try #require(heights(minutes: minutes) { $0 >= 120 ? 10 : 0 }.first { $0.height > 4.9 })
    #expect(first.minute - 120 <= 120 && first.minute - 120 >= 80)
  }

  @Test(arguments: [1, 5, 10, 15]) func aHydrantLeavesNothing(minutes: Int) {
    #expect(heights(minutes: minutes) { (120..<180).contains($0) ? 10 : 0 }.allSatisfy { $0.height == 0 })
  }

  @Test func aRampOfFiveHoursIsFarLowerThanAStepOfItsSize() {
    let top = heights(minutes: 10, hours: 8) { Float(min(max($0 - 120, 0), 300)) / 30 }.map(\.height).max() ?? 0
    #expect(top < 1)
  }

  @Test func climbingBackFromADipIsNoEdge() {
    #expect(heights(minutes: 10) { (60..<120).contains($0) ? -20 : 0 }.allSatisfy { $0.height == 0 })
  }

  @Test func aGapHidesWhatIsNotKnown() {
    var edge = EdgeState()
    var seen = false
    for minute in stride(from: 0, to: 360, by: 10) where !(130..<170).contains(minute) {
      guard edge.add(minute >= 120 ? 10 : 0, time: Int64(minute) * 60_000 + 6_000_000_000, interval: 600_000) else { continue }
      edge.judge(spread: 2, minutesAfter: 80)
      seen = seen || edge.height > 0
    }
    #expect(!seen)
  }

  @Test func aRareDayTeachesLittle() {
    var m = MaximumState()
    for _ in 0..<30 {
      m.observe(1)
      m.endDay(learns: true)
    }
    let before = m.limit(4)
    m.observe(50)
    m.endDay(learns: true)
    #expect(m.limit(4) < before + 1)
    #expect(before < 1.1)
  }
}
