import Readings

/// Entries of the history in the order in which the detector saw them, in the form in which they are stored: thousands of readings are appended
/// by one copy, and written without another.
public struct HistoryEntries: Sendable {
  /// Each row's ordinal is its place here; the number of an action is its place in `actions` until it is stored.
  private(set) var rows: [HistoryRow] = []
  private(set) var actions: [ActionRecord] = []
  /// How often an entry is of another sensor than the one before it.
  private(set) var runs = 0

  public init() {}

  public init(_ entries: [HistoryEntry]) { for entry in entries { append(entry) } }

  public mutating func append(_ entry: HistoryEntry) {
    let place = Int64(rows.count)
    let row: HistoryRow
    switch entry {
    case .reading(let r): row = .reading(r, at: place)
    case .tick(let t): row = .mark(HistorySlot.tick, time: t.milliseconds, arrival: t.milliseconds, sequence: -1, at: place)
    case .ahead(let slot, let arrival):
      row = .mark(HistorySlot.ahead, time: arrival.milliseconds, arrival: arrival.milliseconds, sequence: Int64(slot), at: place)
    case .reverse(let r): row = .reverse(r, at: place)
    case .action(let record):
      row = .mark(
        HistorySlot.action, time: record.action.time.milliseconds, arrival: record.said.milliseconds, sequence: Int64(actions.count),
        at: place)
      actions.append(record)
    }
    if rows.last?.slot != row.slot { runs += 1 }
    rows.append(row)
  }

  /// - Complexity: O(readings)
  public mutating func append(_ readings: UnsafeBufferPointer<Reading>) {
    var last = rows.last?.slot
    var place = Int64(rows.count)
    var fresh = 0
    rows.append(addingCapacity: readings.count) { rows in
      for i in readings.indices {
        let slot = Int64(readings[i].slot)
        if slot != last { fresh += 1 }
        last = slot
        rows.append(.reading(readings[i], at: place))
        place += 1
      }
    }
    runs += fresh
  }

  public mutating func removeAll(keepingCapacity: Bool) {
    rows.removeAll(keepingCapacity: keepingCapacity)
    actions.removeAll(keepingCapacity: keepingCapacity)
    runs = 0
  }

  /// The rows with the numbers that their actions have in the database.
  /// - Parameter store: stores an action; returns its number.
  func numbered(_ store: (ActionRecord) throws(StoreError) -> Int64) throws(StoreError) -> [HistoryRow] {
    guard !actions.isEmpty else { return rows }
    var out = rows
    for i in out.indices where out[i].slot == HistorySlot.action { out[i].sequence = try store(actions[Int(out[i].sequence)]) }
    return out
  }

  /// When the first reading of a sensor arrived, or where it has none the first refused flow. An import registers all its sensors with its
  /// first rows: of one that is not among them it is the first reading's arrival.
  /// - Complexity: O(entries), the look-up O(1).
  func firstArrivals() -> (SensorSlot) -> Timestamp {
    var (readings, refused): ([Int64: Int64], [Int64: Int64]) = ([:], [:])
    var last: Int64?
    for row in rows where row.isReading && row.slot != last {
      last = row.slot
      if readings[row.slot] == nil { readings[row.slot] = row.arrival }
    }
    for row in rows where row.slot == HistorySlot.reverse {
      let slot = HistoryRow.slot(ofReverse: row.sequence)
      if refused[slot] == nil { refused[slot] = row.arrival }
    }
    let other = rows.first.map { $0.isReading ? $0.arrival : 0 } ?? 0
    return { slot in Timestamp(milliseconds: readings[Int64(slot)] ?? refused[Int64(slot)] ?? other) }
  }
}

extension HistoryEntries: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { rows.count }

  public subscript(i: Int) -> HistoryEntry {
    let row = rows[i]
    return row.slot == HistorySlot.action ? .action(actions[Int(row.sequence)]) : row.entry
  }
}
