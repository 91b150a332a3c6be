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

    @inline(always) func code(_ h: Int) -> SIMD4<Int16> {
      UnsafeRawPointer(codes + BaselineState.place(0, h)).loadUnaligned(as: SIMD4<Int16>.self)
    }

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
    let nan = SIMD4<Float>(repeating: .nan)
    var sums = Sums()
    var valid = SIMD4<Int32>.zero
    for block in 0..<DayResiduals.blocks {
      (sums.z, sums.known) = (.zero, .zero)
      var h = 8 &* block
      while h < 8 &* block &+ 8 {
        let expected = days.expected(h)
        sums.add(days.code(h), days.quantum, expected.0, hours[h], clip, mayMiss: mayMiss)
        sums.add(days.code(h &+ 1), days.quantum, expected.1, hours[h &+ 1], clip, mayMiss: mayMiss)
        sums.add(days.code(h &+ 2), days.quantum, expected.2, hours[h &+ 2], clip, mayMiss: mayMiss)
        sums.add(days.code(h &+ 3), days.quantum, expected.3, hours[h &+ 3], clip, mayMiss: mayMiss)
        h &+= 4
      }
      valid &+= sums.known
      (sums.z / SIMD4<Float>(sums.known)).replacing(with: nan, where: sums.known .< 6).store(at: blocks + block &* DayResiduals.days)
    }
    (sums.residual / sums.weights).replacing(with: nan, where: valid .< 12).replacing(with: nan, where: sums.weights .<= 0.3)
      .store(at: means)
    return sums.least.min() != FixedPoint.missing
  }

  /// Sums of four days, a lane each.
  private struct Sums {
    var residual = SIMD4<Float>.zero
    var weights = SIMD4<Float>.zero
    /// Of the block: standardised residuals, and how many hours are known.
    var z = SIMD4<Float>.zero
    var known = SIMD4<Int32>.zero
    /// The least code, or 0.
    var least = SIMD4<Int16>.zero

    @inline(always) mutating func add(
      _ code: SIMD4<Int16>, _ quantum: Float, _ expected: SIMD4<Float>, _ hour: Hour, _ clip: SIMD4<Float>, mayMiss: Bool
    ) {
      let isMissing = SIMD4<Int32>(truncatingIfNeeded: code) .== Int32(FixedPoint.missing)
      @inline(always) func shown(_ v: SIMD4<Float>) -> SIMD4<Float> { mayMiss ? v.replacing(with: SIMD4<Float>.zero, where: isMissing) : v }
      if !mayMiss { least = least.replacing(with: code, where: code .< least) }
      let e = SIMD4<Float>(code) * quantum - expected
      residual += shown(hour.weight * e.smaller(hour.most).larger(hour.least))
      weights += shown(hour.weight)
      z += shown((e / hour.spread).clamped(to: clip))
      known &+= mayMiss ? SIMD4<Int32>.one.replacing(with: 0, where: isMissing) : .one
    }
  }
}
