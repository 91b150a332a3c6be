import Readings
import Series

/// One series as it stands in the plot's file. Times are ms since 1970, flows m³/h. Names are short: there are many of them.
struct PlotSeries: Encodable, Sendable {
  struct Label: Encodable, Sendable {
    var kind: String
    var from: Int64
    var to: Int64
    var peak: Double
    /// Peak over mean flow, %.
    var percent: Double
    /// `found`, `missed`; empty where it is not to be found.
    var state: String
    /// Hours from start to detection.
    var hours: Double?
  }

  struct Alert: Encodable, Sendable {
    var state: String
    var kind: String
    var t: Int64
    var onset: Int64
    /// m³/h; nil for faults.
    var size: Double?
    var verdict: String
    var cause: [String]
  }

  var name: String
  var set: String
  var network: String
  var facility: String
  var from: Int64
  var step: Int64
  var scale: Float
  var observed: String
  var bandFrom: Int64
  var expected: String
  var low: String
  var high: String
  var isLabelled: Bool
  var labels: [Label]
  var alerts: [Alert]

  /// - Parameter truths: nil where the set has no labels
  init(_ trace: SeriesTrace, truths: [Truth]?) {
    let (s, transitions) = (trace.series, trace.transitions)
    (name, set, network, facility) = (s.name, s.set, s.network, s.facility)
    from = trace.start.milliseconds
    step = trace.step
    scale = PackedNumbers.scale(trace.observed)
    observed = PackedNumbers.text(trace.observed, scale: scale)
    bandFrom = trace.bandStart.milliseconds
    expected = PackedNumbers.text(trace.expected, scale: scale)
    low = PackedNumbers.text(trace.low, scale: scale)
    high = PackedNumbers.text(trace.high, scale: scale)
    let m = Matching(transitions, truths: truths, start: s.start ?? trace.start)
    isLabelled = truths != nil
    labels = m.truths.map { t in
      Label(
        kind: t.label.kind, from: t.start.milliseconds, to: t.end.milliseconds, peak: PlotSeries.rounded(t.label.peak_m3h),
        percent: PlotSeries.rounded(Truth.size(t.label) * 100), state: t.role != .leak ? "" : t.found == nil ? "missed" : "found",
        hours: t.found.map { PlotSeries.rounded(Double($0.since(t.start)) / 3_600_000) })
    }
    alerts = transitions.indices.map { i in
      let t = transitions[i]
      return Alert(
        state: AlertLine.state(t.change), kind: t.kind.code, t: t.time.milliseconds, onset: t.onset.milliseconds,
        size: t.kind.isLeak && t.excess.isFinite ? PlotSeries.rounded(t.excess) : nil, verdict: m.verdicts[i].rawValue,
        cause: m.causes[i] ?? [])
    }
  }

  private static func rounded(_ v: Double) -> Double { v.isFinite ? (v * 100).rounded() / 100 : 0 }
}
