import Readings
import Series

/// One label, in terms of the rules by which alerts are judged.
struct Truth: Sendable {
  enum Role: Sendable {
    /// To be found.
    case leak
    /// Neither right nor wrong to tell: leaks too small to count, freezing nights, what may be a true leak of real data.
    case neutral
    /// No leak, and telling one there is wrong: flushing, faults, visitors, growth.
    case other
    /// Running since the first reading; judges nothing.
    case background
  }

  var label: SetLabel
  var start: Timestamp
  var end: Timestamp
  var role: Role
  /// When it was found; only leaks are.
  var found: Timestamp?

  /// Below this share of the mean flow a leak counts neither way.
  static let tiny = 0.03

  /// - Returns: nil for a label whose times cannot be read.
  init?(_ l: SetLabel, offset: Int) {
    guard let start = Timestamp(iso8601: l.start, defaultOffset: offset), let end = Timestamp(iso8601: l.end, defaultOffset: offset)
    else { return nil }
    label = l
    self.start = start
    self.end = end
    switch l.kind {
    case "burst", "incipient": role = Truth.size(l) < Truth.tiny ? .neutral : .leak
    case "freeze", "suspected_real": role = .neutral
    case "background": role = .background
    default: role = .other
    }
  }

  /// Peak over mean flow.
  static func size(_ l: SetLabel) -> Double { l.peak_m3h / max(l.mean_flow_m3h, 1e-9) }

  func holds(_ t: Timestamp, grace: Int64 = 0) -> Bool {
    start.milliseconds <= t.milliseconds && t.milliseconds <= end.milliseconds + grace
  }
}
