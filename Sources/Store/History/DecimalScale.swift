/// Values as whole numbers of a decimal unit. What meters send is decimal, in the base unit or in one that was converted into it; what is not
/// comes back from its bits.
struct DecimalScale: Equatable {
  static let most = 9
  private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
  /// Of `Unit.conversion`. Once released the order never changes; new ones come at the end.
  static let factors: [Double] = [1, 3.6, 0.06, 0.001, 3600, 60, 1.0 / 24, 1000, 100, 0.1, 0.01]

  /// Decimals, 0…9.
  var decimals: Int
  /// Of `factors`.
  var factor = 0

  /// Decimals and factor in a byte; nil for a byte that is none.
  var code: UInt8 { UInt8(factor * 10 + decimals) }

  init(decimals: Int, factor: Int = 0) { (self.decimals, self.factor) = (decimals, factor) }

  init?(code: UInt8) {
    self.init(decimals: Int(code) % 10, factor: Int(code) / 10)
    guard factor < DecimalScale.factors.count else { return nil }
  }

  /// 1.5 · 2⁵²: a double of a magnitude below 2⁵¹ that is added to it has its nearest whole number in the lowest bits.
  private static let magic = 6_755_399_441_055_744.0

  /// How many units a value is; nil unless exactly that value comes back.
  @inline(__always)
  func whole(_ value: Double) -> Int64? {
    let scaled = (factor == 0 ? value : value / DecimalScale.factors[factor]) * DecimalScale.powers[decimals]
    guard scaled.magnitude < 70_368_744_177_664 else { return wholeOfLarge(scaled, value) }
    // Below 2⁴⁶ only one whole number can give the value back, however halves are rounded.
    let shifted = scaled + DecimalScale.magic
    let nearest = shifted - DecimalScale.magic
    // Further from a whole number than two roundings can bring it: no division is needed to see that.
    guard (scaled - nearest).magnitude <= scaled.magnitude * 1e-15 else { return nil }
    let decimal = nearest / DecimalScale.powers[decimals]
    let back = factor == 0 ? decimal : decimal * DecimalScale.factors[factor]
    return back.bitPattern == value.bitPattern ? Int64(bitPattern: shifted.bitPattern &- DecimalScale.magic.bitPattern) : nil
  }

  private func wholeOfLarge(_ scaled: Double, _ value: Double) -> Int64? {
    let nearest = scaled.rounded()
    guard nearest.magnitude < 9_007_199_254_740_992 else { return nil }
    let n = Int64(nearest)
    return self.value(n).bitPattern == value.bitPattern ? n : nil
  }

  /// The double nearest to n / 10^decimals, as a payload's number is read, converted as its unit is.
  func value(_ n: Int64) -> Double {
    let decimal = Double(n) / DecimalScale.powers[decimals]
    return factor == 0 ? decimal : decimal * DecimalScale.factors[factor]
  }

  /// The fewest decimals at which a value is whole, not fewer than this one's.
  func finer(for value: Double) -> DecimalScale? {
    for n in decimals...DecimalScale.most {
      let finer = DecimalScale(decimals: n, factor: factor)
      if finer.whole(value) != nil { return finer }
    }
    return nil
  }

  /// Puts values as whole numbers into `out`, of the fewest decimals at which all of them are.
  /// - Returns: nil when some are not decimal.
  static func wholes(of values: UnsafeBufferPointer<Double>, into out: UnsafeMutableBufferPointer<Int64>) -> DecimalScale? {
    var scale = DecimalScale(decimals: 0)
    var n = 0
    while n < values.count {
      if let whole = scale.whole(values[n]) {
        out[n] = whole
        n += 1
      } else {
        guard let finer = scale.finer(for: values[n]) else { return nil }
        // Begun anew, nine times at most.
        (scale, n) = (finer, 0)
      }
    }
    return scale
  }

  /// A scale for values, and how many are not whole at it.
  static func best(for values: UnsafeBufferPointer<Double>) -> (scale: DecimalScale, odd: Int) {
    var best = (scale: DecimalScale(decimals: 0), odd: Int.max)
    for f in factors.indices where best.odd > 0 {
      var scale = DecimalScale(decimals: 0, factor: f)
      var odd = 0
      for v in values where odd < best.odd {
        if let finer = scale.finer(for: v) { scale = finer } else { odd += 1 }
      }
      if odd < best.odd { best = (scale, odd) }
    }
    return best
  }
}
