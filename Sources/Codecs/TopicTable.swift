import Readings

/// From the bytes of a topic to the sensor's slot: a hash table with open addressing, so that a known topic costs one look-up and no
/// allocation.
///
/// The keys lie one after another in one array. Nothing is ever removed: topics are as few as sensors.
public struct TopicTable: Sendable {
  /// Longer topics are not remembered; they are matched anew each time.
  public static let longestTopic = 512

  private struct Entry {
    var hash: UInt64
    var start: Int32
    var length: Int32
    var slot: SensorSlot
  }

  /// How many topics it takes at most.
  public let capacity: Int
  private let seed: UInt64
  private var entries: [Entry] = []
  private var keys: [UInt8] = []
  /// Index into `entries`, or −1; a power of two long and at most half full.
  private var buckets: [Int32]

  /// - Parameters:
  ///   - capacity: topics at most, 0…1,000,000.
  ///   - seed: of the hash; a secret one keeps senders from choosing topics that collide.
  public init(capacity: Int, seed: UInt64 = 0) {
    self.capacity = max(0, min(capacity, 1_000_000))
    self.seed = seed
    buckets = Array(repeating: -1, count: 64)
  }

  public var count: Int { entries.count }
  public var isFull: Bool { entries.count >= capacity }

  /// - Complexity: O(length of the topic) on average; no allocation.
  public func slot(of topic: UnsafeBufferPointer<UInt8>) -> SensorSlot? {
    let h = hash(topic)
    var b = Int(truncatingIfNeeded: h) & (buckets.count - 1)
    while true {
      let e = buckets[b]
      if e < 0 { return nil }
      if entries[Int(e)].hash == h, isEqual(entries[Int(e)], topic) { return entries[Int(e)].slot }
      b = (b + 1) & (buckets.count - 1)
    }
  }

  /// Remembers a topic. A topic that is already known keeps its slot.
  /// - Returns: false when the table is full or the topic too long: nothing was remembered.
  @discardableResult
  public mutating func insert(_ topic: UnsafeBufferPointer<UInt8>, slot: SensorSlot) -> Bool {
    if self.slot(of: topic) != nil { return true }
    guard !isFull, topic.count <= TopicTable.longestTopic else { return false }
    let entry = Entry(hash: hash(topic), start: Int32(keys.count), length: Int32(topic.count), slot: slot)
    keys.append(contentsOf: topic)
    entries.append(entry)
    if entries.count * 2 > buckets.count {
      buckets = Array(repeating: -1, count: buckets.count * 2)
      for i in entries.indices { place(i) }
    } else {
      place(entries.count - 1)
    }
    return true
  }

  private mutating func place(_ i: Int) {
    var b = Int(truncatingIfNeeded: entries[i].hash) & (buckets.count - 1)
    while buckets[b] >= 0 { b = (b + 1) & (buckets.count - 1) }
    buckets[b] = Int32(i)
  }

  private func isEqual(_ e: Entry, _ topic: UnsafeBufferPointer<UInt8>) -> Bool {
    guard Int(e.length) == topic.count else { return false }
    return keys.withUnsafeBytes { all in
      let key = UnsafeRawBufferPointer(rebasing: all[Int(e.start)..<Int(e.start) + topic.count])
      let raw = UnsafeRawBufferPointer(topic)
      var i = 0
      while i + 8 <= raw.count {
        if key.loadUnaligned(fromByteOffset: i, as: UInt64.self) != raw.loadUnaligned(fromByteOffset: i, as: UInt64.self) { return false }
        i += 8
      }
      while i < raw.count {
        if key[i] != raw[i] { return false }
        i += 1
      }
      return true
    }
  }

  /// Eight bytes at a time, each folded in by the two halves of a 128-bit product (the mixing step of wyhash, Wang Yi 2019).
  private func hash(_ topic: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var h = seed ^ 0xa076_1d64_78bd_642f ^ UInt64(topic.count)
    func fold(_ word: UInt64) {
      let p = (h ^ word).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
      h = p.high ^ p.low
    }
    let raw = UnsafeRawBufferPointer(topic)
    var i = 0
    while i + 8 <= raw.count {
      fold(raw.loadUnaligned(fromByteOffset: i, as: UInt64.self))
      i += 8
    }
    var rest: UInt64 = 0
    while i < raw.count {
      rest = rest << 8 | UInt64(raw[i])
      i += 1
    }
    fold(rest)
    return h
  }
}
