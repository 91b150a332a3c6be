extension Scenario {
  /// What happens at a meter. The name in the file is the raw value.
  public enum Kind: String, CaseIterable, Sendable {
    case burst, incipient, flushing, gap, stuck, spike, late, duplicate, reset, tourist, growth, freeze
    /// A leak in the tank behind a pump's meter: no meter shows it, the level falls faster and the pump runs more.
    case tankLeak = "tank_leak"
    /// 消火・消防訓練: hydrants, minutes to two hours.
    case fire
    /// プール: water for a day or two, evenly.
    case pool
    /// 猛暑: more is used whenever water is used.
    case heat
    /// 断水: nothing flows through the meter and those below it.
    case shutoff
    /// A meter that was wired the wrong way round: its flow is below 0.
    case reverse
    /// A sender whose unit is wrong.
    case unit
    /// A sender whose clock is wrong.
    case clock
    /// 検満: another totalizer is put in, with a count of its own.
    case replaced
    /// A totalizer passes its largest number and begins anew from 0.
    case rollover
    /// A gateway that comes and goes: of every three hours the last 75 min are lost.
    case flapping
    /// A battery that sinks to 0 within `hours`, after which the meter is silent for good.
    case deadBattery = "dead_battery"

    /// Whether it moves water, so that the meters above show it too.
    var isWater: Bool { isLeak || isUse }
    public var isLeak: Bool { self == .burst || self == .incipient || self == .tankLeak }
    /// Use that looks like a leak and is none.
    public var isUse: Bool {
      switch self {
      case .flushing, .fire, .pool, .tourist, .growth, .heat, .freeze: true
      default: false
      }
    }
    /// Whether there are labels of this name. Late and doubled delivery and spikes are properties of the rows, not events to be found;
    /// what a gateway or a battery swallows is labelled as what it is for who looks at the rows, a `gap`.
    public var isLabelled: Bool {
      switch self {
      case .late, .duplicate, .spike, .reverse, .unit, .clock, .replaced, .rollover, .flapping, .deadBattery, .tankLeak: false
      default: true
      }
    }
    /// Whether it belongs to what a totalizer has counted.
    var isOfRegister: Bool { self == .replaced || self == .rollover }
  }
}
