/// What is kept of sensors that are no meters of flow, and of the meters that have to do with them. Empty, and without cost, in a town that
/// has flow meters only.
struct GaugeTable: ~Copyable {
  /// One for each sensor once `isUsed`.
  private(set) var watches: UnsafeMutablePointer<WatchState>
  private(set) var watchCount = 0
  private var watchCapacity = 1
  private(set) var pressures: UnsafeMutablePointer<PressureState>
  private(set) var pressureCount = 0
  private var pressureCapacity = 1
  private(set) var frosts: UnsafeMutablePointer<FrostState>
  private(set) var frostCount = 0
  private var frostCapacity = 1
  private(set) var tanks: UnsafeMutablePointer<TankState>
  private(set) var tankCount = 0
  private var tankCapacity = 1

  init() {
    watches = .allocate(capacity: watchCapacity)
    pressures = .allocate(capacity: pressureCapacity)
    frosts = .allocate(capacity: frostCapacity)
    tanks = .allocate(capacity: tankCapacity)
  }

  deinit {
    watches.deallocate()
    pressures.deallocate()
    frosts.deallocate()
    tanks.deallocate()
  }

  var isUsed: Bool { watchCount > 0 }

  /// Makes room for the watches of so many sensors. Amortised O(1) a sensor.
  mutating func cover(_ sensors: Int) {
    while watchCount < sensors { watches.append(WatchState(), count: &watchCount, capacity: &watchCapacity) }
  }

  mutating func appendPressure(_ s: PressureState) { pressures.append(s, count: &pressureCount, capacity: &pressureCapacity) }
  mutating func appendFrost(_ s: FrostState) { frosts.append(s, count: &frostCount, capacity: &frostCapacity) }
  mutating func appendTank(_ s: TankState) { tanks.append(s, count: &tankCount, capacity: &tankCapacity) }

  // MARK: - Checkpoint

  /// Four counts (UInt64, little endian) and the records, as they lie in memory.
  var byteCount: Int {
    32 + watchCount * MemoryLayout<WatchState>.stride + pressureCount * MemoryLayout<PressureState>.stride
      + frostCount * MemoryLayout<FrostState>.stride + tankCount * MemoryLayout<TankState>.stride
  }

  func append(to out: inout [UInt8]) {
    for n in [watchCount, pressureCount, frostCount, tankCount] {
      withUnsafeBytes(of: UInt64(n).littleEndian) { out.append(contentsOf: $0) }
    }
    func put<T: BitwiseCopyable>(_ block: UnsafeMutablePointer<T>, _ count: Int) {
      out.append(contentsOf: UnsafeRawBufferPointer(start: UnsafeRawPointer(block), count: count * MemoryLayout<T>.stride))
    }
    put(watches, watchCount)
    put(pressures, pressureCount)
    put(frosts, frostCount)
    put(tanks, tankCount)
  }

  /// Takes over what `append` wrote.
  /// - Returns: false, having changed nothing, when its length is another.
  mutating func read(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count >= 32 else { return false }
    let counts = (0..<4).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
    let strides = [
      MemoryLayout<WatchState>.stride, MemoryLayout<PressureState>.stride, MemoryLayout<FrostState>.stride, MemoryLayout<TankState>.stride,
    ]
    guard counts.allSatisfy({ $0 <= UInt64(Int32.max) }),
      bytes.count == 32 + zip(counts, strides).reduce(0, { $0 + Int($1.0) * $1.1 })
    else { return false }
    var place = 32
    func next<T: BitwiseCopyable>(_: T.Type) -> T {
      defer { place += MemoryLayout<T>.stride }
      return bytes.loadUnaligned(fromByteOffset: place, as: T.self)
    }
    for _ in 0..<counts[0] { watches.append(next(WatchState.self), count: &watchCount, capacity: &watchCapacity) }
    for _ in 0..<counts[1] { appendPressure(next(PressureState.self)) }
    for _ in 0..<counts[2] { appendFrost(next(FrostState.self)) }
    for _ in 0..<counts[3] { appendTank(next(TankState.self)) }
    return true
  }
}
