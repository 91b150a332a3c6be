/// The health of the sensors, and how a person names and sets them.
public protocol SensorPages: Sendable {
  /// Worst first; of these municipalities, or of all where the set is empty.
  func sensors(municipalities: Set<String>) throws -> [SensorSummary]
  /// Sets what a person says of a meter; nil parts are as the settings file says.
  /// - Parameter municipalities: of which `parent` must be; empty = all.
  /// - Returns: the card in force, nil for an unknown meter.
  /// - Throws: `PageRefusal` 422 for what cannot be.
  func setCard(_ id: String, _ card: CardCommand, by: String, municipalities: Set<String>) throws -> CardSummary?
}

/// The body of `POST /api/v1/meters/…/card`: all that a person may say of a meter. Nil = as the settings file says.
public struct CardCommand: RequestBody, Sendable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case name, zoneName, minimumLeakM3h, intervalS, range, reverseFlow, parent, note
  }

  public var name: String?
  public var zoneName: String?
  public var minimumLeakM3h: Double?
  public var intervalS: Int?
  public var range: [Double]?
  public var reverseFlow: Bool?
  public var parent: String?
  public var note: String?

  public init() {}
}

/// What is known of a meter besides its readings: of the page, or of the settings file. Nil = not said there.
public struct CardSummary: Codable, Sendable, Hashable {
  public var name: String?
  public var zoneName: String?
  public var minimumLeakM3h: Double?
  /// Seconds between readings.
  public var intervalS: Int?
  /// What the meter can show, low and high, in base units.
  public var range: [Double]?
  public var reverseFlow: Bool?
  /// The meter upstream.
  public var parent: String?
  public var note: String?

  public init() {}
}

/// A sensor as a device.
public struct SensorSummary: Codable, Sendable {
  /// `municipality/zone/sensor/quantity`
  public var id: String
  public var municipality: String
  public var zone: String
  public var name: String
  public var zoneName: String
  public var quantity: String
  public var unit: String
  public var state: MeterState
  /// Arrival of its first reading.
  public var firstSeen: String?
  /// Event time of its last reading.
  public var lastSeen: String?
  public var lastValue: Double?
  /// Learnt interval between readings, seconds; nil while unknown.
  public var intervalS: Double?
  /// 0…100 %, and when it said so.
  public var battery: Double?
  public var batteryTime: String?
  /// How strong the gateway that hears it best received its newest message, dBm; nil where no gateway says.
  public var signalDbm: Double?
  /// Readings that came too late to be judged, and that were not plausible.
  public var late: Int64
  public var invalid: Int64
  /// Kinds of the faults that are open: gap, stuck, fault …
  public var faults: [String]
  /// What the page set, and what the settings file says.
  public var card: CardSummary
  public var file: CardSummary

  public init(
    id: String, municipality: String, zone: String, name: String, zoneName: String, quantity: String, unit: String, state: MeterState,
    firstSeen: String?, lastSeen: String?, lastValue: Double?, intervalS: Double?, battery: Double?, batteryTime: String?, late: Int64,
    invalid: Int64, faults: [String], card: CardSummary, file: CardSummary
  ) {
    self.id = id
    self.municipality = municipality
    self.zone = zone
    self.name = name
    self.zoneName = zoneName
    self.quantity = quantity
    self.unit = unit
    self.state = state
    self.firstSeen = firstSeen
    self.lastSeen = lastSeen
    self.lastValue = lastValue
    self.intervalS = intervalS
    self.battery = battery
    self.batteryTime = batteryTime
    self.late = late
    self.invalid = invalid
    self.faults = faults
    self.card = card
    self.file = file
  }
}
