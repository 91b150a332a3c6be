/// What a person says about a meter and its event. The raw value is stored and never changes its meaning.
public enum ActionKind: UInt8, Sendable, CaseIterable {
  /// 確認: somebody has seen it.
  case acknowledged = 1
  /// 対応中: somebody is on the way.
  case inProgress = 2
  /// 修理済: the leak has been repaired.
  case repaired = 3
  /// 誤報: it was no leak.
  case falseAlarm = 4
  /// 正常として学習: the present flow is the new normal.
  case acceptAsNormal = 5
  /// 工事: what the meter shows from … to is works, neither a leak nor usual.
  case plannedWork = 6
  /// 工事の取り消し: planned work from … to does not take place, or ends now.
  case workCancelled = 7

  /// The stable code in the API, on the command line and in logs.
  public var code: String {
    switch self {
    case .acknowledged: "acknowledged"
    case .inProgress: "in_progress"
    case .repaired: "repaired"
    case .falseAlarm: "false_alarm"
    case .acceptAsNormal: "accept_as_normal"
    case .plannedWork: "planned_work"
    case .workCancelled: "cancel_work"
    }
  }

  /// Whether it is about a window of time.
  public var hasWindow: Bool { self == .plannedWork || self == .workCancelled }

  public init?(code: some StringProtocol) {
    guard let k = ActionKind.allCases.first(where: { $0.code == code }) else { return nil }
    self = k
  }
}

/// One action on one sensor, as the detector takes it. It is part of the history: a replay repeats it at the same place.
public struct OperatorAction: Hashable, Sendable {
  public var slot: SensorSlot
  public var kind: ActionKind
  /// When it was said, in event time.
  public var time: Timestamp
  /// The window of planned or cancelled work, `from ..< to`; without meaning for other kinds.
  public var from: Timestamp
  public var to: Timestamp

  public init(
    slot: SensorSlot, kind: ActionKind, time: Timestamp, from: Timestamp = Timestamp(milliseconds: 0),
    to: Timestamp = Timestamp(milliseconds: 0)
  ) {
    self.slot = slot
    self.kind = kind
    self.time = time
    self.from = from
    self.to = to
  }
}
