import Readings

/// How a transition stands to what the endpoint was told before.
public struct DeliveryStanding: Equatable, Sendable {
  /// Another change of the same event is in the queue or was told.
  public var isQueued = false
  /// An attempt to tell another change of the same event was made.
  public var isAttempted = false
  /// The waiting digest that another change of the same event is part of.
  public var digestOfEvent: Int64?
  /// Another change of the same event was or is part of a digest.
  public var isInDigest = false
  /// The waiting digest of the same meter and kind.
  public var digestOfMeter: Int64?
  /// Openings of the same kind at the same meter that were queued since a moment, without those of digests.
  public var recentOpenings = 0

  public init() {}

  /// O(log n) in all that was ever told and in what waits, O(n) in what this event and this meter told since: many are asked for in one
  /// transaction, and readings wait for its end.
  /// - Parameter since: Unix ms.
  init(_ row: OutboxRow, endpoint: String, since: Int64, _ db: Database) throws(StoreError) {
    let event = try db.statement(DeliveryStanding.ofEvent)
    event.bind(1, endpoint)
    event.bind(2, row.eventKey)
    defer { event.reset() }
    guard try event.step() else { return }
    isQueued = event.int(0) != 0
    isAttempted = event.int(1) != 0
    digestOfEvent = event.isNull(2) ? nil : event.int(2)
    isInDigest = event.int(3) != 0
    let digest = try db.statement(DeliveryStanding.waitingDigest)
    digestOfMeter = try DeliveryStanding.number(digest, row, endpoint, nil)
    guard row.transition.change == .opened else { return }
    let openings = try db.statement(DeliveryStanding.openings)
    recentOpenings = Int(try DeliveryStanding.number(openings, row, endpoint, since) ?? 0)
  }

  /// Endpoint, event's key.
  static let ofEvent = """
    SELECT max(d.state <> 3), max(d.attempts > 0),
      max(CASE WHEN d.state = 0 AND d.attempts = 0 AND (d.digest = 1 OR l.digest = 1) THEN coalesce(d.lead, d.id) END),
      max(d.digest = 1 OR coalesce(l.digest, 0) = 1)
    FROM transition t CROSS JOIN delivery d ON d.endpoint = ?1 AND d.seq = t.seq LEFT JOIN delivery l ON l.id = d.lead
    WHERE t.event_key = ?2
    """
  /// Endpoint, slot, kind.
  static let waitingDigest = """
    SELECT d.id FROM transition t CROSS JOIN delivery d ON d.endpoint = ?1 AND d.seq = t.seq
    WHERE t.slot = ?2 AND t.kind = ?3 AND d.state = 0 AND d.digest = 1 AND d.attempts = 0
      AND t.seq >= (SELECT min(seq) FROM delivery WHERE endpoint = ?1 AND digest = 1 AND state = 0) LIMIT 1
    """
  /// Endpoint, slot, kind, since.
  static let openings = """
    SELECT count(*) FROM transition t
      CROSS JOIN delivery d ON d.endpoint = ?1 AND d.seq = t.seq AND d.round = 0 LEFT JOIN delivery l ON l.id = d.lead
    WHERE t.slot = ?2 AND t.kind = ?3
      AND t.seq >= (SELECT seq FROM delivery WHERE endpoint = ?1 AND queued > ?4 AND round = 0 ORDER BY queued LIMIT 1)
      AND t.change = \(EventChange.opened.rawValue) AND d.queued > ?4 AND d.state <> 3 AND d.digest = 0 AND coalesce(l.digest, 0) = 0
    """

  private static func number(_ s: Statement, _ row: OutboxRow, _ endpoint: String, _ since: Int64?) throws(StoreError) -> Int64? {
    defer { s.reset() }
    s.bind(1, endpoint)
    s.bind(2, Int64(row.transition.slot))
    s.bind(3, Int64(row.transition.kind.rawValue))
    if let since { s.bind(4, since) }
    return try s.step() ? s.int(0) : nil
  }
}

/// What becomes of a transition at an endpoint.
public enum DeliveryPlacement: Equatable, Sendable {
  case notTold
  /// Due at that time (Unix ms).
  case queue(due: Int64)
  /// The first of a digest, due at that time.
  case digest(due: Int64)
  /// Part of the delivery with that number.
  case join(Int64)
}

/// An open leak of which the endpoint was told, and which nobody has acknowledged.
public struct ToldLeak: Equatable, Sendable {
  public let eventKey: String
  /// Unix ms of the last delivery about it.
  public let told: Int64
}

extension DeliveryStore {
  /// Deliveries of single messages that have not been tried yet and are due by `until` (Unix ms), oldest first.
  public func waiting(endpoint: String, until: Int64) throws(StoreError) -> [DeliveryRow] {
    try list(
      """
      SELECT \(DeliveryStore.columns) FROM delivery d WHERE endpoint = ? AND state = 0 AND due <= ? AND lead IS NULL AND attempts = 0
        AND digest = 0 AND NOT EXISTS (SELECT 1 FROM delivery m WHERE m.lead = d.id) ORDER BY seq LIMIT 10000
      """, endpoint, until)
  }

  /// Makes deliveries part of another one for good: whatever becomes of it becomes of them.
  public func join(_ ids: [Int64], to lead: Int64) throws(StoreError) {
    try with { db throws(StoreError) in
      try db.transaction { () throws(StoreError) in
        let s = try db.statement("UPDATE delivery SET lead = ? WHERE id = ? AND id <> ?1 AND state = 0")
        for id in ids {
          s.bind(1, lead)
          s.bind(2, id)
          try s.run()
        }
      }
    }
  }

  /// The delivery and all that is part of it, in the order of the outbox.
  public func members(of id: Int64) throws(StoreError) -> [DeliveryRow] {
    try list("SELECT \(DeliveryStore.columns) FROM delivery WHERE (id = ?2 OR lead = ?2) ORDER BY seq", nil, id)
  }

  /// A delivery that is not to be made after all.
  public func drop(_ id: Int64) throws(StoreError) {
    try with { db throws(StoreError) in
      let s = try db.statement("UPDATE delivery SET state = 3 WHERE id = ? AND state = 0")
      s.bind(1, id)
      try s.run()
    }
  }

  /// Open leaks of which the endpoint was told, with nothing about them in the queue and no action of a person.
  public func unacknowledged(endpoint: String) throws(StoreError) -> [ToldLeak] {
    try with { db throws(StoreError) in
      let s = try db.statement(
        """
        SELECT e.event_key, max(d.delivered) FROM event e INDEXED BY event_open
        CROSS JOIN transition t ON t.event_key = e.event_key CROSS JOIN delivery d ON d.endpoint = ? AND d.seq = t.seq
        WHERE e.is_open = 1 AND e.kind IN (\(EventTable.leakKinds))
          AND NOT EXISTS (SELECT 1 FROM action a WHERE a.event_key = e.event_key)
        GROUP BY e.event_key HAVING max(d.delivered) NOT NULL AND sum(d.state IN (0, 2)) = 0
        """)
      defer { s.reset() }
      s.bind(1, endpoint)
      var out: [ToldLeak] = []
      while try s.step() { out.append(ToldLeak(eventKey: s.text(0), told: s.int(1))) }
      return out
    }
  }

  /// Puts a reminder of an event into the queue: its newest transition once more.
  public func remind(endpoint: String, event key: String, due: Int64, now: Int64) throws(StoreError) {
    try with { db throws(StoreError) in
      let s = try db.statement(
        """
        INSERT OR IGNORE INTO delivery (endpoint, seq, round, queued, due)
        SELECT ?1, max(t.seq), 1 + (SELECT max(d.round) FROM transition x CROSS JOIN delivery d ON d.endpoint = ?1 AND d.seq = x.seq
          WHERE x.event_key = ?2), ?4, ?3
        FROM transition t WHERE t.event_key = ?2 AND t.imported = 0 HAVING max(t.seq) NOT NULL
        """)
      s.bind(1, endpoint)
      s.bind(2, key)
      s.bind(3, due)
      s.bind(4, now)
      try s.run()
    }
  }

  /// Moves everything that waits: earlier by `milliseconds`.
  public func advanceQueue(endpoint: String, by milliseconds: Int64) throws(StoreError) {
    try update(
      endpoint, milliseconds,
      [
        "UPDATE delivery SET due = due - ?2 WHERE endpoint = ?1 AND state = 0",
        "UPDATE endpoint SET slow_until = slow_until - ?2 WHERE name = ?1",
      ])
  }

  /// Nothing waits longer than until `latest` (Unix ms): a wall clock that was wrong while the service was off must not hold alerts back.
  public func bringForward(endpoint: String, to latest: Int64) throws(StoreError) {
    try update(
      endpoint, latest,
      [
        "UPDATE delivery SET due = ?2 WHERE endpoint = ?1 AND state = 0 AND due > ?2",
        "UPDATE endpoint SET slow_until = ?2 WHERE name = ?1 AND slow_until > ?2",
      ])
  }

  /// Runs statements that take the endpoint's name and one number.
  func update(_ endpoint: String, _ number: Int64, _ statements: [String]) throws(StoreError) {
    try with { db throws(StoreError) in
      for sql in statements {
        let s = try db.statement(sql)
        s.bind(1, endpoint)
        s.bind(2, number)
        try s.run()
      }
    }
  }
}
