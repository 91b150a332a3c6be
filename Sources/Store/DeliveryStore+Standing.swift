import Readings

extension DeliveryStore {
  /// The newest transition of each leak that is open now at a device, of any of its quantities, and of which the endpoint was told or is being
  /// told; in no order.
  /// - Parameter delivery: the delivery that is being made, with all that is part of it.
  public func openLeaks(endpoint: String, device: SensorID, delivery: Int64) throws(StoreError) -> [OutboxRow] {
    try with { db throws(StoreError) in
      let s = try db.statement(
        """
        SELECT (SELECT max(seq) FROM transition WHERE event_key = e.event_key) FROM event e JOIN sensor n ON n.slot = e.slot
        WHERE n.municipality = ?2 AND n.zone = ?3 AND n.sensor = ?4 AND e.is_open = 1
          AND e.kind IN (\(EventTable.leakKinds))
          AND EXISTS (SELECT 1 FROM transition t CROSS JOIN delivery d ON d.endpoint = ?1 AND d.seq = t.seq
            WHERE t.event_key = e.event_key AND (d.state = 1 OR d.id = ?5 OR d.lead = ?5))
        """)
      s.bind(1, endpoint)
      s.bind(2, device.municipality)
      s.bind(3, device.zone)
      s.bind(4, device.sensor)
      s.bind(5, delivery)
      var newest: [Int64] = []
      do {
        defer { s.reset() }
        while try s.step() { newest.append(s.int(0)) }
      }
      var out: [OutboxRow] = []
      for seq in newest { out += try StoreReader.outbox(db, "t.seq = ?1", number: seq) }
      return out
    }
  }

  /// Makes due now what was tried in vain; what waits for its hour or for others stays as it is.
  /// - Parameter now: Unix ms.
  public func retryNow(endpoint: String, now: Int64) throws(StoreError) {
    try update(
      endpoint, now, ["UPDATE delivery SET due = ?2 WHERE endpoint = ?1 AND state = 0 AND attempts > 0 AND due > ?2"])
  }
}
