import Readings

/// Of what, and when, one receiver is told. Pure: the queue brings the facts and the time. Milliseconds throughout.
public struct ReceiverPolicy: Sendable {
  /// Message types that it wants (`AlertMessage.type`).
  public var types: Set<String>
  /// Event kinds that it wants; nil = all.
  public var kinds: Set<EventKind>?
  /// Leaks below this are not told. Faults of meters have no size and pass.
  public var minimumSeverity = Severity.info
  /// `municipality` or `municipality/zone`; empty = everywhere.
  public var zones: [String] = []
  /// New events are told only at these hours (who is on duty); nil = always.
  public var hours: WeeklyHours?
  /// At these hours nothing is told until they end, but for bursts of `quietPass` or worse; nil = never quiet.
  public var quiet: WeeklyHours?
  /// At most `.major`: no setting hides a large burst.
  public var quietPass = Severity.major
  /// Whether many messages at once become one, and those of a meter that comes and goes a digest; false: each message is told.
  public var isGrouping = false
  /// How long a message waits for others, where messages are grouped.
  public var groupWait: Int64 = 10_000
  /// Open leaks that nobody has acknowledged are told again this often; 0 = never, and each update of a leak is told as it comes.
  public var repeatInterval: Int64 = 0
  /// Told only when nobody has acknowledged the leak this long after it was found; 0 = at once.
  public var unacknowledgedAfter: Int64 = 0
  public var calendar: LocalCalendar

  /// More openings than this of one kind at one meter within `flappingSpan` are told together every `flappingDigest`.
  public static let flappingLimit = 3
  public static let flappingSpan: Int64 = 86_400_000
  public static let flappingDigest: Int64 = 6 * 3_600_000

  public init(types: Set<String>, calendar: LocalCalendar) {
    self.types = types
    self.calendar = calendar
  }

  /// How a message stands to what this receiver was told before.
  public struct Standing: Sendable {
    /// An earlier change of the same event was told, or waits to be.
    public var isFollowUp = false
    /// The message that waits and that an earlier change of the same event is part of, when it is a digest of a flapping meter.
    public var digestOfEvent: Int64?
    /// An earlier change of the same event was told in a digest.
    public var isInDigest = false
    /// The digest of this meter and kind that waits.
    public var digestOfMeter: Int64?
    /// Openings of this kind at this meter that were told within `flappingSpan`.
    public var recentOpenings = 0

    public init() {}
  }

  /// What becomes of a message.
  public enum Placement: Equatable, Sendable {
    case notTold
    /// Due at that time (Unix ms).
    case queue(due: Int64)
    /// The first of a digest of a flapping meter, due at that time.
    case digest(due: Int64)
    /// Becomes part of the digest with that number.
    case join(Int64)
  }

  /// - Parameter now: Unix milliseconds.
  public func place(_ m: AlertMessage, _ standing: Standing, now: Int64) -> Placement {
    guard let type = m.type, types.contains(type) else { return .notTold }
    let change = m.transition.change
    if change == .updated, repeatInterval > 0 { return .notTold }
    if !standing.isFollowUp {
      // The end of what it never heard of is no news, unless ends are all that it wants.
      if change == .closed, types.contains(openingType(m)) { return .notTold }
      guard wants(m, now: now) else { return .notTold }
    }
    if let digest = standing.digestOfEvent { return .join(digest) }
    let isFlapping = isGrouping && change == .opened && !m.isLargeBurst && standing.recentOpenings >= ReceiverPolicy.flappingLimit
    if isFlapping || standing.isInDigest {
      return standing.digestOfMeter.map { .join($0) } ?? .digest(due: quietEnd(now + ReceiverPolicy.flappingDigest))
    }
    let isWaiting = m.transition.kind.isLeak && (change == .opened || change == .escalated)
    let due = now + (isWaiting ? unacknowledgedAfter : 0) + (isGrouping ? groupWait : 0)
    return .queue(due: passesQuiet(m) ? due : quietEnd(due))
  }

  /// When an open leak that nobody has acknowledged is due again; `told`: when it was told last. Nil = not, or not at these hours.
  public func reminder(told: Int64, now: Int64) -> Int64? {
    guard repeatInterval > 0, now - told >= repeatInterval, isOnDuty(now) else { return nil }
    return quietEnd(now)
  }

  // MARK: - Parts

  private func wants(_ m: AlertMessage, now: Int64) -> Bool {
    let t = m.transition
    if let kinds, !kinds.contains(t.kind) { return false }
    if t.kind.isLeak, t.severity < minimumSeverity { return false }
    if unacknowledgedAfter > 0, !t.kind.isLeak { return false }
    if !zones.isEmpty, !zones.contains(m.sensor.municipality), !zones.contains("\(m.sensor.municipality)/\(m.sensor.zone)") { return false }
    return isOnDuty(now)
  }

  private func isOnDuty(_ now: Int64) -> Bool { hours?.contains(Timestamp(milliseconds: now), calendar) ?? true }

  private func openingType(_ m: AlertMessage) -> String { m.transition.kind.isLeak ? "leak.opened" : "sensor.fault" }

  private func passesQuiet(_ m: AlertMessage) -> Bool {
    let t = m.transition
    return t.kind == .burst && (t.change == .opened || t.change == .escalated) && t.severity >= min(quietPass, .major)
  }

  private func quietEnd(_ due: Int64) -> Int64 { quiet?.end(from: Timestamp(milliseconds: due), calendar).milliseconds ?? due }
}
