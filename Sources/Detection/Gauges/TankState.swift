/// The mass balance of a tank (配水池の水収支): what came in less what went out less what it holds more than before,
///
///     balance = inlets − outlets − (V(end) − V(beginning)) / W        m³/h, a bin of W hours
///
/// With all inlets and outlets it is what leaks or is not metered; without outlets what the town draws. Flows come as a zone's net inflow.
/// The level at a bin's bound is taken from a line between the mean of the readings shortly before it and that of those shortly after it
/// (a quarter of a bin at most, 7.5 min): noise and the gauge's steps average out, a pump's kink does not smear. A bin whose bound has no
/// reading on one of its sides within a bin has no value.
struct TankState: BitwiseCopyable {
  static let bins = 32
  /// Bins that are waited for a late level.
  private static let patience: Int64 = 24

  /// Slots of the balance and of the gauge, and the zone that adds up the flows.
  let slot: Int32
  private(set) var level: Int32 = -1
  private(set) var zone: Int32 = -1
  private var count: Int32 = 0
  private var levels = InlineArray<8, Float>(repeating: 0)
  private var volumes = InlineArray<8, Float>(repeating: 0)
  /// Milliseconds of a bin at least, and as the zone's bins are; 0 before they are known.
  private(set) var leastWidth: Int64 = 600_000
  private var width: Int64 = 0
  /// Number (time / width) of the oldest bin that was not told, and the newest whose flows are known; Int64.min = none.
  private var first = Int64.min
  private var newest = Int64.min
  private var nets = InlineArray<32, Float>(repeating: .nan)
  private var bounds = InlineArray<32, Bound>(repeating: Bound())
  /// The newest reading of the level.
  private var lastTime = Int64.min
  private var lastVolume = 0.0
  /// What is added to the balance before it is judged, m³/h; 0 until it is known.
  private(set) var scale: Float = 0
  /// Balances told before that.
  private var waited: Int32 = 0
  /// Whether outlets are metered: the balance is then near 0, where nothing could be judged in shares of it.
  private(set) var isClosed = false
  private var reserved0: UInt8 = 0
  private var reserved1: UInt16 = 0
  private var reserved2: Int32 = 0

  init(slot: Int32) { self.slot = slot }

  /// Readings around one bound, times from it in ms.
  struct Bound: BitwiseCopyable {
    var number = Int64.min
    var before = 0.0
    var beforeTime = 0.0
    var after = 0.0
    var afterTime = 0.0
    var beforeCount: Int32 = 0
    var afterCount: Int32 = 0

    mutating func add(_ volume: Double, offset: Int64) {
      if offset < 0 {
        before += volume
        beforeTime += Double(offset)
        beforeCount += 1
      } else {
        after += volume
        afterTime += Double(offset)
        afterCount += 1
      }
    }

    /// m³ at the bound; nil where there is nothing on one of its sides.
    var volume: Double? {
      guard beforeCount > 0, afterCount > 0 else { return nil }
      let (v, t) = (before / Double(beforeCount), beforeTime / Double(beforeCount))
      let (w, u) = (after / Double(afterCount), afterTime / Double(afterCount))
      return v + (w - v) * t / (t - u)
    }
  }

  /// - Returns: false for another gauge, zone or shape than before; what was collected is then forgotten.
  func isSame(level: Int32, zone: Int32, shape: TankShape, leastWidth: Int64, isClosed: Bool) -> Bool {
    self.level == level && self.zone == zone && self.leastWidth == leastWidth && self.isClosed == isClosed
      && Int(count) == shape.points.count
      && shape.points.indices.allSatisfy {
        levels[$0] == Float(shape.points[$0].level) && volumes[$0] == Float(shape.points[$0].volume)
      }
  }

  mutating func set(level: Int32, zone: Int32, shape: TankShape, leastWidth: Int64, isClosed: Bool) {
    // The scale stays: what was learnt is learnt with it.
    let known = scale
    self = TankState(slot: slot)
    if isClosed { scale = known }
    (self.level, self.zone, self.leastWidth, self.isClosed) = (level, zone, leastWidth, isClosed)
    for (k, p) in shape.points.prefix(TankShape.maximumPoints).enumerated() {
      levels[k] = Float(p.level)
      volumes[k] = Float(p.volume)
      count += 1
    }
  }

  /// m³ at a level, m.
  private func volume(_ level: Double) -> Double {
    var k = 0
    while k + 2 < Int(count), level > Double(levels[k + 1]) { k += 1 }
    let (a, b) = (Double(levels[k]), Double(levels[k + 1]))
    let (v, w) = (Double(volumes[k]), Double(volumes[k + 1]))
    return v + (w - v) * (level - a) / (b - a)
  }

  /// Takes the width of the zone's bins; another one begins anew.
  mutating func fit(width wanted: Int64) {
    guard wanted != width else { return }
    width = wanted
    first = Int64.min
    newest = Int64.min
    lastTime = Int64.min
    nets = InlineArray<32, Float>(repeating: .nan)
    bounds = InlineArray<32, Bound>(repeating: Bound())
  }

  /// Half of the stretch around a bound whose readings tell its level, ms.
  private var reach: Int64 { min(width / 4, 450_000) }

  /// Takes a valid reading of the gauge, m; times ascend. O(1).
  mutating func addLevel(_ value: Double, time: Int64) {
    guard width > 0, count >= 2 else { return }
    let v = volume(value)
    let n = time / width
    if time - n * width < reach { add(v, time, at: n) }
    if (n + 1) * width - time <= reach { add(v, time, at: n + 1) }
    if lastTime != Int64.min {
      // Bounds that nothing came near to: the readings next to them, when they are no further than a bin.
      var b = max(lastTime / width + 1, n - 1)
      while b <= n {
        if b * width - lastTime <= width, bound(b).beforeCount == 0 { add(lastVolume, lastTime, at: b) }
        if time - b * width <= width, bound(b).afterCount == 0 { add(v, time, at: b) }
        b += 1
      }
    }
    lastTime = time
    lastVolume = v
  }

  /// Takes the net inflow of the bin that begins at `time`, m³/h.
  mutating func addNet(_ value: Double, time: Int64) {
    guard width > 0 else { return }
    let n = time / width
    if first == Int64.min { first = n }
    guard n >= first else { return }
    while n - first >= Int64(TankState.bins) {
      nets[place(first)] = .nan
      first += 1
    }
    nets[place(n)] = Float(value)
    newest = max(newest, n)
  }

  /// The next bin whose flows and levels are known.
  /// - Returns: its beginning (event time, ms) and the balance, m³/h.
  mutating func next() -> (time: Int64, value: Double)? {
    while first != Int64.min, first <= newest {
      let net = nets[place(first)]
      let end = (first + 1) * width
      if net.isFinite, lastTime < end + reach, newest - first < TankState.patience { return nil }
      let (from, to) = (bound(first).volume, bound(first + 1).volume)
      let time = first * width
      nets[place(first)] = .nan
      first += 1
      if net.isFinite, let from, let to { return (time, Double(net) - (to - from) * 3_600_000 / Double(width)) }
    }
    return nil
  }

  /// Sets the scale when a day of balances has been told.
  /// - Parameter inflow: mean of the inlets, m³/h.
  /// - Returns: what is added to the balance before it is judged; nil while it is not known.
  mutating func judgedScale(inflow: Float) -> Float? {
    guard isClosed else { return 0 }
    if scale > 0 { return scale }
    waited += 1
    if Int64(waited) * width >= 86_400_000, inflow > 0, inflow.isFinite { scale = inflow }
    return nil
  }

  private func bound(_ n: Int64) -> Bound {
    let b = bounds[place(n)]
    return b.number == n ? b : Bound()
  }

  private mutating func add(_ volume: Double, _ time: Int64, at n: Int64) {
    if bounds[place(n)].number != n {
      bounds[place(n)] = Bound()
      bounds[place(n)].number = n
    }
    bounds[place(n)].add(volume, offset: time - n * width)
  }

  @inline(always) private func place(_ n: Int64) -> Int { Int(n & 31) }
}
