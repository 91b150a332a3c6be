/// How the days of the ring lie around the profile: of each day the weighted mean residual and the means of standardised residuals over
/// 8 h. Four hours at a time where all are known.
struct DayResiduals {
  static let blocks = 3

  struct Day {
    /// m³/h; nan with fewer than 12 hours.
    var mean: Float
    /// In spreads; nan with fewer than six hours.
    var blocks: InlineArray<3, Float>
  }

  private let clip: Float
  /// By hour: weight, spread, largest residual that counts; behind them room for the terms of one day.
  private let tables: UnsafeMutablePointer<Float>
  /// The sum of the weights.
  private var whole: Float = 0

  /// - Parameter scratch: room for 168 values, in use while this value is.
  init(_ b: inout BaselineState, clip: Float, _ scratch: UnsafeMutablePointer<Float>) {
    self.clip = clip
    tables = scratch
    for h in 0..<24 {
      scratch[h] = b.weight(h)
      scratch[24 + h] = b.spread(h)
      scratch[48 + h] = clip * b.spread(h)
      whole += b.weight(h)
    }
  }

  /// Day `d` of the ring. O(24)
  mutating func day(_ b: inout BaselineState, _ d: Int) -> Day {
    let type = Int(b.ringTypes.at(d)) * 24
    let (terms, standardised) = (tables + 72, tables + 96)
    let isWhole = load(&b, day: d, to: terms)
    guard isWhole else { return dayWithHoles(&b, d, type) }
    var h = 0
    while h < 24 {
      let e = SIMD4(at: terms + h) * b.quantum - b.profile(four: type + h)
      (SIMD4(at: tables + h) * e.clamped(to: SIMD4(at: tables + 48 + h))).store(at: terms + h)
      (e / SIMD4(at: tables + 24 + h)).clamped(to: SIMD4(repeating: clip)).store(at: standardised + h)
      h += 4
    }
    // In the order of the hours, as where some are missing.
    var sum: Float = 0
    for h in 0..<24 { sum += terms[h] }
    var blocks = InlineArray<3, Float>(repeating: 0)
    for block in 0..<DayResiduals.blocks {
      var z: Float = 0
      for h in 0..<8 { z += standardised[8 * block + h] }
      blocks[block] = z / 8
    }
    return Day(mean: whole > 0.3 ? sum / whole : .nan, blocks: blocks)
  }

  private func dayWithHoles(_ b: inout BaselineState, _ d: Int, _ type: Int) -> Day {
    var (sum, weights, valid) = (Float(0), Float(0), 0)
    var blocks = InlineArray<3, Float>(repeating: .nan)
    for block in 0..<DayResiduals.blocks {
      var (z, known) = (Float(0), 0)
      for h in (8 * block)..<(8 * block + 8) where b.ring.at(BaselineState.place(d, h)) != FixedPoint.missing {
        let e = Float(b.ring.at(BaselineState.place(d, h))) * b.quantum - b.profile(type + h)
        let limit = clip * b.spread(h)
        sum += b.weight(h) * min(max(e, -limit), limit)
        weights += b.weight(h)
        z += min(max(e / b.spread(h), -clip), clip)
        known += 1
      }
      valid += known
      if known >= 6 { blocks[block] = z / Float(known) }
    }
    return Day(mean: valid >= 12 && weights > 0.3 ? sum / weights : .nan, blocks: blocks)
  }

  /// Copies a day's codes as Float.
  /// - Returns: whether none is missing.
  private func load(_ b: inout BaselineState, day: Int, to out: UnsafeMutablePointer<Float>) -> Bool {
    withUnsafeMutablePointer(to: &b.ring) {
      let codes = UnsafeRawPointer($0).assumingMemoryBound(to: Int16.self) + day
      var least = Int16.max
      var h = 0
      while h < 24 {
        let code = codes[BaselineState.place(0, h)]
        out[h] = Float(code)
        least = min(least, code)
        h &+= 1
      }
      return least != FixedPoint.missing
    }
  }
}
