import Readings

/// Recognises redelivered readings: the same sensor, time and sequence number changes nothing.
///
/// A reading newer than everything seen from its sensor is new without a look-up (the common case, O(1), no hashing);
/// an older one is looked up among the uncommitted ones and then in the history.
struct DuplicateFilter {
  private struct Key: Hashable {
    var slot: SensorSlot
    var time: Int64
    var sequence: Int64
  }

  private var newest: [Int64] = []
  /// Times and sequences accepted since the last commit; bounded by the batch.
  private var uncommitted: [Key] = []
  /// The first `indexed` of them, for look-ups. Built when one is needed.
  private var index: Set<Key> = []
  private var indexed = 0

  mutating func add(newestStored: Timestamp?) { newest.append(newestStored?.milliseconds ?? Int64.min) }

  /// Whether the reading is new; a new one is remembered until `committed()`.
  /// - Parameter isStored: asks the history; called only for readings that are not newer than the sensor's newest.
  @inline(__always)
  mutating func accept(_ slot: SensorSlot, _ time: Timestamp, _ sequence: Int64, isStored: () throws -> Bool) rethrows -> Bool {
    let key = Key(slot: slot, time: time.milliseconds, sequence: sequence)
    if key.time <= newest[Int(slot)] {
      if isUncommitted(key) { return false }
      if try isStored() { return false }
    } else {
      newest[Int(slot)] = key.time
    }
    uncommitted.append(key)
    return true
  }

  /// What was accepted is in the history now.
  mutating func committed() {
    uncommitted.removeAll(keepingCapacity: true)
    guard indexed > 0 else { return }
    index.removeAll(keepingCapacity: true)
    indexed = 0
  }

  /// O(1) amortised over the batch.
  private mutating func isUncommitted(_ key: Key) -> Bool {
    while indexed < uncommitted.count {
      index.insert(uncommitted[indexed])
      indexed += 1
    }
    return index.contains(key)
  }
}
