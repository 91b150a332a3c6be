extension SensorState {
  /// As `residualMoments` of 24 hours, four of them at a time.
  mutating func dayMoments(type: Int, level: Float, limit: Float, _ scratch: UnsafeMutablePointer<Float>) -> ResidualMoments {
    let (codes, known) = (scratch, scratch + HourTerms.hours)
    let terms = HourTerms(scratch + 2 * HourTerms.hours)
    residuals.copyNewestDay(to: codes, known: known)
    var h = 0
    while h < HourTerms.hours {
      let s = baseline.spread(four: h)
      let p = 1 / (s * s) * SIMD4(at: known + h)
      let m = baseline.factor * baseline.profile(four: type * 24 + h) + level
      let e = (SIMD4(at: codes + h) * baseline.quantum).clamped(to: limit * s)
      terms.put(h, p, p * m, p * m * m, p * e, p * e * m)
      h &+= 4
    }
    var out = ResidualMoments()
    let newest = residuals.newestHourOfDay
    terms.add(newest + 1, from: newest, to: &out.w, &out.wm, &out.wmm, &out.we, &out.wem)
    terms.add(23 - newest, from: 23, to: &out.w, &out.wm, &out.wmm, &out.we, &out.wem)
    for h in 0..<HourTerms.hours { out.count += known[h] > 0 ? 1 : 0 }
    return out
  }
}
