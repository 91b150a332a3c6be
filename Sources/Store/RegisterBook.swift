import Readings

/// The totalizers' registers as the rollup follows them, in order of arrival.
struct RegisterBook<Register: RegisterFlow> {
  /// Values before a place from which a register learns the pace of its meter.
  static var seed: Int { 256 }

  private struct Entry {
    var register: Register
    var last: Timestamp
  }
  private var entries: [Int64: Entry] = [:]

  enum Outcome {
    case waiting
    case flow(since: Timestamp, Double)
    /// Older than one before it.
    case late
  }

  mutating func forgetAll() { entries.removeAll() }

  /// Takes the next value of a totalizer. At its first one the register is led through the values up to `position`.
  mutating func take(
    _ value: Double, at time: Timestamp, _ slot: Int64, after position: Int64, _ db: Database
  ) throws(StoreError) -> Outcome {
    var entry = Entry(register: Register(), last: .distantPast)
    if let known = entries[slot] { entry = known } else { entry = try RegisterBook.seeded(slot, through: position, db) }
    defer { entries[slot] = entry }
    guard time > entry.last else { return .late }
    entry.last = time
    return entry.register.take(value, at: time).map { .flow(since: $0.time, $0.value) } ?? .waiting
  }

  private static func seeded(_ slot: Int64, through position: Int64, _ db: Database) throws(StoreError) -> Entry {
    var entry = Entry(register: Register(), last: .distantPast)
    for (time, value) in try values(slot, before: Timestamp(milliseconds: .max), through: position, db) {
      _ = entry.register.take(value, at: time)
      entry.last = time
    }
    return entry
  }

  /// The newest values before a time, oldest first, of the rows up to `position`.
  static func values(
    _ slot: Int64, before time: Timestamp, through position: Int64, _ db: Database
  ) throws(StoreError) -> [(time: Timestamp, value: Double)] {
    var out: [(time: Timestamp, value: Double)] = []
    for v in try HistoryReader.newest(db, slot, before: time, through: position, limit: seed) {
      // Times ascend: of several values at one moment the last counts.
      if out.last?.time == v.time { out.removeLast() }
      out.append((v.time, v.value))
    }
    return out
  }

  /// The flows of steps that begin in `from ..< to`, of the rows up to `position`, in order of time.
  /// - Complexity: O(rows in that time and three hours around it)
  static func flows(
    _ slot: Int64, from: Timestamp, to: Timestamp, through position: Int64, _ db: Database, _ body: (Timestamp, Double) -> Void
  ) throws(StoreError) {
    var register = Register()
    var last = Timestamp.distantPast
    for (time, value) in try values(slot, before: from, through: position, db) {
      last = time
      if let flow = register.take(value, at: time), flow.time >= from { body(flow.time, flow.value) }
    }
    // A step ends an hour and a half after it began at the latest.
    for v in try HistoryReader.values(db, slot, from: from, to: to.adding(seconds: 7200), through: position) where v.time > last {
      last = v.time
      if let flow = register.take(v.value, at: v.time), flow.time >= from, flow.time < to { body(flow.time, flow.value) }
    }
  }
}
