import Readings
import Series

/// What an alert was worth against the labels. The raw value stands in the plot.
enum Verdict: String, Sendable {
  /// The first alert of a leak.
  case found
  /// A leak told of again.
  case again
  /// In a window that judges nothing, or within the hours in which a baseline settles after a leak.
  case neutral
  /// Before the detector can know the meter.
  case coldStart = "cold"
  case falseAlarm = "false"
  /// An update, a close, a fault of the meter, or a set without labels: not judged.
  case unjudged = ""
}

/// Judges the alerts of one series by the rules under which labelled sets are scored:
///
/// - A leak (burst, incipient; peak ≥ 3 % of the mean flow) is found when a leak alert opens or escalates within [start, end] and within
///   60 days of its start. One to one: an alert finds the leak that began last among those not found yet; others in a leak are repeats.
/// - Outside leaks an alert within a neutral window (tiny leaks, freezing nights, suspected leaks of real data), or up to 6 h after that
///   or after a leak, counts neither way, nor does one in the first 14 days.
/// - Every other leak alert is a false alarm; labels of what is no leak (visitors, growth, flushing, faults; + 6 h) tell its cause.
struct Matching: Sendable {
  static let grace: Int64 = 6 * 3_600_000
  static let warmup: Int64 = 14 * 86_400_000
  static let longest: Int64 = 60 * 86_400_000

  private(set) var truths: [Truth]
  /// One for each transition, in the order in which they were given.
  private(set) var verdicts: [Verdict]
  /// What a false alarm coincides with, by the index of the transition; empty where with nothing.
  private(set) var causes: [Int: [String]] = [:]

  /// - Parameters:
  ///   - truths: nil for a series without labels: then nothing is judged
  ///   - start: of the series
  init(_ transitions: [Transition], truths: [Truth]?, start: Timestamp) {
    self.truths = truths ?? []
    verdicts = Array(repeating: .unjudged, count: transitions.count)
    guard truths != nil else { return }
    let order = transitions.indices.sorted { (transitions[$0].time, $0) < (transitions[$1].time, $1) }
    for i in order where transitions[i].kind.isLeak && (transitions[i].change == .opened || transitions[i].change == .escalated) {
      verdicts[i] = judge(transitions[i].time, start: start)
      if verdicts[i] == .falseAlarm { causes[i] = cause(transitions[i].time) }
    }
  }

  var missed: [Int] { truths.indices.filter { truths[$0].role == .leak && truths[$0].found == nil } }

  private mutating func judge(_ t: Timestamp, start: Timestamp) -> Verdict {
    let leaks = truths.indices.filter { truths[$0].role == .leak }
    let hit = leaks.filter { truths[$0].holds(t) }
    if !hit.isEmpty {
      let open = hit.filter { truths[$0].found == nil && t.milliseconds - truths[$0].start.milliseconds <= Matching.longest }
      guard let newest = open.max(by: { truths[$0].start < truths[$1].start }) else { return .again }
      truths[newest].found = t
      return .found
    }
    if truths.contains(where: { ($0.role == .neutral || $0.role == .leak) && $0.holds(t, grace: Matching.grace) }) { return .neutral }
    return t.milliseconds - start.milliseconds < Matching.warmup ? .coldStart : .falseAlarm
  }

  private func cause(_ t: Timestamp) -> [String] {
    let kinds = truths.filter { $0.role == .other && $0.holds(t, grace: $0.label.kind == "growth" ? 0 : Matching.grace) }.map(\.label.kind)
    return Set(kinds).sorted()
  }
}
