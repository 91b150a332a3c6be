extension Scenario {
  /// A sensor of something else than flow.
  public struct Gauge: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
      /// °C: warmest at 14:00, coldest at 05:00; colder in freezing nights.
      case temperature
      /// kPa: falls with the square of the flow of a meter.
      case pressure
      /// m: of a tank that a pump fills and a meter empties. Where `meter` has a `tank_m3`, of that tank: then `mean` and `swing` say nothing.
      case level

      public var unit: String {
        switch self {
        case .temperature: "Cel"
        case .pressure: "kPa"
        case .level: "m"
        }
      }
    }

    public var kind = Kind.temperature
    public var id = ""
    public var zone = ""
    public var name = ""
    public var zoneName = ""
    /// The meter whose water it feels; not of a temperature.
    public var meter: String?
    /// °C over a day; kPa while nothing flows; m half way between full and empty.
    public var mean = 0.0
    /// °C from the mean to the warmest hour; kPa lost at the mean flow; m from the mean to where the pump starts and stops.
    public var swing = 1.0
    /// Standard deviation of what is new in each reading, in its unit.
    public var noise = 0.0
    /// Of a tank, m².
    public var area = 100.0
    /// Line in the scenario file, for messages.
    var line = 0
  }
}
