import Readings
import Settings
import Store
import Web

extension PageBridge {
  func deliveries(_ query: DeliveryQuery) throws -> ListPage<DeliverySummary> {
    var filter = DeliveryFilter()
    filter.state = query.state.flatMap { code in DeliveryState.allCases.first { $0.code == code } }
    filter.endpoint = query.endpoint
    filter.event = query.event
    filter.municipalities = query.municipalities
    filter.before = query.after
    // One more than is shown tells whether there is a next page.
    filter.limit = query.limit + 1
    let found = try reader.deliveries(filter)
    let shown = found.prefix(query.limit)
    return ListPage(
      items: shown.map { summary($0) }, next: found.count > query.limit ? shown.last.map { String($0.id) } : nil)
  }

  /// Those of one event, oldest first.
  func deliveries(ofEvent key: String) throws -> [DeliverySummary] {
    var filter = DeliveryFilter()
    filter.event = key
    filter.limit = 1000
    return try reader.deliveries(filter).reversed().map { summary($0) }
  }

  private func summary(_ d: DeliveryEntry) -> DeliverySummary {
    DeliverySummary(
      id: d.id, endpoint: d.endpoint, event: d.eventKey, sensor: d.sensor.description, kind: d.kind.code, change: d.change.code,
      state: d.state.code, attempts: d.attempts, queued: iso(d.queued), due: d.state == .pending ? iso(d.due) : nil,
      delivered: d.delivered.map(iso), lastStatus: d.lastStatus, lastError: d.lastError, isReminder: d.isReminder, webhookID: d.webhookID)
  }

  func endpoints(municipalities: Set<String>) throws -> [EndpointSummary] {
    let types = Dictionary(settings.alerts.sinks.map { ($0.name, $0.kind.code) }) { first, _ in first }
    return try reader.endpoints(municipalities: municipalities).map { e in
      EndpointSummary(
        name: e.name, type: types[e.name], disabled: e.disabled, pending: e.pending, failed: e.failed,
        lastDelivered: e.lastDelivered.map(iso))
    }
  }

  func replay(_ id: Int64, municipalities: Set<String>) throws {
    guard let state = try writes.deliveries.state(of: id, municipalities: municipalities) else {
      throw PageRefusal(status: 404, code: "delivery_unknown", detail: "その送信はありません / no such delivery")
    }
    guard try writes.deliveries.replay(id, now: Clocks.wall().milliseconds) else {
      throw PageRefusal(
        status: 409, code: "not_failed", detail: "失敗した送信ではありません（いまは \(state.code)） / it has not failed: it is \(state.code)")
    }
    wakeSinks()
  }

  func replayAll(endpoint: String?) throws -> Int {
    if let endpoint { try require(endpoint) }
    let count = try writes.deliveries.replayAll(endpoint: endpoint, now: Clocks.wall().milliseconds)
    if count > 0 { wakeSinks() }
    return count
  }

  func enable(endpoint: String) throws {
    try require(endpoint)
    try writes.deliveries.enable(endpoint: endpoint)
    wakeSinks()
  }

  private func require(_ endpoint: String) throws {
    guard try writes.deliveries.hasEndpoint(endpoint) else {
      throw PageRefusal(status: 404, code: "endpoint_unknown", detail: "その知らせ先はありません / no such receiver")
    }
  }

  /// The workers look at their queues, and the open pages at how they stand.
  private func wakeSinks() {
    writes.committed.notify()
    live.noteChange(.deliveries)
  }
}

extension MizumoriSettings.Sink.Kind {
  /// The stable code in the API.
  var code: String {
    switch self {
    case .webhook: "webhook"
    case .teams: "teams"
    case .slack: "slack"
    case .line: "line"
    case .command: "command"
    case .mqtt: "mqtt"
    }
  }
}
