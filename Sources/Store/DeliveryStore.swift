import Readings

/// One delivery of one transition to one endpoint.
public struct DeliveryRow: Sendable {
  public let id: Int64
  public let endpoint: String
  /// The transition's place in the outbox.
  public let seq: Int64
  /// 0 for news, n for the n-th reminder.
  public let round: Int
  /// Whether it is a digest of a meter that comes and goes.
  public let isDigest: Bool
  /// Attempts made so far.
  public let attempts: Int
  /// Unix milliseconds at which it was put into the queue.
  public let queued: Int64
  /// Unix milliseconds of the next attempt.
  public let due: Int64
  public let lastStatus: Int?
  public let lastError: String?
}

/// One receiver and how its queue stands.
public struct EndpointRow: Sendable {
  public let name: String
  /// Why it is disabled; nil while it is not.
  public let disabled: String?
  public let pending: Int
  public let failed: Int
}

/// How an attempt ended, for the record.
public enum DeliveryOutcome: Equatable, Sendable {
  case delivered(status: Int)
  /// Try again at `due` (Unix milliseconds).
  case retry(due: Int64, status: Int?, error: String)
  /// The last attempt failed: it is in the failed list until somebody replays it.
  case failed(status: Int?, error: String)
}

/// The durable queue of every endpoint, through a connection of its own. Safe from any thread.
///
/// A delivery is pending until its outcome is recorded: a crash after the other side said yes leads to one more try with the same id. So does
/// a power cut before the store's next commit, with which the outcome is synced: a sync an attempt would hold up readings in a storm of alerts.
public final class DeliveryStore: Sendable {
  private let connection: SharedDatabase

  /// The database must exist: open the `Store` first.
  public init(directory: String) throws(StoreError) { connection = try SharedDatabase(writing: directory, isSynced: false) }

  var statementCount: Int { connection.statementCount }

  func with<T: Sendable>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T { try connection.with(body) }

  /// Transitions that are put into a queue in one transaction.
  static let part = 200

  /// Makes the endpoint known. A new one gets what comes from now on, or everything there is.
  public func register(endpoint: String, fromStart: Bool = false) throws(StoreError) {
    try with { db throws(StoreError) in
      let s = try db.statement(
        "INSERT OR IGNORE INTO endpoint (name, next_seq) VALUES (?, \(fromStart ? "1" : "(SELECT coalesce(max(seq), 0) + 1 FROM transition)"))"
      )
      s.bind(1, endpoint)
      try s.run()
    }
  }

  /// Puts transitions that the endpoint has not seen into its queue. Returns how many.
  ///
  /// - Parameters:
  ///   - kinds: event kinds that are delivered; others are passed over, and so is what came of imported history.
  ///   - now: Unix ms.
  ///   - span: how far back, in ms, openings of the same kind at the same meter are counted.
  ///   - place: what becomes of each; nil = all are due at `now`.
  public func enqueue(
    endpoint: String, kinds: Set<EventKind>, now: Int64, span: Int64 = 0, place: ((OutboxRow, DeliveryStanding) -> DeliveryPlacement)? = nil
  ) throws(StoreError) -> Int {
    try with { db throws(StoreError) in
      let top = try db.integer("SELECT coalesce(max(seq), 0) FROM transition")
      let cursor = try db.statement("SELECT next_seq FROM endpoint WHERE name = ? AND disabled IS NULL")
      cursor.bind(1, endpoint)
      var next = try cursor.step() ? cursor.int(0) : Int64.max
      cursor.reset()
      var added = 0
      // In parts: the readings that come meanwhile must not wait for all of a long backlog.
      while next <= top {
        try db.transaction { () throws(StoreError) in
          let rows = try StoreReader.outbox(
            db, "t.seq >= ?1 AND t.imported = 0 ORDER BY t.seq LIMIT ?2", number: next, limit: DeliveryStore.part)
          for row in rows {
            guard row.seq <= top, kinds.contains(row.transition.kind) else { continue }
            let placement = try place?(row, DeliveryStanding(row, endpoint: endpoint, since: now - span, db)) ?? .queue(due: now)
            if try DeliveryStore.insert(row.seq, endpoint: endpoint, placement, now: now, db) { added += 1 }
          }
          let move = try db.statement("UPDATE endpoint SET next_seq = ? WHERE name = ?")
          let last = rows.count < DeliveryStore.part ? top : min(top, rows.last?.seq ?? top)
          move.bind(1, last + 1)
          move.bind(2, endpoint)
          try move.run()
          next = last + 1
        }
      }
      return added
    }
  }

  /// - Returns: whether there is a new delivery.
  private static func insert(
    _ seq: Int64, endpoint: String, round: Int = 0, _ placement: DeliveryPlacement, now: Int64, _ db: Database
  ) throws(StoreError) -> Bool {
    let s = try db.statement(
      "INSERT OR IGNORE INTO delivery (endpoint, seq, round, queued, due, lead, digest) VALUES (?, ?, ?, ?, ?, ?, ?)")
    s.bind(1, endpoint)
    s.bind(2, seq)
    s.bind(3, round)
    s.bind(4, now)
    s.bind(5, now)
    s.bindNull(6)
    s.bind(7, 0)
    switch placement {
    case .notTold:
      s.reset()
      return false
    case .queue(let due): s.bind(5, due)
    case .digest(let due):
      s.bind(5, due)
      s.bind(7, 1)
    case .join(let lead): s.bind(6, lead)
    }
    try s.run()
    return db.changes > 0
  }

  static let columns = "id, endpoint, seq, round, digest, attempts, queued, due, last_status, last_error"

  /// The next delivery of the endpoint that is due at `now`, oldest first; nil when none is, or the endpoint is disabled or slowed down.
  /// What is part of another delivery goes out with that one.
  public func nextDue(endpoint: String, now: Int64) throws(StoreError) -> DeliveryRow? {
    try list(
      "SELECT \(DeliveryStore.columns) FROM delivery WHERE endpoint = ?1 AND state = 0 AND lead IS NULL AND due <= ?2 AND EXISTS (SELECT 1 FROM endpoint WHERE name = ?1 AND disabled IS NULL AND slow_until <= ?2) ORDER BY due, seq LIMIT 1",
      endpoint, now
    ).first
  }

  /// Unix milliseconds at which the endpoint has something to do; nil when it has nothing pending.
  public func nextTime(endpoint: String) throws(StoreError) -> Int64? {
    try with { db throws(StoreError) in
      let s = try db.statement(
        "SELECT max(min(d.due), e.slow_until) FROM delivery d JOIN endpoint e ON e.name = d.endpoint WHERE d.endpoint = ? AND d.state = 0 AND d.lead IS NULL AND e.disabled IS NULL"
      )
      defer { s.reset() }
      s.bind(1, endpoint)
      guard try s.step(), !s.isNull(0) else { return nil }
      return s.int(0)
    }
  }

  /// Records how an attempt ended, of the delivery and of all that is part of it. Only a pending delivery changes: a second record of the same attempt does nothing.
  public func record(_ id: Int64, _ outcome: DeliveryOutcome, now: Int64) throws(StoreError) {
    try with { db throws(StoreError) in
      let s = try db.statement(
        "UPDATE delivery SET state = ?1, attempts = attempts + 1, due = ?2, last_status = ?3, last_error = ?4, delivered = ?5 WHERE (id = ?6 OR lead = ?6) AND state = 0"
      )
      s.bind(6, id)
      switch outcome {
      case .delivered(let status):
        s.bind(1, Int64(1))
        s.bind(2, now)
        s.bind(3, Int64(status))
        s.bindNull(4)
        s.bind(5, now)
      case .retry(let due, let status, let error):
        s.bind(1, Int64(0))
        s.bind(2, due)
        s.bind(3, status)
        s.bind(4, error)
        s.bindNull(5)
      case .failed(let status, let error):
        s.bind(1, Int64(2))
        s.bind(2, now)
        s.bind(3, status)
        s.bind(4, error)
        s.bindNull(5)
      }
      try s.run()
    }
  }

  /// Stops the endpoint (410 Gone) until `enable`.
  public func disable(endpoint: String, reason: String) throws(StoreError) { try set("disabled = ?2", endpoint, reason) }
  public func enable(endpoint: String) throws(StoreError) { try set("disabled = NULL, slow_until = 0", endpoint) }

  /// Nothing is sent to the endpoint before `until` (Unix ms).
  public func slow(endpoint: String, until: Int64) throws(StoreError) { try set("slow_until = ?2", endpoint, nil, until) }

  private func set(_ assignment: String, _ endpoint: String, _ text: String? = nil, _ number: Int64? = nil) throws(StoreError) {
    try with { db throws(StoreError) in
      let s = try db.statement("UPDATE endpoint SET \(assignment) WHERE name = ?1")
      s.bind(1, endpoint)
      if let text { s.bind(2, text) }
      if let number { s.bind(2, number) }
      try s.run()
    }
  }

  /// All receivers that ever were registered, by name.
  public func endpoints() throws(StoreError) -> [EndpointRow] {
    try with { db throws(StoreError) in
      let s = try db.statement(
        """
        SELECT name, disabled, (SELECT count(*) FROM delivery d WHERE d.endpoint = e.name AND d.state = 0),
          (SELECT count(*) FROM delivery d WHERE d.endpoint = e.name AND d.state = 2) FROM endpoint e ORDER BY name
        """)
      defer { s.reset() }
      var out: [EndpointRow] = []
      while try s.step() {
        out.append(EndpointRow(name: s.text(0), disabled: s.isNull(1) ? nil : s.text(1), pending: Int(s.int(2)), failed: Int(s.int(3))))
      }
      return out
    }
  }

  /// Deliveries whose last attempt failed, newest first.
  public func failed(endpoint: String) throws(StoreError) -> [DeliveryRow] {
    try list(
      "SELECT \(DeliveryStore.columns) FROM delivery WHERE endpoint = ?1 AND state = 2 AND lead IS NULL ORDER BY id DESC LIMIT 1000",
      endpoint)
  }

  /// Puts a failed delivery back into its queue, with all attempts before it. What went out together goes out together again.
  /// - Returns: false when there is no failed delivery of that number.
  @discardableResult
  public func replay(_ id: Int64, now: Int64) throws(StoreError) -> Bool {
    try with { db throws(StoreError) in
      let s = try db.statement(
        """
        UPDATE delivery SET state = 0, attempts = 0, due = ?1
        WHERE state = 2 AND id IN (
          SELECT id FROM delivery WHERE id = (SELECT coalesce(lead, id) FROM delivery WHERE id = ?2)
          UNION ALL SELECT id FROM delivery WHERE lead = (SELECT coalesce(lead, id) FROM delivery WHERE id = ?2))
        """)
      s.bind(1, now)
      s.bind(2, id)
      try s.run()
      return db.changes > 0
    }
  }

  func list(_ sql: String, _ endpoint: String?, _ number: Int64? = nil) throws(StoreError) -> [DeliveryRow] {
    try with { db throws(StoreError) in
      let s = try db.statement(sql)
      defer { s.reset() }
      if let endpoint { s.bind(1, endpoint) }
      if let number { s.bind(2, number) }
      var out: [DeliveryRow] = []
      while try s.step() {
        out.append(
          DeliveryRow(
            id: s.int(0), endpoint: s.text(1), seq: s.int(2), round: Int(s.int(3)), isDigest: s.int(4) != 0, attempts: Int(s.int(5)),
            queued: s.int(6), due: s.int(7), lastStatus: s.isNull(8) ? nil : Int(s.int(8)), lastError: s.isNull(9) ? nil : s.text(9)))
      }
      return out
    }
  }
}
