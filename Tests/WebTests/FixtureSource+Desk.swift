import Web

/// Works, deliveries, sensors and the system of the source in memory: what comes back shows what was asked.
extension FixtureSource {
  static let delivery = DeliverySummary(
    id: 7, endpoint: "hook", event: "evt_1", sensor: "a/b/c/flow", kind: "burst", change: "opened", state: "failed", attempts: 10,
    queued: "t", due: nil, delivered: nil, lastStatus: 500, lastError: "HTTP 500", isReminder: false, webhookID: "msg_1")

  func deliveries(_ query: DeliveryQuery) throws -> ListPage<DeliverySummary> {
    guard query.municipalities.isEmpty || query.municipalities.contains("a") else { return ListPage(items: [], next: nil) }
    var shown = Self.delivery
    shown.endpoint = query.endpoint ?? shown.endpoint
    shown.event = query.event ?? shown.event
    shown.state = query.state ?? "all"
    shown.id = query.after.map { $0 - 1 } ?? shown.id
    return ListPage(items: [shown], next: query.limit == 1 ? String(shown.id) : nil)
  }

  func endpoints(municipalities: Set<String>) throws -> [EndpointSummary] {
    [EndpointSummary(name: "hook", type: "webhook", disabled: nil, pending: municipalities.count, failed: 1, lastDelivered: nil)]
  }

  func replay(_ id: Int64, municipalities: Set<String>) throws {
    guard id == Self.delivery.id, municipalities.isEmpty || municipalities.contains("a") else {
      throw PageRefusal(status: 404, code: "delivery_unknown", detail: "…")
    }
  }

  func replayAll(endpoint: String?) throws -> Int { endpoint == nil ? 3 : 1 }

  func enable(endpoint: String) throws {
    guard endpoint == "hook" else { throw PageRefusal(status: 404, code: "endpoint_unknown", detail: "…") }
  }

  func works(from: Int64, to: Int64, municipalities: Set<String>) throws -> WorkCalendar {
    WorkCalendar(
      windows: [
        WorkWindow(
          from: "\(from)", to: "\(to)", by: "", note: "", sensors: municipalities.sorted(), names: [], state: "planned", recurring: nil)
      ], recurring: [])
  }

  func plan(_ command: WorkCommand, municipalities: Set<String>) async throws -> WorkResult {
    guard command.from < command.to else { throw PageRefusal(status: 422, code: "window", detail: "…") }
    return WorkResult(sensors: (command.zones ?? []) + (command.sensors ?? []) + [command.by ?? "nobody"])
  }

  func cancel(_ command: WorkCommand, municipalities: Set<String>) async throws -> WorkResult {
    WorkResult(sensors: command.sensors ?? [])
  }

  func addRecurring(_ command: RecurringWorkCommand, municipalities: Set<String>) throws -> Int64 {
    guard command.weeks != [6] else { throw PageRefusal(status: 422, code: "weeks", detail: "…") }
    return 5
  }

  func endRecurring(_ id: Int64, municipalities: Set<String>) throws {
    guard id == 5 else { throw PageRefusal(status: 404, code: "work_unknown", detail: "…") }
  }

  func sensors(municipalities: Set<String>) throws -> [SensorSummary] {
    guard municipalities.isEmpty || municipalities.contains("a") else { return [] }
    return [
      SensorSummary(
        id: "a/b/c/flow", municipality: "a", zone: "b", name: "c", zoneName: "b", quantity: "flow", unit: "m3/h", state: .normal,
        firstSeen: "t", lastSeen: nil, lastValue: nil, intervalS: nil, battery: 80, batteryTime: "t", late: 0, invalid: 0, faults: [],
        card: CardSummary(), file: CardSummary())
    ]
  }

  func setCard(_ id: String, _ card: CardCommand, by: String, municipalities: Set<String>) throws -> CardSummary? {
    guard id == "a/b/c/flow" else { return nil }
    var out = CardSummary()
    (out.name, out.minimumLeakM3h, out.range, out.note) = (card.name, card.minimumLeakM3h, card.range, by)
    return out
  }

  func system() throws -> SystemSummary {
    SystemSummary(
      version: "1", started: "t", uptimeS: 1, isConnected: true, broker: "b:1883", reconnects: 0, takeovers: 0, readingsPerMinute: 6,
      messages: 1, readings: 1, duplicates: 0, rejected: [:], commits: 1, databaseBytes: 1, diskFreeBytes: 1, diskTotalBytes: 2,
      rssBytes: 1, sensors: 1, maximumSensors: 2, lastArrival: nil, notices: [])
  }
}
