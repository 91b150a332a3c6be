import Readings

/// What a sensor showed in one local hour. Of a totalizer: the flow that its register counted.
public struct HourRow: Hashable, Sendable {
  public let slot: SensorSlot
  /// Local hours since 1970-01-01T00:00 local: ⌊(Unix ms + offset · 1000) / 3,600,000⌋.
  public let hour: Int
  /// Readings in it, 1 or more; of a totalizer: steps of its register that began in it.
  public let count: Int
  /// Mean, lowest and highest reading: m³/h for meters, else the quantity's base unit.
  public let mean: Double
  public let low: Double
  public let high: Double

  public init(slot: SensorSlot, hour: Int, count: Int, mean: Double, low: Double, high: Double) {
    self.slot = slot
    self.hour = hour
    self.count = count
    self.mean = mean
    self.low = low
    self.high = high
  }
}

/// What a sensor showed on one local day.
public struct DayRow: Hashable, Sendable {
  public let slot: SensorSlot
  /// As `LocalCalendar.day`: days since 1970-01-01 local.
  public let day: Int
  /// Hours with readings, 1…24.
  public let hours: Int
  /// Sum of the hourly means: m³ of a meter. Hours without readings add nothing.
  public let volume: Double
  /// Lowest and highest reading, m³/h.
  public let low: Double
  public let high: Double
  /// Minimum night flow: the lowest hourly mean among the hours that lie wholly in the night window, m³/h; nil without one.
  public let night: Double?

  public init(slot: SensorSlot, day: Int, hours: Int, volume: Double, low: Double, high: Double, night: Double?) {
    self.slot = slot
    self.day = day
    self.hours = hours
    self.volume = volume
    self.low = low
    self.high = high
    self.night = night
  }
}

/// How the history is divided into hours and nights. When it changes, hours and days are made anew.
public struct RollupSettings: Hashable, Sendable {
  /// Seconds east of UTC.
  public var offset: Int
  /// Night window, minutes after local midnight; `nightStart` < `nightEnd`.
  public var nightStart: Int
  public var nightEnd: Int

  public init(offset: Int, nightStart: Int, nightEnd: Int) {
    self.offset = offset
    self.nightStart = nightStart
    self.nightEnd = nightEnd
  }

  /// The hours of the day that lie wholly in the night window.
  var nightHours: Range<Int> {
    let first = (nightStart + 59) / 60
    return first..<max(first, nightEnd / 60)
  }

  /// The number of the local hour in which a moment lies.
  func hour(of t: Timestamp) -> Int { RollupSettings.floor(t.milliseconds + Int64(offset) * 1000, 3_600_000) }

  static func floor(_ a: Int64, _ b: Int64) -> Int { Int(a >= 0 ? a / b : -((b - 1 - a) / b)) }
}

/// A totalizer's register as flow. The store folds registers by one that it is given: what their values mean is the detector's business.
public protocol RegisterFlow: Sendable {
  init()
  /// Takes the register's next value, m³. Times ascend.
  /// - Returns: the flow (m³/h) of a step that it ends, with the time at which the step began.
  mutating func take(_ value: Double, at time: Timestamp) -> (time: Timestamp, value: Double)?
}
