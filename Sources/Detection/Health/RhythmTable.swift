/// What is known of the rhythm of each sensor's deliveries, beside its record: only loggers that send seldom have any, and others never look here.
struct RhythmTable: ~Copyable {
  /// One for each sensor, and room for more. Memory is written only where `known` says so: the pages of sensors that send steadily stay untouched.
  private(set) var states: UnsafeMutablePointer<RhythmState>
  private(set) var known: UnsafeMutablePointer<Bool>
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    states = .allocate(capacity: capacity)
    known = .allocate(capacity: capacity)
    known.initialize(repeating: false, count: capacity)
  }

  deinit {
    states.deallocate()
    known.deallocate()
  }

  /// Makes room for `n` sensors. Amortised O(1) for one more.
  mutating func reserve(_ n: Int) {
    guard n > capacity else { return }
    var new = RhythmTable(capacity: max(n, capacity + capacity / 4))
    for i in 0..<capacity where known[i] { new.set(i, states[i]) }
    swap(&self, &new)
  }

  private mutating func set(_ i: Int, _ state: RhythmState) {
    (states + i).initialize(to: state)
    known[i] = true
  }

  private func isKept(_ i: Int) -> Bool { known[i] && !states[i].isEmpty }

  // MARK: - Checkpoint

  private static let entrySize = 8 + MemoryLayout<RhythmState>.stride

  /// How many there are, and of each its sensor (UInt64, little endian) and it, as it lies in memory.
  /// - Complexity: O(sensors)
  func byteCount(_ sensors: Int) -> Int {
    8 + (0..<sensors).reduce(0) { isKept($1) ? $0 + RhythmTable.entrySize : $0 }
  }

  func append(to out: inout [UInt8], sensors: Int) {
    func put(_ n: Int) { withUnsafeBytes(of: UInt64(n).littleEndian) { out.append(contentsOf: $0) } }
    put((0..<sensors).count { isKept($0) })
    for i in 0..<sensors where isKept(i) {
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
    for at in places { set(Int(number(at)), bytes.loadUnaligned(fromByteOffset: at + 8, as: RhythmState.self)) }
    return end
  }
}
