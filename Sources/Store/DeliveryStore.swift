import Readings
import Synchronization

/// One delivery of one transition to one endpoint.
public struct DeliveryRow: Sendable {
  public let id: Int64
  public let endpoint: String
  /// The transition's place in the outbox.
  public let seq: Int64
  /// Attempts made so far.
  public let attempts: Int
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
/// A delivery is pending until its outcome is recorded: a crash after the other side said yes leads to one more try with the same id.
public final class DeliveryStore: Sendable {
  // @unchecked: the connection is used only inside the lock.
  private struct Connection: @unchecked Sendable { let db: Database }
  private let connection: Mutex<Connection>

  /// The database must exist: open the `Store` first.
  public init(directory: String) throws(StoreError) {
    try Schema.inspect(Store.file(in: directory))
    let db = try Database(path: Store.file(in: directory), readOnly: false, creates: false)
    try db.execute("PRAGMA synchronous=FULL")
    connection = Mutex(Connection(db: db))
  }

  /// How many statements are prepared: bounded, for texts are constant and values bound.
  var statementCount: Int { connection.withLock { $0.db.statementCount } }

  private func with<T: Sendable>(_ body: (Database) throws(StoreError) -> T) throws(StoreError) -> T {
    try connection.withLock { c throws(StoreError) in try body(c.db) }
  }

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

  /// Puts transitions that the endpoint has not seen into its queue, due at `now` (Unix ms). Returns how many.
  ///
  /// - Parameter kinds: event kinds that are delivered; others are passed over, and so is what came of imported history.
  public func enqueue(endpoint: String, kinds: Set<EventKind>, now: Int64) throws(StoreError) -> Int {
    try with { db throws(StoreError) in
      let top = try db.integer("SELECT coalesce(max(seq), 0) FROM transition")
      let cursor = try db.statement("SELECT next_seq FROM endpoint WHERE name = ? AND disabled IS NULL")
      cursor.bind(1, endpoint)
      let next = try cursor.step() ? cursor.int(0) : Int64.max
      cursor.reset()
      guard next <= top else { return 0 }
      var added = 0
      try db.transaction { () throws(StoreError) in
        let list = kinds.map { String($0.rawValue) }.sorted().joined(separator: ",")
        let s = try db.statement(
          "INSERT OR IGNORE INTO delivery (endpoint, seq, due) SELECT ?, seq, ? FROM transition WHERE seq >= ? AND seq <= ? AND imported = 0 AND kind IN (\(list)) ORDER BY seq"
        )
        s.bind(1, endpoint)
        s.bind(2, now)
        s.bind(3, next)
        s.bind(4, top)
        try s.run()
        added = db.changes
        let move = try db.statement("UPDATE endpoint SET next_seq = ? WHERE name = ?")
        move.bind(1, top + 1)
        move.bind(2, endpoint)
        try move.run()
      }
      return added
    }
  }

  private static let columns = "id, endpoint, seq, attempts, due, last_status, last_error"

  /// The next delivery of the endpoint that is due at `now`, oldest first; nil when none is, or the endpoint is disabled or slowed down.
  public func nextDue(endpoint: String, now: Int64) throws(StoreError) -> DeliveryRow? {
    try list(
      "SELECT \(DeliveryStore.columns) FROM delivery WHERE endpoint = ?1 AND state = 0 AND due <= ?2 AND EXISTS (SELECT 1 FROM endpoint WHERE name = ?1 AND disabled IS NULL AND slow_until <= ?2) ORDER BY due, seq LIMIT 1",
      endpoint, now
    ).first
  }

  /// Unix milliseconds at which the endpoint has something to do; nil when it has nothing pending.
  public func nextTime(endpoint: String) throws(StoreError) -> Int64? {
    try with { db throws(StoreError) in
      let s = try db.statement(
        "SELECT max(min(d.due), e.slow_until) FROM delivery d JOIN endpoint e ON e.name = d.endpoint WHERE d.endpoint = ? AND d.state = 0 AND e.disabled IS NULL"
      )
      defer { s.reset() }
      s.bind(1, endpoint)
      guard try s.step(), !s.isNull(0) else { return nil }
      return s.int(0)
    }
  }

  /// Records how an attempt ended. Only a pending delivery changes: a second record of the same attempt does nothing.
  public func record(_ id: Int64, _ outcome: DeliveryOutcome, now: Int64) throws(StoreError) {
    try with { db throws(StoreError) in
      let s = try db.statement(
        "UPDATE delivery SET state = ?, attempts = attempts + 1, due = ?, last_status = ?, last_error = ?, delivered = ? WHERE id = ? AND state = 0"
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
    try list("SELECT \(DeliveryStore.columns) FROM delivery WHERE endpoint = ?1 AND state = 2 ORDER BY id DESC LIMIT 1000", endpoint)
  }

  /// Puts a failed delivery back into its queue, with all attempts before it.
  /// - Returns: false when there is no failed delivery of that number.
  @discardableResult
  public func replay(_ id: Int64, now: Int64) throws(StoreError) -> Bool {
    try with { db throws(StoreError) in
      let s = try db.statement("UPDATE delivery SET state = 0, attempts = 0, due = ? WHERE id = ? AND state = 2")
      s.bind(1, now)
      s.bind(2, id)
      try s.run()
      return db.changes > 0
    }
  }

  private func list(_ sql: String, _ endpoint: String, _ number: Int64? = nil) throws(StoreError) -> [DeliveryRow] {
    try with { db throws(StoreError) in
      let s = try db.statement(sql)
      defer { s.reset() }
      s.bind(1, endpoint)
      if let number { s.bind(2, number) }
      var out: [DeliveryRow] = []
      while try s.step() {
        out.append(
          DeliveryRow(
            id: s.int(0), endpoint: s.text(1), seq: s.int(2), attempts: Int(s.int(3)), due: s.int(4),
            lastStatus: s.isNull(5) ? nil : Int(s.int(5)), lastError: s.isNull(6) ? nil : s.text(6)))
      }
      return out
    }
  }
}
