/// What is known of the rhythm of each sensor's deliveries, beside its record: only loggers that send seldom have any, and others never look here.
struct RhythmTable: ~Copyable {
  /// One for each sensor, and some more.
  private(set) var states: UnsafeMutablePointer<RhythmState>
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    states = .allocate(capacity: capacity)
    states.initialize(repeating: RhythmState(), count: capacity)
  }

  deinit { states.deallocate() }

  /// Makes room for `n` sensors. Amortised O(1) for one more.
  mutating func reserve(_ n: Int) {
    guard n > capacity else { return }
    let wanted = max(n, capacity + capacity / 4)
    let block = UnsafeMutablePointer<RhythmState>.allocate(capacity: wanted)
    block.moveInitialize(from: states, count: capacity)
    (block + capacity).initialize(repeating: RhythmState(), count: wanted - capacity)
    states.deallocate()
    states = block
    capacity = wanted
  }

  // MARK: - Checkpoint

  private static let entrySize = 8 + MemoryLayout<RhythmState>.stride

  /// How many there are, and of each its sensor (UInt64, little endian) and it, as it lies in memory.
  /// - Complexity: O(sensors)
  func byteCount(_ sensors: Int) -> Int {
    8 + (0..<sensors).reduce(0) { states[$1].isEmpty ? $0 : $0 + RhythmTable.entrySize }
  }

  func append(to out: inout [UInt8], sensors: Int) {
    func put(_ n: Int) { withUnsafeBytes(of: UInt64(n).littleEndian) { out.append(contentsOf: $0) } }
    put((0..<sensors).count { !states[$0].isEmpty })
    for i in 0..<sensors where !states[i].isEmpty {
      put(i)
      out.append(contentsOf: UnsafeRawBufferPointer(start: UnsafeRawPointer(states + i), count: MemoryLayout<RhythmState>.stride))
    }
  }

  /// Takes over what `append` wrote, at the beginning of `bytes`.
  /// - Returns: how many bytes that was; nil, having changed nothing, when they are too few or name an unknown sensor.
  mutating func read(_ bytes: UnsafeRawBufferPointer, sensors: Int) -> Int? {
    func number(_ at: Int) -> UInt64 { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) }
    guard bytes.count >= 8, number(0) <= UInt64(sensors) else { return nil }
    let end = 8 + Int(number(0)) * RhythmTable.entrySize
    guard bytes.count >= end else { return nil }
    let places = stride(from: 8, to: end, by: RhythmTable.entrySize)
    guard places.allSatisfy({ number($0) < UInt64(sensors) }) else { return nil }
    for at in places { states[Int(number(at))] = bytes.loadUnaligned(fromByteOffset: at + 8, as: RhythmState.self) }
    return end
  }
}
