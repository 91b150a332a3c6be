import Readings

/// What an operator may set for all sensors. The defaults serve intervals from 1 to 60 min.
public struct DetectorSettings: Hashable, Sendable {
  /// Smallest leak worth a message, m³/h. Smaller excesses never open an event. ≥ 0.
  public var minimumLeak: Double = 0.2
  /// Start of the night window (夜間最小流量), minutes after local midnight, 0…1439.
  public var nightStart: Int = 60
  /// End of the night window, minutes after local midnight; after `nightStart`.
  public var nightEnd: Int = 240
  /// Days of readings before slow leaks are judged; large bursts are judged from day 3. 7…28.
  public var learningDays: Int = 14
  /// Minutes of silence that make a gap; 0 = four intervals, at least 45 min.
  public var gapMinutes: Int = 0
  /// At this temperature and below, °C, people let taps trickle: freeze mode. Nil = never.
  public var frostBelow: Double? = -4
  /// At this temperature and above, °C, it ends. Above `frostBelow`.
  public var frostRelease: Double = 0
  /// The method's own numbers; change them only with a labelled set at hand.
  public var tuning = Tuning()

  public init() {}

  /// Milliseconds of silence that make a gap of a sensor that reports every `interval` ms: four readings and at least 45 min, or as set, but
  /// never less than two readings.
  public func gapLimit(interval: Int64) -> Int64 { DetectorSettings.gapLimit(interval: interval, minutes: gapMinutes) }

  /// - Parameter minutes: `gapMinutes`.
  @inline(always) static func gapLimit(interval: Int64, minutes: Int) -> Int64 {
    minutes > 0 ? max(2 &* interval, Int64(clamping: minutes) &* 60_000) : max(4 &* interval, HealthState.leastGap)
  }
}

/// What is known about one sensor beforehand.
public struct SensorProfile: Hashable, Sendable {
  public var quantity: Quantity
  /// The utility that the sensor belongs to: sensors of one group share weather and holidays.
  public var group: Int32
  /// Milliseconds between readings; 0 = learnt from the readings.
  public var expectedInterval: Int64
  /// m³/h; nil = the setting for all sensors.
  public var minimumLeak: Double?
  /// Physical range of the meter in base units; values outside are a fault of the meter.
  public var range: ClosedRange<Double>?
  /// Whether negative flow is a measurement and not a fault.
  public var allowsReverseFlow: Bool
  /// The meter upstream, through which this one's water comes; nil = not known.
  public var parent: SensorSlot?
  /// Whether another sensor of the same meter is judged: this one's health is watched only.
  public var isSecondary: Bool
  /// Gauges of pressure in the same pipes, three at most: a fall of theirs speaks for a leak.
  public var pressure: [SensorSlot]
  /// Of a thermometer: whether it tells of frost (outdoor air, and not water).
  public var tellsFrost: Bool

  public init(
    quantity: Quantity = .flow, group: Int32 = 0, expectedInterval: Int64 = 0, minimumLeak: Double? = nil,
    range: ClosedRange<Double>? = nil, allowsReverseFlow: Bool = false, parent: SensorSlot? = nil,
    isSecondary: Bool = false, pressure: [SensorSlot] = [], tellsFrost: Bool = true
  ) {
    self.quantity = quantity
    self.group = group
    self.expectedInterval = expectedInterval
    self.minimumLeak = minimumLeak
    self.range = range
    self.allowsReverseFlow = allowsReverseFlow
    self.parent = parent
    self.isSecondary = isSecondary
    self.pressure = pressure
    self.tellsFrost = tellsFrost
  }
}
