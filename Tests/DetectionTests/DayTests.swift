import Testing

@testable import Detection

/// What the days of the ring show, against the same worked out day by day.
@Suite struct DayTests {
  /// A ring in which some days, and hours of others, are missing; all kinds of days in any order.
  private func baseline(days: Int, spread: Int, _ rng: inout SplitMix) -> BaselineState {
    var b = BaselineState()
    (b.quantum, b.ringCount) = (0.01, UInt8(days))
    for d in 0..<days {
      b.ringTypes.set(d, [0, 0, 0, 0, 0, 1, 2][Int.random(in: 0..<7, using: &rng)])
      let holes = [0, 0, 0, 0, 5, 24][Int.random(in: 0..<6, using: &rng)]
      for h in 0..<24 where Int.random(in: 0..<24, using: &rng) >= holes {
        b.ring.set(BaselineState.place(d, h), Int16(1000 + 20 * h + Int.random(in: -spread...spread, using: &rng)))
      }
    }
    for h in 0..<24 {
      b.set(spread: h, Float.random(in: 0.01...0.3, using: &rng))
      b.set(weight: h, 1 / 24)
      for type in 0..<3 { b.set(profile: type * 24 + h, Float(10 + type) + 0.2 * Float(h)) }
    }
    return b
  }

  private func median(_ values: [Float]) -> Float {
    let v = values.sorted()
    guard !v.isEmpty else { return 0 }
    return v.count % 2 == 1 ? v[v.count / 2] : (v[v.count / 2 - 1] + v[v.count / 2]) / 2
  }

  @Test func anHourShowsWhatItsDaysShow() {
    var rng = SplitMix(21)
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: Detector.scratchCount)
    defer { scratch.deallocate() }
    for round in 0..<300 {
      var b = baseline(days: round % 36, spread: round % 2 == 0 ? 4 : 900, &rng)
      let h = Int.random(in: 0..<24, using: &rng)
      var kinds: [[Float]] = [[], [], []]
      for d in 0..<Int(b.ringCount) where b.ring[BaselineState.place(d, h)] != FixedPoint.missing {
        kinds[Int(b.ringTypes[d])].append(Float(b.ring[BaselineState.place(d, h)]))
      }
      let column = HourColumn(&b, hour: h, scratch)
      #expect((column.saturdays, column.holidays, column.count) == (kinds[1].count, kinds[2].count, kinds.joined().count))
      guard column.count > 0 else { continue }
      let rest = kinds[1] + kinds[2]
      let workday = median(kinds[0].isEmpty ? rest : kinds[0])
      for near in [workday, workday + 30, 0, 1e6, -1e6, .infinity, -.infinity, .nan] {
        #expect(column.medianOfWork(near: near) == workday, "round \(round)")
      }
      #expect(column.mediansOfRest() == (median(kinds[1]), median(kinds[2]), median(rest)))
      let expected: [Float] = [10, 11, 12]
      let distances = kinds.enumerated().flatMap { kind, codes in codes.map { abs($0 * 0.01 - expected[kind]) } }
      #expect(column.deviation(quantum: 0.01, from: 10, 11, 12) == 1.4826 * median(distances), "round \(round)")
    }
  }

  @Test func aDayLiesAroundTheProfileAsItsHoursDo() {
    var rng = SplitMix(22)
    let scratch = UnsafeMutablePointer<Float>.allocate(capacity: Detector.scratchCount)
    defer { scratch.deallocate() }
    let (means, blocks) = (scratch + 400, scratch + 440)
    var whole = 0
    for round in 0..<60 {
      var b = baseline(days: round % 36, spread: 60, &rng)
      let table = DayResiduals(&b, clip: 4, scratch)
      table.fit(&b, means: means, blocks: blocks)
      for d in 0..<Int(b.ringCount) {
        var (sum, weights, known) = (Float(0), Float(0), 0)
        for block in 0..<3 {
          var (z, valid) = (Float(0), 0)
          for h in (8 * block)..<(8 * block + 8) where b.ring[BaselineState.place(d, h)] != FixedPoint.missing {
            let e = Float(b.ring[BaselineState.place(d, h)]) * b.quantum - b.profile(24 * Int(b.ringTypes[d]) + h)
            let limit = 4 * b.spread(h)
            sum += b.weight(h) * min(max(e, -limit), limit)
            weights += b.weight(h)
            z += min(max(e / b.spread(h), -4), 4)
            valid += 1
          }
          known += valid
          let found = blocks[block * DayResiduals.days + d]
          #expect(valid >= 6 ? found == z / Float(valid) : found.isNaN, "round \(round), day \(d)")
        }
        #expect(known >= 12 ? means[d] == sum / weights : means[d].isNaN, "round \(round), day \(d)")
        whole += known == 24 ? 1 : 0
      }
    }
    #expect(whole > 200)
  }
}
