import Readings

/// What readings add to one hour.
struct HourSum: Equatable {
  var count: Int64 = 0
  var sum = 0.0
  var low = Double.infinity
  var high = -Double.infinity

  mutating func add(_ v: Double) {
    count += 1
    sum += v
    low = min(low, v)
    high = max(high, v)
  }

  mutating func add(_ other: HourSum) {
    count += other.count
    sum += other.sum
    low = min(low, other.low)
    high = max(high, other.high)
  }
}

/// One sensor's hour. Sorted by sensor.
struct HourKey: Hashable, Comparable {
  var slot: Int64
  var hour: Int

  static func < (a: HourKey, b: HourKey) -> Bool { (a.slot, a.hour) < (b.slot, b.hour) }
}

/// Reads the rows of one round and adds them up.
struct RollupReader<Register: RegisterFlow> {
  let settings: RollupSettings
  let limits: RollupLimits

  /// What is added to hours, and hours that take the place of what is known, where a register's value came late.
  private var added: [HourKey: HourSum] = [:]
  private var replaced: [HourKey: HourSum] = [:]
  private var late: Set<HourKey> = []
  /// Row id of the last row read; nil when there was none.
  private(set) var target: Int64?
  /// Whether there may be more rows.
  private(set) var isFull = false

  init(settings: RollupSettings, limits: RollupLimits) {
    self.settings = settings
    self.limits = limits
  }

  /// - Parameter goesOn: asked now and then; false breaks it off.
  /// - Returns: false when it was broken off.
  mutating func read(
    from place: RollupPlace, into registers: inout RegisterBook<Register>, _ db: Database, goesOn: () -> Bool
  ) throws(StoreError) -> Bool {
    let totals = try RollupTable.totals(db)
    var failure: StoreError?
    var rows = 0
    var isBroken = false
    try HistoryReader.rows(db, after: place.position, through: place.target ?? Int64.max) { row in
      target = row.ordinal
      rows += 1
      do throws(StoreError) {
        try take(row, place, totals, &registers, db)
      } catch {
        failure = error
        return false
      }
      if rows & 4095 == 0, !goesOn() {
        isBroken = true
        return false
      }
      if place.target == nil, rows >= limits.rows || added.count + 8 * late.count >= limits.hours {
        isFull = true
        return false
      }
      return true
    }
    if let failure { throw failure }
    if isBroken { return false }
    // The rows of a round that was broken off end where it was to end, be there rows or not.
    target = place.target ?? target
    if place.target != nil { isFull = true }
    return try makeLateHours(db, goesOn)
  }

  private mutating func take(
    _ row: HistoryRow, _ place: RollupPlace, _ totals: Set<Int64>, _ registers: inout RegisterBook<Register>, _ db: Database
  ) throws(StoreError) {
    // Ticks, actions, and what a broken-off round has written already.
    guard row.isReading, place.target == nil || row.slot >= place.slot, row.value.isFinite else { return }
    let time = Timestamp(milliseconds: row.time)
    if totals.contains(row.slot) {
      try take(register: row.value, at: time, row.slot, &registers, after: place.position, db)
    } else {
      added[HourKey(slot: row.slot, hour: settings.hour(of: time)), default: HourSum()].add(row.value)
    }
  }

  private mutating func take(
    register value: Double, at time: Timestamp, _ slot: Int64, _ registers: inout RegisterBook<Register>, after position: Int64,
    _ db: Database
  ) throws(StoreError) {
    switch try registers.take(value, at: time, slot, after: position, db) {
    case .flow(let since, let flow): added[HourKey(slot: slot, hour: settings.hour(of: since)), default: HourSum()].add(flow)
    case .late:
      // It may begin a step of its own hour, and end one of the hour before.
      let hour = settings.hour(of: time)
      late.formUnion([HourKey(slot: slot, hour: hour), HourKey(slot: slot, hour: hour - 1)])
    case .waiting: return
    }
  }

  /// Hours in which a register's value came late are computed from the history in order of time.
  private mutating func makeLateHours(_ db: Database, _ goesOn: () -> Bool) throws(StoreError) -> Bool {
    for key in late {
      guard goesOn() else { return false }
      let from = start(ofHour: key.hour)
      var sum = HourSum()
      try RegisterBook<Register>.flows(key.slot, from: from, to: from.adding(seconds: 3600), through: target ?? Int64.max, db) {
        sum.add($1)
      }
      if sum.count > 0 {
        replaced[key] = sum
        added[key] = nil
      }
    }
    return true
  }

  private func start(ofHour hour: Int) -> Timestamp {
    Timestamp(milliseconds: Int64(hour) * 3_600_000 - Int64(settings.offset) * 1000)
  }

  /// What was read, some sensors a piece, in order. At least one: the place moves also past rows that change no hour.
  func chunks() -> [RollupChunk] {
    var keys = Set(added.keys)
    keys.formUnion(replaced.keys)
    var out: [RollupChunk] = []
    var chunk = RollupChunk(settings: settings)
    for key in keys.sorted() {
      if chunk.count >= limits.rowsPerTransaction, chunk.lastSlot != key.slot {
        chunk.nextSlot = key.slot
        out.append(chunk)
        chunk = RollupChunk(settings: settings)
      }
      if let sum = replaced[key] { chunk.replace(key, sum) } else if let sum = added[key] { chunk.add(key, sum) }
    }
    out.append(chunk)
    return out
  }
}
