/// How many meters at one reading a minute a machine carries, from measured costs. Pure arithmetic.
public struct BenchCapacity: Codable, Hashable, Sendable {
  /// A part of the way of a reading. The raw value is the name in JSON.
  public enum Step: String, Codable, CaseIterable, Sendable {
    case socket, decoding, judging, store, broker, memory, disk, deliveries
  }

  /// One step and the meters at which it alone would be full.
  public struct Limit: Codable, Hashable, Sendable {
    public var step: Step
    /// nil = it was not measured, or nothing there ever fills.
    public var meters: Int?
    /// Share of the ingest thread at the meters carried, 0…1; nil for what is no part of it.
    public var load: Double?
  }

  /// The meters carried.
  public var meters = 0
  public var limitingStep = Step.judging
  /// In the order of the cases. `deliveries` limits no number of meters: it says how many could alert within the same minute.
  public var limits: [Limit] = []
  /// Share of the ingest thread at `meters`, 0…1.
  public var ingestLoad = 0.0

  public init(_ f: BenchFigures, _ c: BenchConditions, machine m: BenchMachine) {
    let usable = 1 - c.headroom
    let cpu: [(Step, Double)] = [(.socket, f.socketCPU ?? 0), (.decoding, f.decodeCPU), (.judging, f.judgeCPU)]
    func load(_ n: Double) -> Double { n / 60 * cpu.reduce(0) { $0 + $1.1 } + BenchCapacity.storeLoad(n, f, c) }
    let ingest = BenchCapacity.largest { load($0) <= usable }
    var found: [Step: Int] = [:]
    for (step, cost) in cpu where cost > 0 { found[step] = BenchCapacity.largest { $0 / 60 * cost <= usable } }
    found[.store] = BenchCapacity.largest { BenchCapacity.storeLoad($0, f, c) <= usable }
    if let rate = f.brokerRate { found[.broker] = Int(rate * 60 * usable) }
    if f.memoryPerMeter > 0, m.memoryAvailable > 0 {
      found[.memory] = max(0, Int((Double(m.memoryAvailable) * usable - f.baseMemory) / f.memoryPerMeter))
    }
    let year = BenchCapacity.diskPerMeterYear(f)
    if year > 0, m.diskFree > 0 { found[.disk] = Int(Double(m.diskFree) * usable / year) }
    if let rate = f.alertRate { found[.deliveries] = Int(rate * 60) }

    let others = [Step.broker, .memory, .disk].compactMap { s in found[s].map { (s, $0) } }
    let least = others.min { $0.1 < $1.1 }
    meters = min(ingest, least?.1 ?? ingest)
    let n = Double(meters)
    var shares = Dictionary(uniqueKeysWithValues: cpu.map { ($0.0, n / 60 * $0.1) })
    shares[.store] = BenchCapacity.storeLoad(n, f, c)
    if f.socketCPU == nil { shares[.socket] = nil }
    ingestLoad = shares.values.reduce(0, +)
    if let least, least.1 < ingest {
      limitingStep = least.0
    } else {
      limitingStep = Step.allCases.max { (shares[$0] ?? -1) < (shares[$1] ?? -1) } ?? .judging
    }
    limits = Step.allCases.map { Limit(step: $0, meters: found[$0], load: shares[$0]) }
  }

  /// Readings of a commit and commits a second at `n` meters: as `GroupCommitPolicy` does it.
  static func commits(_ n: Double, _ c: BenchConditions) -> (readings: Double, perSecond: Double) {
    let rate = n / 60
    // Few messages wait twice as long, and in the long run commits are spaced.
    let few = rate * c.commitSeconds < 10 ? 2 * c.commitSeconds : c.commitSeconds
    let delay = max(few, c.commitPaceSeconds ?? 0)
    let size = min(max(1, rate * delay), Double(c.commitReadings))
    return (size, rate / size)
  }

  /// Share of the ingest thread that is spent in the store, with the waits for the disk.
  static func storeLoad(_ n: Double, _ f: BenchFigures, _ c: BenchConditions) -> Double {
    let (size, perSecond) = commits(n, c)
    return perSecond * (f.commitFixed + (size - 1) * f.commitPerReading)
  }

  /// Bytes that a meter's year takes on disk.
  public static func diskPerMeterYear(_ f: BenchFigures) -> Double { f.bytesPerReading * 525_600 + f.bytesPerMeterHour * 8760 }

  /// Bytes written a day at `n` meters: commits, states of the detector, hours and days.
  public static func writesPerDay(_ n: Double, _ f: BenchFigures, _ c: BenchConditions) -> Double? {
    guard let fixed = f.commitFixedBytes, let each = f.commitPerReadingBytes else { return nil }
    let (size, perSecond) = commits(n, c)
    let readings = 86_400 * perSecond * (fixed + (size - 1) * each)
    // By default a day's bytes of states are bounded (CheckpointPolicy).
    let times = Double(CheckpointPolicy.times(bytes: Int(n * f.statePerMeter)))
    let wanted = times * n * f.statePerMeter * 86_400 / Double(max(1, c.checkpointSeconds))
    let bound = CheckpointPolicy.written(bytes: n * f.statePerMeter, rowsPerDay: n * 1440)
    let states = c.checkpointSeconds < 60 ? wanted : min(wanted, bound)
    return readings + states + Rollup.roundsPerDay * n * (f.foldBytes ?? 0)
  }

  /// Bytes of memory at `n` meters.
  public static func memory(_ n: Double, _ f: BenchFigures) -> Double { f.baseMemory + n * f.memoryPerMeter }

  /// The largest whole number, at most a thousand million, for which `fits` still holds; it holds below, and not above.
  static func largest(_ fits: (Double) -> Bool) -> Int {
    var (low, high) = (0, 1_000_000_000)
    while low < high {
      let middle = (low + high + 1) / 2
      if fits(Double(middle)) { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
