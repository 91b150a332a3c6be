/// What one transaction of a rollup writes: the changed hours of some sensors and their days.
struct RollupChunk {
  /// A changed hour: what is added to what is known, or takes its place.
  private struct Change {
    var key: HourKey
    var sum: HourSum
    var isWhole: Bool
  }

  /// The rows as they will be.
  struct Rows {
    var hours: [(day: Int, slot: Int64, hour: Int, sum: HourSum)] = []
    var days: [(day: Int, slot: Int64, row: DayFigures)] = []
  }

  private let settings: RollupSettings
  /// Sorted by slot, then hour.
  private var changes: [Change] = []
  /// The first slot of the next chunk; nil for the last one.
  var nextSlot: Int64?

  init(settings: RollupSettings) { self.settings = settings }

  var count: Int { changes.count }
  var lastSlot: Int64? { changes.last?.key.slot }

  mutating func add(_ key: HourKey, _ sum: HourSum) { changes.append(Change(key: key, sum: sum, isWhole: false)) }
  mutating func replace(_ key: HourKey, _ sum: HourSum) { changes.append(Change(key: key, sum: sum, isWhole: true)) }

  /// The rows that the changes make of what is stored. Only reads: nobody else writes hours.
  func rows(_ db: Database) throws(StoreError) -> Rows {
    var out = Rows()
    var i = 0
    while i < changes.count {
      let slot = changes[i].key.slot
      let day = RollupSettings.floor(Int64(changes[i].key.hour), 24)
      var hours = try RollupTable.hours(slot: slot, day: day, db)
      while i < changes.count, changes[i].key.slot == slot, RollupSettings.floor(Int64(changes[i].key.hour), 24) == day {
        let h = changes[i].key.hour - day * 24
        if changes[i].isWhole { hours[h] = changes[i].sum } else { hours[h].add(changes[i].sum) }
        out.hours.append((day, slot, h, hours[h]))
        i += 1
      }
      out.days.append((day, slot, DayFigures(hours, night: settings.nightHours)))
    }
    return out
  }
}

/// What 24 hours make of a day.
struct DayFigures: Equatable {
  var hours = 0
  var volume = 0.0
  var low = Double.infinity
  var high = -Double.infinity
  var night: Double?

  /// - Parameter sums: of the day's hours; those without readings have count 0.
  init(_ sums: [HourSum], night window: Range<Int>) {
    for (h, sum) in sums.enumerated() where sum.count > 0 {
      let mean = sum.sum / Double(sum.count)
      hours += 1
      volume += mean
      low = min(low, sum.low)
      high = max(high, sum.high)
      if window.contains(h) { night = min(night ?? mean, mean) }
    }
  }
}
