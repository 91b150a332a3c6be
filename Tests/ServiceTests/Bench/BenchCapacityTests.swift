import Testing

@testable import Service

/// From costs to meters.
@Suite struct BenchCapacityTests {
  private var figures: BenchFigures {
    var f = BenchFigures()
    f.decodeCPU = 1e-6
    f.judgeCPU = 5e-6
    f.commitFixed = 0.01
    f.commitPerReading = 2e-6
    f.memoryPerMeter = 6000
    f.baseMemory = 40e6
    f.bytesPerReading = 8
    f.bytesPerMeterHour = 20
    f.statePerMeter = 5000
    f.foldBytes = 1000
    f.commitFixedBytes = 20_000
    f.commitPerReadingBytes = 10
    return f
  }
  private let conditions = BenchConditions(
    headroom: 0.5, commitReadings: 500, commitSeconds: 1, checkpointSeconds: 60, maximumSensors: 20_000, meters: 200)
  private var machine: BenchMachine {
    var m = BenchMachine()
    m.memoryAvailable = 1 << 50
    m.diskFree = 1 << 60
    return m
  }

  private func capacity(_ change: (inout BenchFigures, inout BenchMachine) -> Void) -> BenchCapacity {
    var (f, m) = (figures, machine)
    change(&f, &m)
    return BenchCapacity(f, conditions, machine: m)
  }

  @Test func theIngestThreadIsFullAtTheMetersCarried() {
    let c = capacity { _, _ in }
    // A reading costs 8 µs and its 500th of a commit, some 20 µs: 17,860 readings a second are half a second.
    let each = 1e-6 + 5e-6 + (0.01 + 499 * 2e-6) / 500
    #expect(abs(c.meters - Int(0.5 / each * 60)) <= 1)
    #expect(c.limitingStep == .store)
    #expect(abs(c.ingestLoad - 0.5) < 1e-3)
    #expect(c.limits.count == BenchCapacity.Step.allCases.count)
  }

  @Test(arguments: [
    (BenchCapacity.Step.judging, 1e-3, nil as Double?, Int64(1) << 50, Int64(1) << 60), (.broker, 5e-6, 10, 1 << 50, 1 << 60),
    (.memory, 5e-6, nil, 100_000_000, 1 << 60), (.disk, 5e-6, nil, 1 << 50, 100_000_000),
  ]) func theSmallestLimits(step: BenchCapacity.Step, judge: Double, broker: Double?, memory: Int64, disk: Int64) {
    let c = capacity { f, m in
      f.judgeCPU = judge
      f.brokerRate = broker
      (m.memoryAvailable, m.diskFree) = (memory, disk)
    }
    #expect(c.limitingStep == step)
    #expect(c.limits.first { $0.step == step }?.meters ?? 0 >= c.meters)
    if step == .broker { #expect(c.meters == 300) }
    // Half of 100 MB less 40 MB, at 6 kB.
    if step == .memory { #expect(c.meters == 1666) }
    if step == .disk { #expect(c.meters == Int(50_000_000 / (8 * 525_600 + 20 * 8760.0))) }
  }

  @Test func moreHeadroomMeansFewerMeters() {
    var all: [Int] = []
    for headroom in [0.0, 0.2, 0.5, 0.9] {
      var c = conditions
      c.headroom = headroom
      all.append(BenchCapacity(figures, c, machine: machine).meters)
    }
    #expect(all == all.sorted(by: >) && Set(all).count == 4)
  }

  @Test func nothingIsCarriedWhereNothingFits() {
    #expect(capacity { _, m in m.memoryAvailable = 50_000_000 }.meters == 0)
  }

  @Test(arguments: [(6.0, 1.0, 0.1), (200, 200.0 / 60 * 2, 0.5), (6000, 100, 1), (60_000, 500, 2)]) func commitsFollowThePolicy(
    meters: Double, size: Double, perSecond: Double
  ) {
    let c = BenchCapacity.commits(meters, conditions)
    #expect(abs(c.readings - size) < 1e-9 && abs(c.perSecond - perSecond) < 1e-9)
    // With a pace: one each ten seconds, until the batch is full.
    var paced = conditions
    paced.commitPaceSeconds = 10
    let p = BenchCapacity.commits(meters, paced)
    #expect(abs(p.perSecond - max(0.1, meters / 60 / 500)) < 1e-9 && abs(p.readings * p.perSecond - meters / 60) < 1e-9)
  }

  @Test func theStoresLoadNeverFalls() {
    var last = 0.0
    for n in stride(from: 1.0, through: 100_000, by: 37) {
      let load = BenchCapacity.storeLoad(n, figures, conditions)
      // Ten readings a second end the longer wait: there twice as many commits come.
      #expect(load >= last - 1e-12, "\(n)")
      last = load
    }
  }

  @Test func aDaysWritesAreCommitsStatesAndHours() throws {
    let n = 200.0
    let written = try #require(BenchCapacity.writesPerDay(n, figures, conditions))
    let size = n / 60 * 2
    let commits = 43_200 * (20_000 + (size - 1) * 10)
    // States would be 2.9 GB a day: one in 50,000 readings.
    #expect(abs(written - (commits + 2 * n * 5000 * n * 1440 / 50_000 + 48 * n * 1000)) < 1)
    var often = conditions
    often.checkpointSeconds = 30
    #expect(try #require(BenchCapacity.writesPerDay(n, figures, often)) > 5e9)
    var unknown = figures
    unknown.commitFixedBytes = nil
    #expect(BenchCapacity.writesPerDay(n, unknown, conditions) == nil)
  }

  /// States of 100 MB are files of their own, written once; a million readings make one due.
  @Test func largeStatesAreWrittenOnce() throws {
    let n = 20_000.0
    let size = n / 60
    let commits = 86_400 * (20_000 + (size - 1) * 10)
    let written = try #require(BenchCapacity.writesPerDay(n, figures, conditions))
    #expect(abs(written - (commits + n * 5000 * n * 1440 / 1e6 + 48 * n * 1000)) < 1)
  }

  @Test func quantilesAreMeasuredValues() {
    let times = (1...200).map(Double.init)
    #expect(BenchLatency.quantile(times, 0.5) == 100)
    #expect(BenchLatency.quantile(times, 0.99) == 198)
    #expect(BenchLatency.quantile([3], 0.99) == 3)
    #expect(BenchLatency.quantile([], 0.5) == nil)
  }
}
