extension BaselineState {
  /// Computes profile, spread, mean and weights from the ring. Once a day; O(ring).
  mutating func refit(_ tuning: Tuning, _ scratch: UnsafeMutablePointer<Float>) {
    guard ringCount > 0 else { return }
    for h in 0..<24 { fitProfile(hour: h, scratch) }
    fillHoles()
    var sum: Float = 0
    for h in 0..<24 { sum += 5 * profile[h] + profile[24 + h] + profile[48 + h] }
    mean = factor * sum / 168 + level
    fitSpread(tuning, scratch)
    fitWeights(tuning)
  }

  /// Median of workdays; rest days are shrunk to it, the more the fewer there are.
  private mutating func fitProfile(hour h: Int, _ scratch: UnsafeMutablePointer<Float>) {
    func collect(_ wanted: (UInt8) -> Bool) -> Int {
      var n = 0
      for d in 0..<Int(ringCount) where wanted(ringTypes[d]) && ring[d * 24 + h] != FixedPoint.missing {
        scratch[n] = Float(ring[d * 24 + h])
        n += 1
      }
      return n
    }
    var n = collect { $0 == 0 }
    if n == 0 { n = collect { _ in true } }
    guard n > 0 else {
      profile[h] = .nan
      return
    }
    let work = Selection.median(scratch, n)
    profile[h] = work * quantum
    n = collect { $0 != 0 }
    let pool = n == 0 ? work : work + (Selection.median(scratch, n) - work) * Float(n) / (Float(n) + 0.7)
    for t in 1...2 {
      n = collect { $0 == UInt8(t) }
      let own = n == 0 ? pool : pool + (Selection.median(scratch, n) - pool) * Float(n) / (Float(n) + 1.4)
      profile[t * 24 + h] = own * quantum
    }
  }

  /// Hours that no day in the ring has are taken from their neighbours.
  private mutating func fillHoles() {
    for h in 0..<24 where profile[h].isNaN {
      var k = 1
      while k < 24 && profile[(h + k) % 24].isNaN { k += 1 }
      for t in 0..<3 { profile[t * 24 + h] = k < 24 ? profile[t * 24 + (h + k) % 24] : 0 }
    }
  }

  private mutating func fitSpread(_ tuning: Tuning, _ scratch: UnsafeMutablePointer<Float>) {
    var raw = InlineArray<24, Float>(repeating: 0)
    let floor = tuning.spreadFloor * abs(mean)
    for h in 0..<24 {
      var n = 0
      for d in 0..<Int(ringCount) where ring[d * 24 + h] != FixedPoint.missing {
        scratch[n] = Float(ring[d * 24 + h]) * quantum - profile[Int(ringTypes[d]) * 24 + h]
        n += 1
      }
      // Few days understate the spread; before a week there is hardly any, so a tenth of the mean is mixed in.
      let q = Float(max(n, 1))
      let s = Selection.absoluteDeviation(scratch, n) * (1 + 2 / q)
      let prior = 0.1 * abs(mean)
      raw[h] = (q * s * s + 1.5 * prior * prior) / (q + 1.5)
    }
    for h in 0..<24 {
      let smooth = (raw[(h + 23) % 24] + 2 * raw[h] + raw[(h + 1) % 24]) / 4
      spread[h] = max((smooth + floor * floor).squareRoot(), 1e-9)
    }
  }

  /// Generalised least squares weights for an additive constant while the whole day may be scaled by a common factor of variance τ²:
  /// a leak adds, weather and visitors multiply. They fall on the night hours by themselves.
  private mutating func fitWeights(_ tuning: Tuning) {
    let tau2 = tuning.commonFactor * tuning.commonFactor
    var a: Float = 0
    var b: Float = 0
    for h in 0..<24 {
      let m = expected(type: 0, hour: h)
      let s2 = spread[h] * spread[h]
      a += m / s2
      b += m * m / s2
    }
    let f = tau2 * a / (1 + tau2 * b)
    var sum: Float = 0
    for h in 0..<24 {
      weight[h] = max(0, 1 - expected(type: 0, hour: h) * f) / (spread[h] * spread[h])
      sum += weight[h]
    }
    for h in 0..<24 { weight[h] = sum > 0 && sum.isFinite ? weight[h] / sum : 1 / 24 }
  }
}
