/// Sums over the known hours of a window: clipped residuals (m³/h) by weight, the weights, and standardised residuals.
struct ShiftSums {
  var sum: Float = 0
  var weights: Float = 0
  var count: Float = 0
  var zSum: Float = 0
  var zSquares: Float = 0

  /// Standardised residuals are clipped at so many spreads.
  static let limit: Float = 8
}

/// `ShiftSums` of four windows.
struct ShiftWindows {
  var sum, weights, count, zSum, zSquares: SIMD4<Float>

  init(sum: SIMD4<Float>, weights: SIMD4<Float>, count: SIMD4<Float>, zSum: SIMD4<Float>, zSquares: SIMD4<Float>) {
    (self.sum, self.weights, self.count, self.zSum, self.zSquares) = (sum, weights, count, zSum, zSquares)
  }

  @inline(always) init(_ a: ShiftSums, _ b: ShiftSums, _ c: ShiftSums, _ d: ShiftSums) {
    sum = SIMD4(a.sum, b.sum, c.sum, d.sum)
    weights = SIMD4(a.weights, b.weights, c.weights, d.weights)
    count = SIMD4(a.count, b.count, c.count, d.count)
    zSum = SIMD4(a.zSum, b.zSum, c.zSum, d.zSum)
    zSquares = SIMD4(a.zSquares, b.zSquares, c.zSquares, d.zSquares)
  }

  /// The same sums in each window.
  @inline(always) init(_ s: ShiftSums) { self.init(s, s, s, s) }

  @inline(always) static func + (a: ShiftWindows, b: ShiftWindows) -> ShiftWindows {
    ShiftWindows(
      sum: a.sum + b.sum, weights: a.weights + b.weights, count: a.count + b.count, zSum: a.zSum + b.zSum, zSquares: a.zSquares + b.zSquares
    )
  }

  @inline(always) static func - (a: ShiftWindows, b: ShiftWindows) -> ShiftWindows {
    ShiftWindows(
      sum: a.sum - b.sum, weights: a.weights - b.weights, count: a.count - b.count, zSum: a.zSum - b.zSum, zSquares: a.zSquares - b.zSquares
    )
  }
}

/// The 13 days before the newest 24 hours, summed to the ends of the windows of 2, 4, 7 and 14 days.
///
/// Each hour of day is summed over its days first, four hours at a time: weight and spread are then applied once instead of every day.
struct ShiftDays {
  static let windows = 4
  /// Days before the newest in each window beyond those of the window before it.
  private static let lengths: SIMD4<Int32> = [1, 2, 3, 7]
  private static let newest = 12

  private let totals: UnsafeMutableRawPointer

  /// - Parameters:
  ///   - hour: local number of the newest hour, which need not be there yet.
  ///   - scratch: room for 512 values, in use while this value is; first the residuals as `ResidualRing.copy` gives them.
  init(hour: Int64, _ r: inout ResidualRing, _ b: inout BaselineState, clip: Float, _ scratch: UnsafeMutablePointer<Float>) {
    r.copy(upTo: hour, to: scratch)
    let tables = scratch + ResidualRing.hours
    var h = Int(((hour % 24) + 24) % 24)
    for i in 0..<24 {
      h = h == 23 ? 0 : h + 1
      tables[i] = b.weight(h)
      tables[24 + i] = clip * b.spread(h) / b.quantum
      tables[48 + i] = b.quantum / b.spread(h)
    }
    totals = UnsafeMutableRawPointer(tables + 72)
    for i in 0..<5 * ShiftDays.windows { store(SIMD4(repeating: 0), i) }
    for k in 0..<6 { addHours(UnsafeRawPointer(scratch + 4 * k), UnsafeRawPointer(tables + 4 * k), quantum: b.quantum) }
  }

  /// What window `i` holds beyond the newest day.
  func sums(_ i: Int) -> ShiftSums {
    ShiftSums(
      sum: load(5 * i).sum(), weights: load(5 * i + 1).sum(), count: load(5 * i + 2).sum(), zSum: load(5 * i + 3).sum(),
      zSquares: load(5 * i + 4).sum())
  }

  /// Adds four hours of day.
  private func addHours(_ codes: UnsafeRawPointer, _ tables: UnsafeRawPointer, quantum: Float) {
    let weight = tables.loadUnaligned(as: SIMD4<Float>.self)
    let most = tables.loadUnaligned(fromByteOffset: 96, as: SIMD4<Float>.self)
    let perSpread = tables.loadUnaligned(fromByteOffset: 192, as: SIMD4<Float>.self)
    let mostZ = ShiftSums.limit / perSpread
    let (zero, one, missing) = (SIMD4<Float>.zero, SIMD4<Float>.one, SIMD4<Float>(repeating: Float(FixedPoint.missing)))
    var (sum, count, z, squares) = (zero, zero, zero, zero)
    var day = ShiftDays.newest
    for i in 0..<ShiftDays.windows {
      for _ in 0..<Int(ShiftDays.lengths[i]) {
        let code = codes.loadUnaligned(fromByteOffset: day * 96, as: SIMD4<Float>.self)
        // A missing hour is the least code of all, so it is never within.
        if isWithin(code, most) {
          count += one
          sum += code
          z += code
          squares += code * code
          day -= 1
          continue
        }
        let isMissing = code .== missing
        let known = code.replacing(with: zero, where: isMissing)
        count += one.replacing(with: zero, where: isMissing)
        sum += known.clamped(to: most)
        let c = known.clamped(to: mostZ)
        z += c
        squares += c * c
        day -= 1
      }
      store(load(5 * i) + weight * sum * quantum, 5 * i)
      store(load(5 * i + 1) + weight * count, 5 * i + 1)
      store(load(5 * i + 2) + count, 5 * i + 2)
      store(load(5 * i + 3) + perSpread * z, 5 * i + 3)
      store(load(5 * i + 4) + perSpread * perSpread * squares, 5 * i + 4)
    }
  }

  /// Whether none is farther from zero than `most`.
  @inline(always) private func isWithin(_ v: SIMD4<Float>, _ most: SIMD4<Float>) -> Bool {
    let out = (most - v).signs | (most + v).signs
    let halves = unsafeBitCast(out, to: SIMD2<UInt64>.self)
    return halves[0] | halves[1] == 0
  }

  @inline(always) private func load(_ i: Int) -> SIMD4<Float> { totals.loadUnaligned(fromByteOffset: 16 * i, as: SIMD4<Float>.self) }
  @inline(always) private func store(_ v: SIMD4<Float>, _ i: Int) {
    totals.storeBytes(of: v, toByteOffset: 16 * i, as: SIMD4<Float>.self)
  }
}
