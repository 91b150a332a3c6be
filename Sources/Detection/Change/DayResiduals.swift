/// How the days of the ring lie around the profile: of each day the weighted mean residual and the means of standardised residuals over
/// 8 h. Four days at a time, hour by hour: the ring keeps the days of an hour side by side.
struct DayResiduals {
  static let blocks = 3
  /// Values behind each other that `fit` writes for each of them.
  static let days = BaselineState.ringDays

  /// What an hour's residuals are weighed by, the same in all lanes.
  private struct Hour {
    let weight: SIMD4<Float>
    /// m³/h; and the least and the largest residual that counts.
    let spread, least, most: SIMD4<Float>
  }

  private let clip: SIMD4<Float>
  private let hours: UnsafeMutablePointer<Hour>

  /// - Parameter scratch: room for 388 values, in use while this value is.
  init(_ b: inout BaselineState, clip: Float, _ scratch: UnsafeMutablePointer<Float>) {
    self.clip = SIMD4(repeating: clip)
    hours = UnsafeMutableRawPointer(scratch).alignedUp(for: Hour.self).assumingMemoryBound(to: Hour.self)
    for h in 0..<24 {
      let (spread, weight) = (SIMD4(repeating: b.spread(h)), SIMD4(repeating: b.weight(h)))
      hours[h] = Hour(weight: weight, spread: spread, least: -(clip * spread), most: clip * spread)
    }
  }

  /// Fits all days of the ring. O(ring)
  /// - Parameters:
  ///   - means: get the days' mean residuals, m³/h; nan with fewer than 12 hours.
  ///   - blocks: get all first means over 8 h, then all second ones and all third ones, in spreads; nan with fewer than six hours.
  func fit(_ b: inout BaselineState, means: UnsafeMutablePointer<Float>, blocks: UnsafeMutablePointer<Float>) {
    let (quantum, profile) = (b.quantum, b.place(type: 0, hour: 0, isNext: false))
    let types = b.ringTypes
    withUnsafeMutablePointer(to: &b.profiles) { profiles in
      withUnsafeMutablePointer(to: &b.ring) { ring in
        let profile = UnsafeRawPointer(profiles).assumingMemoryBound(to: Float.self) + profile
        var d = 0
        while d < DayResiduals.days {
          // The last four lie across those before them where the days are no multiple of four.
          let first = min(d, DayResiduals.days - 4)
          let days = FourDays(
            codes: UnsafeRawPointer(ring).assumingMemoryBound(to: Int16.self) + first, quantum: quantum,
            expected: (
              profile + 24 * Int(types[first]), profile + 24 * Int(types[first + 1]), profile + 24 * Int(types[first + 2]),
              profile + 24 * Int(types[first + 3])
            ))
          if !fit(days, mayMiss: false, means + first, blocks + first) { _ = fit(days, mayMiss: true, means + first, blocks + first) }
          d &+= 4
        }
      }
    }
  }

  /// Codes and profiles of four days.
  private struct FourDays {
    let codes: UnsafePointer<Int16>
    let quantum: Float
    let expected: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>)

    /// What four hours are expected to show, an hour each.
    @inline(always) func expected(_ h: Int) -> (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>) {
      SIMD4.transposed(
        SIMD4(at: expected.0 + h), SIMD4(at: expected.1 + h), SIMD4(at: expected.2 + h), SIMD4(at: expected.3 + h))
    }
  }

  /// Sums are in the order of the hours: what is missing adds 0.
  /// - Returns: false where an hour is missing that should not.
  @inline(always) private func fit(
    _ days: FourDays, mayMiss: Bool, _ means: UnsafeMutablePointer<Float>, _ blocks: UnsafeMutablePointer<Float>
  ) -> Bool {
    let (zero, nan) = (SIMD4<Float>.zero, SIMD4<Float>(repeating: .nan))
    var (sum, weights, z) = (zero, zero, zero)
    var (valid, known) = (SIMD4<Int32>.zero, SIMD4<Int32>.zero)
    var least = SIMD4<Int16>.zero
    @inline(always) func add(_ h: Int, _ expected: SIMD4<Float>) {
      let code = UnsafeRawPointer(days.codes + BaselineState.place(0, h)).loadUnaligned(as: SIMD4<Int16>.self)
      let isMissing = SIMD4<Int32>(truncatingIfNeeded: code) .== Int32(FixedPoint.missing)
      @inline(always) func shown(_ v: SIMD4<Float>) -> SIMD4<Float> { mayMiss ? v.replacing(with: zero, where: isMissing) : v }
      if !mayMiss { least = least.replacing(with: code, where: code .< least) }
      let hour = hours[h]
      let e = SIMD4<Float>(code) * days.quantum - expected
      sum += shown(hour.weight * e.smaller(hour.most).larger(hour.least))
      weights += shown(hour.weight)
      z += shown((e / hour.spread).clamped(to: clip))
      known &+= mayMiss ? SIMD4<Int32>.one.replacing(with: 0, where: isMissing) : .one
    }
    for block in 0..<DayResiduals.blocks {
      (z, known) = (zero, .zero)
      var h = 8 &* block
      while h < 8 &* block &+ 8 {
        let expected = days.expected(h)
        add(h, expected.0)
        add(h &+ 1, expected.1)
        add(h &+ 2, expected.2)
        add(h &+ 3, expected.3)
        h &+= 4
      }
      valid &+= known
      (z / SIMD4<Float>(known)).replacing(with: nan, where: known .< 6).store(at: blocks + block &* DayResiduals.days)
    }
    (sum / weights).replacing(with: nan, where: valid .< 12).replacing(with: nan, where: weights .<= 0.3).store(at: means)
    return least.min() != FixedPoint.missing
  }
}
