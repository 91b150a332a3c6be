import Readings

/// Why a topic pattern of the settings cannot be used.
public struct TopicPatternError: Error, Hashable, Sendable, CustomStringConvertible {
  public let japanese: String
  public let english: String
  public var description: String { "\(japanese) / \(english)" }

  init(_ japanese: String, _ english: String) {
    self.japanese = japanese
    self.english = english
  }
}

/// What a topic is to one pattern.
public enum TopicMatch: Hashable, Sendable {
  case sensor(SensorID)
  /// The topic has the pattern's form, but a segment of the sensor's name cannot be one.
  case failure(DecodeError)
  /// Not a topic of this pattern.
  case other
}

/// How topics name sensors: `water/{municipality}/{zone}/{sensor}/{quantity}`, as a setting.
///
/// Each level is fixed text, `+` (anything), or one of the four placeholders with fixed text around it (`id-{sensor}`); `#` may
/// stand last. What the pattern does not name must be given for all its topics.
public struct TopicPattern: Hashable, Sendable {
  enum Part: Int, CaseIterable, Sendable {
    case municipality, zone, sensor, quantity

    var placeholder: String { "{\(self)}" }
  }

  enum Level: Hashable, Sendable {
    case text([UInt8])
    case any
    case rest
    case part(Part, prefix: [UInt8], suffix: [UInt8])
  }

  /// As written in the settings.
  public let text: String
  /// What to subscribe to: `water/+/+/+/+`.
  public let subscription: String
  let levels: [Level]
  let municipality: String?
  let zone: String?
  let sensor: String?
  let quantity: Quantity?

  /// The topic pattern of the project's own convention.
  public static let standardText = "water/{municipality}/{zone}/{sensor}/{quantity}"

  /// - Parameters: `municipality`, `zone`, `sensor`, `quantity`: the parts that `text` has no placeholder for.
  public init(
    _ text: String, municipality: String? = nil, zone: String? = nil, sensor: String? = nil, quantity: Quantity? = nil
  ) throws(TopicPatternError) {
    self.text = text
    self.municipality = municipality
    self.zone = zone
    self.sensor = sensor
    self.quantity = quantity
    levels = try TopicPattern.parse(text)
    subscription = levels.map(TopicPattern.filter).joined(separator: "/")
    guard text.utf8.count <= 512 else { throw TopicPatternError("512 バイト以内で書いてください", "must be at most 512 bytes") }
    for (part, isGiven) in [
      (Part.municipality, municipality != nil), (.zone, zone != nil), (.sensor, sensor != nil), (.quantity, quantity != nil),
    ] {
      try check(part, isGiven: isGiven)
    }
    for segment in [municipality, zone, sensor] {
      guard let segment, !SensorID.isSegment(segment) else { continue }
      throw TopicPatternError(
        "「\(segment)」には英数字と _ と - だけを 64 字まで使えます", "\"\(segment)\" may hold only A–Z a–z 0–9 _ - and at most 64 of them")
    }
  }

  /// Each part comes from exactly one place.
  private func check(_ part: Part, isGiven: Bool) throws(TopicPatternError) {
    let count = levels.count { if case .part(part, _, _) = $0 { true } else { false } }
    if count + (isGiven ? 1 : 0) == 1 { return }
    let name = part.placeholder
    if count > 1 { throw TopicPatternError("\(name) が 2 回出てきます", "\(name) stands in it more than once") }
    if count == 1 {
      throw TopicPatternError(
        "\(name) がパターンにあるので、\(part) を別に指定しないでください", "it holds \(name), so do not give \(part) beside it")
    }
    throw TopicPatternError("\(name) を入れるか、\(part) を指定してください", "put \(name) into it, or give \(part) beside it")
  }
}
