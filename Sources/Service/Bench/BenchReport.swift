import Readings

/// One run of `mizumori bench`: what `--json` prints and `--out` keeps.
public struct BenchReport: Codable, Hashable, Sendable {
  /// Raised when a figure changes its meaning.
  public static let format = 1

  public var format = BenchReport.format
  public var version: String
  /// RFC 3339
  public var time: String
  /// How long it took, s.
  public var seconds: Double
  /// Whether a real broker was between meters and service; without one the latency is that from the message to the log.
  public var hasBroker: Bool
  public var machine: BenchMachine
  public var conditions: BenchConditions
  public var figures: BenchFigures
  public var capacity: BenchCapacity
  /// Extrapolated from the figures: the largest fleet, and one of `conditions.meters`.
  public var largest: Fleet
  public var fleet: Fleet

  /// What a number of meters needs at one reading a minute.
  public struct Fleet: Codable, Hashable, Sendable {
    public var meters: Int
    /// Bytes: memory of the service, disk of a year, written a day (nil = not counted here).
    public var memory: Double
    public var diskPerYear: Double
    public var writtenPerDay: Double?

    init(_ n: Int, _ f: BenchFigures, _ c: BenchConditions) {
      meters = n
      memory = BenchCapacity.memory(Double(n), f)
      diskPerYear = Double(n) * BenchCapacity.diskPerMeterYear(f)
      writtenPerDay = BenchCapacity.writesPerDay(Double(n), f, c)
    }
  }

  public init(
    _ figures: BenchFigures, _ conditions: BenchConditions, machine: BenchMachine, version: String, seconds: Double, hasBroker: Bool
  ) {
    self.version = version
    time = Clocks.wall().iso8601(offset: 0)
    self.seconds = seconds
    self.hasBroker = hasBroker
    self.machine = machine
    self.conditions = conditions
    self.figures = figures
    capacity = BenchCapacity(figures, conditions, machine: machine)
    largest = Fleet(capacity.meters, figures, conditions)
    fleet = Fleet(conditions.meters, figures, conditions)
  }
}

extension BenchReport {
  /// One figure of two runs.
  public struct Comparison: Codable, Hashable, Sendable {
    /// As in JSON.
    public var figure: String
    public var now: Double
    public var then: Double
    /// How much better it is: above 1 faster, smaller, more; below 1 the other way.
    public var ratio: Double
  }

  /// The figures that both runs have, in a fixed order. With a file of before, whose `brokerRate` means something else, nothing of the
  /// broker is compared: the meters are those that the rest would carry.
  public func compared(with old: BenchReport) -> [Comparison] {
    let isAlike = figures.holdsWaits == old.figures.holdsWaits || figures.brokerRate == nil || old.figures.brokerRate == nil
    let (mine, theirs) = isAlike ? (comparable, old.comparable) : (withoutBroker.comparable, old.withoutBroker.comparable)
    return zip(mine, theirs).compactMap { a, b in
      guard let now = a.value, let then = b.value, now > 0, then > 0 else { return nil }
      return Comparison(figure: a.name, now: now, then: then, ratio: a.isMoreBetter ? now / then : then / now)
    }
  }

  private var withoutBroker: BenchReport {
    var r = self
    r.figures.brokerRate = nil
    r.capacity = BenchCapacity(r.figures, conditions, machine: machine)
    return r
  }

  private var comparable: [(name: String, value: Double?, isMoreBetter: Bool)] {
    let f = figures
    return [
      ("meters", Double(capacity.meters), true), ("brokerRate", f.brokerRate, true), ("socketCPU", f.socketCPU, false),
      ("decodeCPU", f.decodeCPU, false), ("judgeCPU", f.judgeCPU, false), ("commitFixed", f.commitFixed, false),
      ("commitPerReading", f.commitPerReading, false), ("latencyP50", f.latencyP50, false), ("latencyP99", f.latencyP99, false),
      ("alertRate", f.alertRate, true), ("baseMemory", f.baseMemory, false), ("memoryPerMeter", f.memoryPerMeter, false),
      ("bytesPerReading", f.bytesPerReading, false), ("writtenPerDay", fleet.meters > 0 ? fleet.writtenPerDay : nil, false),
    ]
  }
}
