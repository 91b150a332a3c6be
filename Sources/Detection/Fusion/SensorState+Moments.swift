extension SensorState {
  /// As `residualMoments` of 24 hours, four of them at a time.
  mutating func dayMoments(type: Int, limit: Float, _ scratch: UnsafeMutablePointer<Float>) -> ResidualMoments {
    let (codes, known, terms) = (scratch, scratch + 24, scratch + 48)
    residuals.copyNewestDay(to: codes, known: known)
    var h = 0
    while h < 24 {
      let s = baseline.spread.four(h)
      let p = 1 / (s * s) * SIMD4(at: known + h)
      let m = baseline.factor * baseline.profile.four(type * 24 + h) + baseline.level
      let e = (SIMD4(at: codes + h) * baseline.quantum).clamped(to: limit * s)
      p.store(at: terms + h)
      (p * m).store(at: terms + (24 + h))
      (p * m * m).store(at: terms + (48 + h))
      (p * e).store(at: terms + (72 + h))
      (p * e * m).store(at: terms + (96 + h))
      h &+= 4
    }
    var out = ResidualMoments()
    let newest = residuals.newestHourOfDay
    out.add(terms + newest, newest + 1)
    out.add(terms + 23, 23 - newest)
    for h in 0..<24 { out.count += known[h] > 0 ? 1 : 0 }
    return out
  }
}

extension ResidualMoments {
  /// Adds the terms of `n` hours, backwards from those at `p`.
  @inline(__always) fileprivate mutating func add(_ p: UnsafeMutablePointer<Float>, _ n: Int) {
    var s = self
    var (p, left) = (p, n)
    while left > 0 {
      s.w += p[0]
      s.wm += p[24]
      s.wmm += p[48]
      s.we += p[72]
      s.wem += p[96]
      p -= 1
      left &-= 1
    }
    self = s
  }
}
