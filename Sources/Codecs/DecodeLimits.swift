import Readings

/// The bounds within which a payload is believed.
public struct DecodeLimits: Hashable, Sendable {
  /// Bytes of one message.
  public var maximumPayload = 65_536
  /// Readings in one message.
  public var maximumReadings = 4096
  /// How far ahead of the clock a reading may be, milliseconds. Later ones are `timestamp_future`.
  public var futureTolerance: Int64 = 300_000
  /// Earlier readings are `timestamp_past`: 2000-01-01T00:00:00Z.
  public var earliest = Timestamp(seconds: 946_684_800)
  /// Seconds east of UTC for times written without an offset; nil refuses them.
  public var localOffset: Int?

  public init() {}

  /// What a meter of this quantity can possibly show, in its base unit. Wide on purpose: it catches overflow and garbage,
  /// while the range of the single meter is judged by sensor health.
  public static func plausible(_ quantity: Quantity) -> ClosedRange<Double> {
    switch quantity {
    case .flow: -1e6...1e6
    case .total: 0...1e13
    case .pressure: -200...1e5
    case .level: -1e4...1e4
    case .temperature: -273.15...1000
    }
  }
}

/// One reading as it stood in a payload, in the base unit of its quantity.
public struct DecodedReading: Hashable, Sendable {
  /// Event time; nil where the payload names none, then the time of receipt holds.
  public var time: Timestamp?
  /// m³/h, m³, kPa, m or °C.
  public var value: Double
  /// The sender's counter, 0 or more, or −1 where it sends none.
  public var sequence: Int64
  /// As sent (per cent or volts).
  public var battery: Double?

  public init(time: Timestamp?, value: Double, sequence: Int64 = -1, battery: Double? = nil) {
    self.time = time
    self.value = value
    self.sequence = sequence
    self.battery = battery
  }
}
