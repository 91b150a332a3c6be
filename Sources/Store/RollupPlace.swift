/// How far the history has been folded into hours and days: the row of `rollup`.
struct RollupPlace: Equatable {
  /// Incremented when the way of folding changes: hours and days are then made anew.
  static let version = 1

  /// Row id of the last row that is folded for all sensors.
  var position: Int64 = 0
  /// While a round is under way: where it ends, and the first slot that it has not written.
  var target: Int64?
  var slot: Int64 = 0
  /// False while hours and days of other settings are being taken away.
  var isReady = false
  var version = 0
  var offset = 0
  var nightStart = 0
  var nightEnd = 0

  init() {}

  func matches(_ s: RollupSettings) -> Bool {
    version == RollupPlace.version && offset == s.offset && nightStart == s.nightStart && nightEnd == s.nightEnd
  }

  /// Nothing is left of other settings.
  mutating func begin(_ s: RollupSettings) {
    self = RollupPlace()
    (isReady, version) = (true, RollupPlace.version)
    (offset, nightStart, nightEnd) = (s.offset, s.nightStart, s.nightEnd)
  }

  /// Sensors below `next` have been written; nil = all.
  mutating func finish(below next: Int64?, through target: Int64) {
    if let next {
      (self.target, slot) = (target, next)
    } else {
      (position, self.target, slot) = (target, nil, 0)
    }
  }

  /// Row id of the last row that is folded for that sensor.
  func position(of slot: Int64) -> Int64 { target.map { slot < self.slot ? $0 : position } ?? position }

  static func read(_ db: Database) throws(StoreError) -> RollupPlace {
    let s = try db.statement(
      "SELECT position, target, slot, ready, version, utc_offset, night_start, night_end FROM rollup WHERE id = 1")
    defer { s.reset() }
    guard try s.step() else { throw .corrupt(file: db.path, detail: "no row of rollup") }
    var p = RollupPlace()
    p.position = s.int(0)
    p.target = s.isNull(1) ? nil : s.int(1)
    p.slot = s.int(2)
    p.isReady = s.int(3) != 0
    p.version = Int(s.int(4))
    (p.offset, p.nightStart, p.nightEnd) = (Int(s.int(5)), Int(s.int(6)), Int(s.int(7)))
    return p
  }

  /// Writes this place, if the one on disk is still `old`. In the transaction of what it stands for.
  func move(from old: RollupPlace, _ db: Database) throws(StoreError) {
    guard try RollupPlace.read(db) == old else { throw .io(operation: "rollup", detail: "somebody else has moved its position") }
    let s = try db.statement(
      """
      UPDATE rollup SET position = ?, target = ?, slot = ?, ready = ?, version = ?, utc_offset = ?, night_start = ?, night_end = ?
      WHERE id = 1
      """)
    s.bind(1, position)
    if let target { s.bind(2, target) } else { s.bindNull(2) }
    s.bind(3, slot)
    s.bind(4, isReady ? 1 : 0)
    s.bind(5, version)
    s.bind(6, offset)
    s.bind(7, nightStart)
    s.bind(8, nightEnd)
    try s.run()
  }
}
