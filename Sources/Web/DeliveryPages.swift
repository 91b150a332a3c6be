/// What was sent to whom, and what could not be.
public protocol DeliveryPages: Sendable {
  /// Newest first.
  func deliveries(_ query: DeliveryQuery) throws -> ListPage<DeliverySummary>
  /// The receivers, by name; counted is what is about meters of these municipalities (empty = all).
  func endpoints(municipalities: Set<String>) throws -> [EndpointSummary]
  /// Puts a failed delivery back into its queue, and what went out together with it.
  /// - Throws: `PageRefusal` 404 for one that is not there or not of these municipalities, 409 for one that has not failed.
  func replay(_ id: Int64, municipalities: Set<String>) throws
  /// - Parameter endpoint: nil = of all endpoints.
  /// - Returns: how many go out again.
  /// - Throws: `PageRefusal` 404 for an unknown endpoint.
  func replayAll(endpoint: String?) throws -> Int
  /// Takes up an endpoint again that had answered 410.
  /// - Throws: `PageRefusal` 404 for an unknown endpoint.
  func enable(endpoint: String) throws
}

/// Which deliveries are asked for.
public struct DeliveryQuery: Sendable {
  /// pending, failed, delivered, dropped; nil = all.
  public var state: String?
  public var endpoint: String?
  /// The key of an event.
  public var event: String?
  /// Empty = all.
  public var municipalities: Set<String> = []
  /// The number of the last delivery of the page before.
  public var after: Int64?
  /// 1…1000
  public var limit = 100

  public init() {}
}

/// One delivery of one change of an event to one receiver.
public struct DeliverySummary: Codable, Sendable {
  public var id: Int64
  public var endpoint: String
  /// The key of the event.
  public var event: String
  public var sensor: String
  /// burst, incipient, gap …
  public var kind: String
  /// opened, updated, escalated, closed
  public var change: String
  /// pending, delivered, failed, dropped
  public var state: String
  /// Since it was queued or last replayed.
  public var attempts: Int
  public var queued: String
  /// The next attempt, while it is pending.
  public var due: String?
  public var delivered: String?
  /// Of HTTP.
  public var lastStatus: Int?
  public var lastError: String?
  public var isReminder: Bool
  /// The same on every attempt, and after a replay.
  public var webhookID: String

  public init(
    id: Int64, endpoint: String, event: String, sensor: String, kind: String, change: String, state: String, attempts: Int, queued: String,
    due: String?, delivered: String?, lastStatus: Int?, lastError: String?, isReminder: Bool, webhookID: String
  ) {
    self.id = id
    self.endpoint = endpoint
    self.event = event
    self.sensor = sensor
    self.kind = kind
    self.change = change
    self.state = state
    self.attempts = attempts
    self.queued = queued
    self.due = due
    self.delivered = delivered
    self.lastStatus = lastStatus
    self.lastError = lastError
    self.isReminder = isReminder
    self.webhookID = webhookID
  }
}

/// One receiver of alerts and how its queue stands.
public struct EndpointSummary: Codable, Sendable {
  public var name: String
  /// webhook, teams, slack, line, command, mqtt; nil for one that the settings do not name any more.
  public var type: String?
  /// Why nothing is sent to it; nil while something is.
  public var disabled: String?
  public var pending: Int
  public var failed: Int
  public var lastDelivered: String?

  public init(name: String, type: String?, disabled: String?, pending: Int, failed: Int, lastDelivered: String?) {
    self.name = name
    self.type = type
    self.disabled = disabled
    self.pending = pending
    self.failed = failed
    self.lastDelivered = lastDelivered
  }
}
