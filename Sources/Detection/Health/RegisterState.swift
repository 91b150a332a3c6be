/// A totalizer's register (m³) as flow (m³/h).
///
/// The flow of a step is the register's increase over the step's time, told when the step ends and counted from its beginning. A step is
/// 10 min or longer: as long as it takes for the meter's resolution to be small against the increase, at most an hour.
public struct RegisterState: BitwiseCopyable, Sendable {
  /// Register and event time at the beginning of the step; nan before the first.
  private var value = Double.nan
  private var time = Int64.min
  /// Largest power of ten that all values are multiples of, m³.
  private var resolution: Double = 10
  /// Smoothed flow, m³/h: what a single step is compared with.
  private var usual: Double = 0
  private var steps: Int32 = 0
  private var reserved: Int32 = 0

  /// What a register value says.
  public enum Outcome: Equatable, Sendable {
    /// The step goes on, or begins.
    case waiting
    /// m³/h from `since` (event time, ms) until this value.
    case flow(Double, since: Int64)
    /// As `flow`: the register passed its largest value and began anew.
    case rollover(Double, since: Int64)
    /// The register jumped: another meter, or one that lost its count. No flow is known for this step.
    case reset
  }

  public init() {}

  /// Takes the register's next value. Times must ascend.
  public mutating func take(_ v: Double, at t: Int64) -> Outcome {
    fitResolution(v)
    guard value.isFinite else { return begin(v, t) }
    let span = t - time
    let rise = v - value
    guard rise >= 0 else { return fallen(v, rise, span, t) }
    guard span >= step else { return .waiting }
    // A register that stood still on the line says how much went through, but not when.
    guard span <= max(2 * step, 5_400_000) else { return begin(v, t) }
    return finish(rise, v, span, t)
  }

  /// Milliseconds of a step.
  private var step: Int64 {
    let needed = usual > 0 ? 4 * resolution / usual * 3_600_000 : 0
    return needed <= 600_000 ? 600_000 : needed <= 1_200_000 ? 1_200_000 : needed <= 1_800_000 ? 1_800_000 : 3_600_000
  }

  private mutating func fitResolution(_ v: Double) {
    while resolution > 0.002 {
      let n = v / resolution
      if abs(n - n.rounded()) < 1e-3 { return }
      resolution /= 10
    }
  }

  private mutating func begin(_ v: Double, _ t: Int64) -> Outcome {
    (value, time) = (v, t)
    return .waiting
  }

  private mutating func finish(_ rise: Double, _ v: Double, _ span: Int64, _ t: Int64, isRollover: Bool = false) -> Outcome {
    let flow = rise * 3_600_000 / Double(max(span, 1))
    let since = time
    (value, time) = (v, t)
    // A meter that was exchanged goes on from another count.
    if steps >= 20, flow > 20 * max(usual, resolution) { return .reset }
    steps = min(steps + 1, 1_000_000)
    usual += (flow - usual) / Double(min(steps, 500))
    return isRollover ? .rollover(flow, since: since) : .flow(flow, since: since)
  }

  /// The register went down.
  private mutating func fallen(_ v: Double, _ rise: Double, _ span: Int64, _ t: Int64) -> Outcome {
    let hours = Double(max(span, 60_000)) / 3_600_000
    // Registers have four to nine digits before and up to three behind the point.
    var size = 1000.0
    while size <= value { size *= 10 }
    let over = rise + size
    if value >= 0.9 * size, over >= 0, over <= max(0.1 * size, 20 * usual * hours),
      steps < 20 || over <= 20 * max(usual, resolution) * hours
    {
      return finish(over, v, span, t, isRollover: true)
    }
    // Water that runs back turns the register back at the pace of water.
    if steps >= 20, -rise <= 3 * max(usual, resolution) * max(hours, 1.0 / 6) {
      return span >= step ? finish(rise, v, span, t) : .waiting
    }
    _ = begin(v, t)
    return .reset
  }
}
