import Readings

/// What is told: a transition, many of them as one, or a test of the way to the receiver.
public enum Notice: Sendable {
  case alert(AlertMessage)
  case group(GroupNotice)
  case test(TestNotice)

  /// The same on every attempt.
  public var id: String {
    switch self {
    case .alert(let m): m.deliveryID
    case .group(let g): g.id
    case .test(let t): t.id
    }
  }

  /// Of Standard Webhooks, for filters and programs.
  public var type: String {
    switch self {
    case .alert(let m): m.type ?? "event.\(m.transition.change.code)"
    case .group: "alerts.grouped"
    case .test: "test"
    }
  }

  public var time: Timestamp {
    switch self {
    case .alert(let m): m.transition.time
    case .group(let g): g.time
    case .test(let t): t.time
    }
  }

  /// The one that it is about; nil for tests, and for groups about several.
  var sensor: SensorID? {
    switch self {
    case .alert(let m): m.sensor
    case .group(let g): g.isDigest ? g.messages.first?.sensor : nil
    case .test: nil
    }
  }

  /// The `data` object of JSON bodies.
  var dataJSON: String {
    switch self {
    case .alert(let m): m.dataJSON
    case .group(let g): g.dataJSON
    case .test(let t): t.dataJSON
    }
  }

  /// Headline and sentences, for sinks that show plain text.
  public func text(_ language: Language) -> String {
    switch self {
    case .alert(let m): AlertWords(m, language).text
    case .group(let g): GroupWords(g, language).text
    case .test(let t): t.text(language)
    }
  }

  /// The page of the sensor under the address that the settings give; nil when they give none.
  func link(_ publicURL: String?) -> String? {
    guard let publicURL, let sensor, sensor != .service else { return publicURL }
    // Segments of sensor ids are letters, digits, _ and - only.
    return publicURL + "/meter?id=" + sensor.description.split(separator: "/").joined(separator: "%2F")
  }

  /// The body of a Standard Webhooks delivery, and what a command reads.
  public var webhookBody: String {
    var o = JSONText()
    o.add("type", type)
    o.add("timestamp", time.iso8601(offset: 0))
    o.add("data", json: dataJSON)
    return o.closed
  }
}

/// A message that says only that the way is open.
public struct TestNotice: Sendable {
  public let id: String
  public let time: Timestamp

  /// - Parameter now: Unix milliseconds; they name the test too.
  public init(now: Int64) {
    id = "msg_test_\(now)"
    time = Timestamp(milliseconds: now)
  }

  func title(_ language: Language) -> String {
    switch language {
    case .ja: "水守からの試しの知らせです"
    case .en: "A test message from Mizumori"
    }
  }

  func explanation(_ language: Language) -> String {
    switch language {
    case .ja: "これが届いていれば、漏水の知らせも届きます。"
    case .en: "Where this arrives, leak alerts will arrive too."
    }
  }

  func text(_ language: Language) -> String { title(language) + "\n" + explanation(language) }

  var dataJSON: String {
    var text = JSONText()
    for language in Language.allCases { text.add(language.rawValue, self.text(language)) }
    var o = JSONText()
    o.add("id", id)
    o.add("text", json: text.closed)
    return o.closed
  }
}
