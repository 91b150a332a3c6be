import Readings

/// The leak event of one sensor, if one is open, and when the last one was closed.
struct EventState: BitwiseCopyable {
  /// m³ since onset.
  var volume: Double = 0
  var opened = Int64.min
  var onset = Int64.min
  var firstOnset = Int64.min
  var lastUpdate = Int64.min
  /// Event time of the last closing; Int64.min = none.
  var closed = Int64.min
  /// Event time at which a rise that neighbours share was last recorded.
  var commonTold = Int64.min
  /// Event time of the last escalation.
  var escalated = Int64.min
  /// Estimate at opening or at the last escalation.
  var step: Float = 0
  /// Estimate as last announced.
  var announced: Float = 0
  /// Estimate a day ago.
  var dayAgo: Float = 0
  var evidence: UInt32 = 0
  /// Score over threshold when it opened.
  var ratio: Float = 0
  /// Leaks opened of late; halves in 30 days.
  var recent: Float = 0
  // Every reading asks for what follows.
  /// Estimated leak, m³/h.
  var estimate: Float = 0
  /// 0 while no leak is open, else the raw value of the kind.
  var kind: UInt8 = 0
  var severity: UInt8 = 0
  /// The meter above was asked about this event and shows it too.
  var isShared = false
  /// Since `dayAgo` was noted.
  var hoursSinceDayAgo: UInt8 = 0

  init() {}

  @inline(always) var isOpen: Bool { kind != 0 }
}
