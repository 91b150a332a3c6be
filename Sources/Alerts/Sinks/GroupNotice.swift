import Readings

/// Many messages as one: a storm of alarms, or the digest of a meter that comes and goes.
public struct GroupNotice: Sendable {
  /// The same on every attempt: made of the first message's.
  public let id: String
  /// In the order of the outbox; not empty.
  public let messages: [AlertMessage]
  /// Whether all are of one meter and kind.
  public let isDigest: Bool

  /// - Parameter messages: not empty.
  public init(_ messages: [AlertMessage], isDigest: Bool) {
    self.messages = messages
    self.isDigest = isDigest
    id = (messages.first?.deliveryID ?? "msg") + "_g"
  }

  /// Event time of the newest message.
  public var time: Timestamp { messages.map(\.transition.time).max() ?? Timestamp(milliseconds: 0) }

  /// Each event once, as it stands after the last message about it: leaks before faults, open before ended, the worst first.
  var events: [AlertMessage] {
    var last: [String: AlertMessage] = [:]
    for m in messages { last[m.eventKey] = m }
    return last.values.sorted { GroupNotice.rank($0) > GroupNotice.rank($1) }
  }

  private static func rank(_ m: AlertMessage) -> (Int, Int, Double, Int64) {
    let t = m.transition
    return ((t.kind.isLeak ? 2 : 0) + (t.change == .closed ? 0 : 1), Int(t.severity.rawValue), t.excess, -m.seq)
  }

  /// Events listed in a JSON body, so that it stays below 20 kB.
  private static let listed = 15

  var dataJSON: String {
    let events = events
    var o = JSONText()
    o.add("id", id)
    o.add("messages", messages.count)
    o.add("count", events.count)
    o.add("digest", isDigest)
    o.add("events", json: JSONText.list(events.prefix(GroupNotice.listed).map(GroupNotice.eventJSON)))
    o.add("omitted", max(0, events.count - GroupNotice.listed))
    var text = JSONText()
    for language in Language.allCases { text.add(language.rawValue, GroupWords(self, language).text) }
    o.add("text", json: text.closed)
    return o.closed
  }

  private static func eventJSON(_ m: AlertMessage) -> String {
    let t = m.transition
    var o = JSONText()
    o.add("event", m.eventKey)
    o.add("sensor", m.sensor.description)
    o.add("kind", t.kind.code)
    o.add("change", t.change.code)
    o.add("severity", t.severity.code)
    o.add("onset", t.onset.iso8601(offset: m.calendar.offset))
    o.add("estimated_leak_m3h", t.excess)
    return o.closed
  }
}
