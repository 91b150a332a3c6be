import Detection
import Readings
import Series

/// What a plot shows of one series: the readings on an even grid, and the band as the engine gave it hour by hour.
public struct SeriesTrace: Sendable {
  /// More points than this are averaged: a screen has fewer, and a file of any length must stay small.
  static let maximumPoints = 60_000
  /// Hours between two samples of the band.
  static let bandStep: Int64 = 3_600_000

  public let series: BacktestSeries
  /// What came out about it.
  public internal(set) var transitions: [Transition] = []
  /// First grid point.
  public private(set) var start: Timestamp
  /// ms between grid points.
  public private(set) var step: Int64
  /// m³/h; nan where nothing was read.
  public private(set) var observed: [Float]
  /// The first sample of the band, and m³/h at each hour after it; nan where there was no baseline.
  public private(set) var bandStart: Timestamp
  public private(set) var expected: [Float] = []
  public private(set) var low: [Float] = []
  public private(set) var high: [Float] = []

  init(_ series: BacktestSeries, rows: [SeriesRow]) {
    self.series = series
    let times = rows.map(\.time.milliseconds)
    let first = times.min() ?? 0
    let span = (times.max() ?? 0) - first
    start = Timestamp(milliseconds: first)
    bandStart = start
    step = series.interval > 0 ? series.interval : SeriesTrace.usualStep(times)
    if span / step >= Int64(SeriesTrace.maximumPoints) { step *= span / step / Int64(SeriesTrace.maximumPoints) + 1 }
    let count = rows.isEmpty ? 0 : Int(span / step) + 1
    var sums = [Double](repeating: 0, count: count)
    var numbers = [Double](repeating: 0, count: count)
    for r in rows {
      let k = Int((r.time.milliseconds - first) / step)
      sums[k] += r.value
      numbers[k] += 1
    }
    observed = zip(sums, numbers).map { $1 > 0 ? Float($0 / $1) : .nan }
  }

  /// Adds the sample of the band at `t`; samples must come in order of time. Hours between them are empty.
  mutating func addBand(_ band: (expected: Double, low: Double, high: Double)?, at t: Timestamp) {
    if expected.isEmpty { bandStart = t }
    let wanted = Int((t.milliseconds - bandStart.milliseconds) / SeriesTrace.bandStep)
    guard wanted >= expected.count, wanted < SeriesTrace.maximumPoints else { return }
    let missing = wanted - expected.count
    expected += Array(repeating: .nan, count: missing) + [Float(band?.expected ?? .nan)]
    low += Array(repeating: .nan, count: missing) + [Float(band?.low ?? .nan)]
    high += Array(repeating: .nan, count: missing) + [Float(band?.high ?? .nan)]
  }

  /// The median of the forward steps, ms; an hour where there is none.
  private static func usualStep(_ times: [Int64]) -> Int64 {
    let steps = zip(times, times.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.sorted()
    return steps.isEmpty ? 3_600_000 : steps[steps.count / 2]
  }
}
