import Readings

/// How a delivery stands. The raw value is stored and never changes its meaning.
public enum DeliveryState: Int, Sendable, CaseIterable {
  case pending = 0
  case delivered = 1
  /// All attempts were in vain: it waits until somebody replays it.
  case failed = 2
  /// Not made after all: what it would have told was over.
  case dropped = 3

  /// The stable code in the API and on the command line.
  public var code: String {
    switch self {
    case .pending: "pending"
    case .delivered: "delivered"
    case .failed: "failed"
    case .dropped: "dropped"
    }
  }
}

/// One delivery with what it tells.
public struct DeliveryEntry: Sendable {
  public let id: Int64
  public let endpoint: String
  public let eventKey: String
  public let sensor: SensorID
  public let kind: EventKind
  public let change: EventChange
  public let state: DeliveryState
  /// Attempts since it was queued or last replayed.
  public let attempts: Int
  /// Wall clock.
  public let queued: Timestamp
  /// The next attempt, while it is pending.
  public let due: Timestamp
  public let delivered: Timestamp?
  public let lastStatus: Int?
  public let lastError: String?
  /// Whether it says again what was told before.
  public let isReminder: Bool
  /// The `webhook-id` under which it goes out: the transition's key; a reminder's has a number, and a group goes out under its first one's.
  public let webhookID: String
}

/// Which deliveries to list; newest first.
public struct DeliveryFilter: Sendable {
  /// Nil = in any state.
  public var state: DeliveryState?
  public var endpoint: String?
  public var event: String?
  /// Only about meters of these municipalities; empty = of all, and of the service itself.
  public var municipalities: Set<String> = []
  /// Only those before this one, for paging.
  public var before: Int64?
  public var limit = 100

  public init() {}
}

extension StoreReader {
  /// - Complexity: by event O(its deliveries); pending and failed ones O(those · log); otherwise O(rows passed over until the limit).
  public func deliveries(_ filter: DeliveryFilter) throws(StoreError) -> [DeliveryEntry] {
    var conditions = ["1"]
    if filter.event != nil { conditions.append("t.event_key = ?2") }
    switch filter.state {
    case .pending, .failed: conditions.append("d.endpoint IN (SELECT name FROM endpoint) AND d.state = ?1")
    case .delivered, .dropped: conditions.append("d.state = ?1")
    case nil: break
    }
    if filter.endpoint != nil { conditions.append("d.endpoint = ?3") }
    if filter.before != nil { conditions.append("d.id < ?4") }
    if !filter.municipalities.isEmpty { conditions.append("n.municipality IN (SELECT value FROM json_each(?5))") }
    // An event has few transitions, and each a place in the queue of every endpoint.
    let tables =
      filter.event == nil
      ? "delivery d JOIN transition t ON t.seq = d.seq"
      : "transition t CROSS JOIN endpoint e CROSS JOIN delivery d ON d.endpoint = e.name AND d.seq = t.seq"
    return try read { db throws(StoreError) in
      let s = try db.statement(
        """
        SELECT d.id, d.endpoint, t.event_key, n.municipality, n.zone, n.sensor, n.quantity, t.kind, t.change, d.state, d.attempts, d.queued,
          d.due, d.delivered, d.last_status, d.last_error, d.round, d.lead IS NOT NULL OR EXISTS (SELECT 1 FROM delivery m WHERE m.lead = d.id),
          coalesce(lt.transition_key, t.transition_key), coalesce(l.round, d.round)
        FROM \(tables) JOIN sensor n ON n.slot = t.slot
          LEFT JOIN delivery l ON l.id = d.lead LEFT JOIN transition lt ON lt.seq = l.seq
        WHERE \(conditions.joined(separator: " AND ")) ORDER BY d.id DESC LIMIT ?6
        """)
      defer { s.reset() }
      if let state = filter.state { s.bind(1, state.rawValue) }
      if let event = filter.event { s.bind(2, event) }
      if let endpoint = filter.endpoint { s.bind(3, endpoint) }
      if let before = filter.before { s.bind(4, before) }
      if !filter.municipalities.isEmpty { s.bind(5, StoreReader.list(filter.municipalities)) }
      s.bind(6, max(1, min(filter.limit, 10_000)))
      var out: [DeliveryEntry] = []
      while try s.step() {
        if let entry = DeliveryEntry(s) { out.append(entry) }
      }
      return out
    }
  }

  /// Segments of sensor ids need no escapes in JSON.
  static func list(_ municipalities: Set<String>) -> String {
    "[" + municipalities.sorted().map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  /// All receivers that ever were registered, by name.
  /// - Parameter municipalities: count only what is about meters of these; empty = all.
  /// - Complexity: O(pending and failed deliveries)
  public func endpoints(municipalities: Set<String> = []) throws(StoreError) -> [EndpointEntry] {
    try read { db throws(StoreError) in
      let s = try db.statement("SELECT name, disabled FROM endpoint ORDER BY name")
      var out: [EndpointEntry] = []
      do {
        defer { s.reset() }
        while try s.step() { out.append(EndpointEntry(name: s.text(0), disabled: s.isNull(1) ? nil : s.text(1))) }
      }
      for i in out.indices {
        out[i].pending = try StoreReader.count(out[i].name, .pending, municipalities, db)
        out[i].failed = try StoreReader.count(out[i].name, .failed, municipalities, db)
        out[i].lastDelivered = try StoreReader.lastDelivered(out[i].name, municipalities, db)
      }
      return out
    }
  }

  private static func count(
    _ endpoint: String, _ state: DeliveryState, _ municipalities: Set<String>, _ db: Database
  ) throws(StoreError) -> Int {
    let s = try db.statement(
      municipalities.isEmpty
        ? "SELECT count(*) FROM delivery WHERE endpoint = ?1 AND state = ?2"
        : """
        SELECT count(*) FROM delivery d JOIN transition t ON t.seq = d.seq JOIN sensor n ON n.slot = t.slot
        WHERE d.endpoint = ?1 AND d.state = ?2 AND n.municipality IN (SELECT value FROM json_each(?3))
        """)
    defer { s.reset() }
    s.bind(1, endpoint)
    s.bind(2, state.rawValue)
    if !municipalities.isEmpty { s.bind(3, list(municipalities)) }
    return try s.step() ? Int(s.int(0)) : 0
  }

  /// Of what was delivered `due` is the moment of it, and the index is in its order.
  private static func lastDelivered(
    _ endpoint: String, _ municipalities: Set<String>, _ db: Database
  ) throws(StoreError) -> Timestamp? {
    let s = try db.statement(
      municipalities.isEmpty
        ? "SELECT due FROM delivery WHERE endpoint = ?1 AND state = 1 ORDER BY due DESC LIMIT 1"
        : """
        SELECT d.due FROM delivery d CROSS JOIN transition t ON t.seq = d.seq CROSS JOIN sensor n ON n.slot = t.slot
        WHERE d.endpoint = ?1 AND d.state = 1 AND n.municipality IN (SELECT value FROM json_each(?2)) ORDER BY d.due DESC LIMIT 1
        """)
    defer { s.reset() }
    s.bind(1, endpoint)
    if !municipalities.isEmpty { s.bind(2, list(municipalities)) }
    return try s.step() ? Timestamp(milliseconds: s.int(0)) : nil
  }
}

/// One receiver and how its queue stands.
public struct EndpointEntry: Sendable {
  public let name: String
  /// Why it is disabled; nil while it is not.
  public let disabled: String?
  public var pending = 0
  public var failed = 0
  /// Wall clock of the last delivery that succeeded.
  public var lastDelivered: Timestamp?

  init(name: String, disabled: String?) {
    self.name = name
    self.disabled = disabled
  }
}

extension DeliveryEntry {
  /// A row of `deliveries`.
  fileprivate init?(_ s: Statement) {
    guard let quantity = Quantity(rawValue: UInt8(truncatingIfNeeded: s.int(6))),
      let sensor = SensorID(municipality: s.text(3), zone: s.text(4), sensor: s.text(5), quantity: quantity),
      let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: s.int(7))),
      let change = EventChange(rawValue: UInt8(truncatingIfNeeded: s.int(8))), let state = DeliveryState(rawValue: Int(s.int(9)))
    else { return nil }
    (id, endpoint, eventKey) = (s.int(0), s.text(1), s.text(2))
    (self.sensor, self.kind, self.change, self.state) = (sensor, kind, change, state)
    attempts = Int(s.int(10))
    queued = Timestamp(milliseconds: s.int(11))
    due = Timestamp(milliseconds: s.int(12))
    delivered = s.isNull(13) ? nil : Timestamp(milliseconds: s.int(13))
    lastStatus = s.isNull(14) ? nil : Int(s.int(14))
    lastError = s.isNull(15) ? nil : s.text(15)
    isReminder = s.int(16) > 0
    let round = s.int(19)
    webhookID = s.text(18) + (round > 0 ? "_r\(round)" : "") + (s.int(17) != 0 ? "_g" : "")
  }
}

extension DeliveryStore {
  /// Whether there is a delivery of that number, about a meter of these municipalities (empty = all), and how it stands.
  public func state(of id: Int64, municipalities: Set<String> = []) throws(StoreError) -> DeliveryState? {
    try with { db throws(StoreError) in
      let s = try db.statement(
        "SELECT d.state, n.municipality FROM delivery d JOIN transition t ON t.seq = d.seq JOIN sensor n ON n.slot = t.slot WHERE d.id = ?"
      )
      defer { s.reset() }
      s.bind(1, id)
      guard try s.step(), municipalities.isEmpty || municipalities.contains(s.text(1)) else { return nil }
      return DeliveryState(rawValue: Int(s.int(0)))
    }
  }

  /// Puts every failed delivery back into its queue.
  /// - Parameters:
  ///   - endpoint: nil = of all endpoints.
  ///   - now: Unix ms.
  /// - Returns: how many go out: what goes out together counts once.
  public func replayAll(endpoint: String?, now: Int64) throws(StoreError) -> Int {
    try with { db throws(StoreError) in
      var count = 0
      try db.transaction { () throws(StoreError) in
        let leads = try db.statement("SELECT count(*) FROM delivery WHERE (?1 IS NULL OR endpoint = ?1) AND state = 2 AND lead IS NULL")
        leads.bind(1, endpoint)
        count = try leads.step() ? Int(leads.int(0)) : 0
        leads.reset()
        let s = try db.statement(
          "UPDATE delivery SET state = 0, attempts = 0, due = ?2 WHERE (?1 IS NULL OR endpoint = ?1) AND state = 2")
        s.bind(1, endpoint)
        s.bind(2, now)
        try s.run()
      }
      return count
    }
  }

  /// Whether an endpoint of that name was ever registered.
  public func hasEndpoint(_ name: String) throws(StoreError) -> Bool {
    try with { db throws(StoreError) in
      let s = try db.statement("SELECT 1 FROM endpoint WHERE name = ?")
      defer { s.reset() }
      s.bind(1, name)
      return try s.step()
    }
  }
}
