import Readings

/// Small writes of the control plane, through a connection of its own. Safe from any thread; each is on disk when it returns.
public final class DeskStore: Sendable {
  private let connection: SharedDatabase

  /// The database must exist: open the `Store` first.
  public init(directory: String) throws(StoreError) { connection = try SharedDatabase(writing: directory) }

  private func with<T: Sendable>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T { try connection.with(body) }

  /// - Parameters:
  ///   - card: nil or an empty one takes the card away.
  ///   - at: wall clock.
  public func setCard(_ id: SensorID, _ card: MeterCard?, by person: String, at: Timestamp) throws(StoreError) {
    try with { db throws(StoreError) in try CardTable.set(id, card, by: person, at: at, db) }
  }

  /// - Returns: its number; that of `work` is without meaning.
  public func addWork(_ work: StoredWork, at: Timestamp) throws(StoreError) -> Int64 {
    try with { db throws(StoreError) in try WorkTable.add(work, at: at, db) }
  }

  /// - Returns: false when there is no such work, or it has been ended already.
  public func endWork(_ id: Int64) throws(StoreError) -> Bool { try with { db throws(StoreError) in try WorkTable.end(id, db) } }

  /// What a town billed (有収水量) in a month.
  /// - Parameters:
  ///   - month: year · 12 + month − 1.
  ///   - volume: m³; nil takes the figure away.
  public func setBilled(municipality: String, month: Int, volume: Double?, by person: String, at: Timestamp) throws(StoreError) {
    try with { db throws(StoreError) in
      try BilledTable.set(municipality: municipality, month: month, volume: volume, by: person, at: at, db)
    }
  }
}

/// Water that was billed, by town and month.
enum BilledTable {
  static func set(
    municipality: String, month: Int, volume: Double?, by person: String, at: Timestamp, _ db: Database
  ) throws(StoreError) {
    guard let volume else {
      let s = try db.statement("DELETE FROM billed WHERE municipality = ? AND month = ?")
      s.bind(1, municipality)
      s.bind(2, month)
      return try s.run()
    }
    let s = try db.statement("INSERT OR REPLACE INTO billed VALUES (?, ?, ?, ?, ?)")
    s.bind(1, municipality)
    s.bind(2, month)
    s.bind(3, volume)
    s.bind(4, person)
    s.bind(5, at.milliseconds)
    try s.run()
  }
}

extension StoreReader {
  /// Billed water (有収水量) of a town, m³, by month number (year · 12 + month − 1).
  public func billed(municipality: String, months: Range<Int>) throws(StoreError) -> [Int: Double] {
    try read { db throws(StoreError) in
      let s = try db.statement("SELECT month, volume FROM billed WHERE municipality = ? AND month >= ? AND month < ?")
      defer { s.reset() }
      s.bind(1, municipality)
      s.bind(2, months.lowerBound)
      s.bind(3, months.upperBound)
      var out: [Int: Double] = [:]
      while try s.step() { out[Int(s.int(0))] = s.double(1) }
      return out
    }
  }
}
