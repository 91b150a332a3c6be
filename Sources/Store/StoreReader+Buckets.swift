import Readings

/// Readings of a long time in a few buckets, for graphs.
extension StoreReader {
  /// The readings of `from ..< to` in at most about `points` buckets of equal length that keep minimum and maximum.
  ///
  /// Buckets shorter than an hour are made of the readings, longer ones of folded hours and of what has not been folded yet; an hour counts
  /// for the bucket in which it begins.
  /// - Complexity: O(readings in the range), or O(hours in the range + readings that are not folded yet)
  public func buckets(_ slot: SensorSlot, from: Timestamp, to: Timestamp, points: Int) throws(StoreError) -> [HistoryBucket] {
    try readTogether { db throws(StoreError) in
      var out = HistoryBucket.Filler(from: from, to: to, points: points)
      let place = try RollupPlace.read(db)
      guard out.width >= 3_600_000, place.isReady else {
        try StoreReader.scan(db, slot, from, to) { out.add($0, $1) }
        return out.finished()
      }
      let hours = StoreReader.wholeHours(from, to, place)
      let (first, last) = (place.start(ofHour: hours.lowerBound), place.start(ofHour: hours.upperBound))
      // Hours that are cut by the ends of the range are read in full detail.
      try StoreReader.scan(db, slot, from, first) { out.add($0, $1) }
      var rest = try StoreReader.unfolded(db, slot, first, last, place)[...]
      try StoreReader.eachHour(db, Int64(slot), hours) { hour, sum in
        let start = place.start(ofHour: hour)
        while let r = rest.first, r.time < start { out.add(rest.removeFirst().time, r.value) }
        out.add(start, sum)
      }
      for r in rest { out.add(r.time, r.value) }
      try StoreReader.scan(db, slot, last, to) { out.add($0, $1) }
      return out.finished()
    }
  }

  /// The same of a totalizer, as flow (m³/h) of its register's steps, each at its beginning.
  public func buckets<Register: RegisterFlow>(
    _ slot: SensorSlot, from: Timestamp, to: Timestamp, points: Int, register: Register.Type
  ) throws(StoreError) -> [HistoryBucket] {
    try readTogether { db throws(StoreError) in
      var out = HistoryBucket.Filler(from: from, to: to, points: points)
      let place = try RollupPlace.read(db)
      let position = place.position(of: Int64(slot))
      let isLong = out.width >= 3_600_000 && place.isReady
      // The first value that is not folded: from there on its flow is computed, before it comes of the hours.
      let rest = isLong ? try StoreReader.unfolded(db, slot, from, Timestamp(milliseconds: .max), place).first?.time : from
      let turn = rest.map { isLong ? place.start(ofHour: place.hour(of: $0)) : $0 } ?? to
      if isLong, position > 0, turn > from {
        try StoreReader.eachHour(db, Int64(slot), place.hour(of: from)..<place.hour(of: min(turn, to).adding(milliseconds: 3_599_999))) {
          out.add(max(from, place.start(ofHour: $0)), $1)
        }
      }
      if turn < to {
        try RegisterBook<Register>.flows(Int64(slot), from: max(turn, from), to: to, through: .max, db) { out.add($0, $1) }
      }
      return out.finished()
    }
  }

  /// Readings that are not folded yet, by time.
  private static func unfolded(
    _ db: Database, _ slot: SensorSlot, _ from: Timestamp, _ to: Timestamp, _ place: RollupPlace
  ) throws(StoreError) -> [(time: Timestamp, value: Double)] {
    try HistoryReader.values(db, Int64(slot), from: from, to: to, after: place.position(of: Int64(slot))).map { ($0.time, $0.value) }
  }

  /// The hours that lie wholly in `from ..< to`.
  private static func wholeHours(_ from: Timestamp, _ to: Timestamp, _ place: RollupPlace) -> Range<Int> {
    let first = place.hour(of: from.adding(milliseconds: 3_599_999))
    return first..<max(first, place.hour(of: to))
  }

  /// Means of the hours before `end`, oldest first; nil for an hour without readings.
  /// - Complexity: O(readings in that time)
  public func hourlyMeans(_ slot: SensorSlot, before end: Timestamp, hours: Int) throws(StoreError) -> [Double?] {
    let from = end.adding(seconds: -3600 * Int64(hours))
    var filler = HistoryBucket.Filler(from: from, to: end, points: hours)
    try read { db throws(StoreError) in try StoreReader.scan(db, slot, from, end) { filler.add($0, $1) } }
    var out = [Double?](repeating: nil, count: hours)
    for b in filler.finished() {
      let n = Int(b.time.since(from) / 3_600_000)
      if out.indices.contains(n), b.mean.isFinite { out[n] = b.mean }
    }
    return out
  }
}

extension RollupPlace {
  func start(ofHour hour: Int) -> Timestamp { Timestamp(milliseconds: Int64(hour) * 3_600_000 - Int64(offset) * 1000) }
  func hour(of t: Timestamp) -> Int { RollupSettings.floor(t.milliseconds + Int64(offset) * 1000, 3_600_000) }
}
