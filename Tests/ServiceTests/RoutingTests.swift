import Alerts
import Foundation
import Readings
import Settings
import Store
import TestSupport
import Testing

@testable import Service

/// Of what, when and how a receiver is told: the real settings, store and queue, with the time in the test's hands.
struct RoutingTests {
  /// 2026-11-24 (a Tuesday, workday) 12:00 in Japan, Unix ms.
  static let noon: Int64 = 1_795_489_200_000
  static let second: Int64 = 1000
  static let minute: Int64 = 60_000
  static let hour: Int64 = 3_600_000

  /// A store, and one receiver's queue on it.
  final class Desk {
    let home: TemporaryDirectory
    let settings: MizumoriSettings
    let store: Store
    let deliveries: DeliveryStore
    private(set) var queue: SinkQueue

    /// - Parameter routing: settings of the receiver, as in YAML.
    init(_ routing: String, kind: String = "commands", sensors: Int = 1) throws {
      home = try TemporaryDirectory()
      let yaml = "data: {directory: data}\nalerts:\n  \(kind): [{name: a, program: /bin/true, \(routing)}]"
      settings = try MizumoriSettings.parse(yaml, name: "s.yaml", directory: home.path)
      store = try Store(directory: settings.data.directory)
      deliveries = try DeliveryStore(directory: settings.data.directory)
      try deliveries.register(endpoint: "a", fromStart: true)
      queue = try Desk.queue(settings, deliveries)
      var batch = IngestBatch()
      for n in 0..<sensors {
        let id = SensorID("ina/\(n % 2 == 0 ? "nishi" : "higashi")/m\(n)/flow")
        batch.newSensors.append((SensorSlot(n), try #require(id)))
      }
      try store.commit(batch)
    }

    private static func queue(_ settings: MizumoriSettings, _ deliveries: DeliveryStore) throws -> SinkQueue {
      SinkQueue(
        deliveries: deliveries, reader: try StoreReader(directory: settings.data.directory),
        messages: MessageMaker(profiles: ProfileBook(settings)), policy: settings.receiverPolicy(try #require(settings.alerts.sinks.first)))
    }

    /// As after a crash: all that is known is what is on disk.
    func restart() throws { queue = try Desk.queue(settings, deliveries) }

    func happen(_ transitions: Transition...) throws {
      var batch = IngestBatch()
      batch.transitions = transitions
      try store.commit(batch)
    }

    func acknowledge(_ t: Transition, at said: Int64) throws {
      var batch = IngestBatch()
      let id = try #require(SensorID("ina/nishi/m0/flow"))
      batch.entries.append(
        .action(
          ActionRecord(
            action: OperatorAction(slot: t.slot, kind: .acknowledged, time: t.time), eventKey: t.eventKey(sensor: id), person: "山田",
            note: "", said: Timestamp(milliseconds: said))))
      try store.commit(batch)
    }

    /// All that goes out at that moment, delivered at once.
    func told(_ now: Int64) throws -> [Notice] {
      var out: [Notice] = []
      while let d = try queue.nextDue(endpoint: "a", now: now) {
        out.append(d.notice)
        try queue.record(d.id, endpoint: "a", .delivered(status: 0), now: now)
      }
      return out
    }

    /// The same over a stretch of time, looked at every `step` ms.
    func told(from: Int64, to: Int64, step: Int64) throws -> [(time: Int64, notice: Notice)] {
      try stride(from: from, through: to, by: Int(step)).flatMap { now in try told(now).map { (now, $0) } }
    }
  }

  static func transition(
    _ kind: EventKind = .burst, _ change: EventChange = .opened, slot: SensorSlot = 0, onset: Int64 = noon, at: Int64? = nil,
    severity: Severity = .minor
  ) -> Transition {
    let onset = Timestamp(milliseconds: onset)
    return Transition(
      slot: slot, kind: kind, change: change, severity: kind.isHealth ? .minor : severity, evidence: [.cusum],
      time: Timestamp(milliseconds: at ?? onset.milliseconds), onset: onset, firstOnset: onset, expected: 8, observed: 11,
      excess: 3 + Double(slot), volume: 12, confidence: 0.9, isGrowing: false)
  }

  // MARK: - Groups

  @Test func twoHundredAtOnceAreOneMessage() throws {
    let desk = try Desk("group_wait_s: 10", sensors: 200)
    for n in 0..<200 { try desk.happen(Self.transition(slot: SensorSlot(n), severity: .major)) }
    #expect(try desk.told(Self.noon).isEmpty)
    let told = try desk.told(from: Self.noon + Self.second, to: Self.noon + 30 * Self.second, step: Self.second)
    try #require(told.count == 1)
    guard case .group(let g) = told[0].notice else {
      Issue.record("not a group")
      return
    }
    #expect(g.messages.count == 200 && !g.isDigest)
    #expect(told[0].notice.webhookBody.utf8.count < 20_000)
    #expect(told[0].notice.text(.ja).contains("漏水の疑い 200 件"))
    #expect(told[0].notice.text(.ja).contains("共通の原因"))
    #expect(try StoreReader(directory: desk.settings.data.directory).outbox(after: 0, limit: 1000).count == 200)
    #expect(try desk.deliveries.nextTime(endpoint: "a") == nil)
  }

  @Test func afterAStormTheRestComesAMinuteLater() throws {
    let desk = try Desk("group_wait_s: 10", sensors: 20)
    for n in 0..<10 { try desk.happen(Self.transition(slot: SensorSlot(n))) }
    #expect(try desk.told(Self.noon).isEmpty)
    #expect(try desk.told(Self.noon + 10 * Self.second).count == 1)
    for n in 10..<12 { try desk.happen(Self.transition(slot: SensorSlot(n))) }
    #expect(try desk.told(from: Self.noon + 11 * Self.second, to: Self.noon + 69 * Self.second, step: Self.second).isEmpty)
    let rest = try desk.told(Self.noon + 71 * Self.second)
    #expect(rest.count == 1 && rest.allSatisfy { if case .group(let g) = $0 { g.messages.count == 2 } else { false } })
  }

  @Test func aFewAreToldOneByOneAndMachinesGetEach() throws {
    let few = try Desk("group_wait_s: 10", sensors: 3)
    let each = try Desk("group: false", sensors: 50)
    for n in 0..<3 { try few.happen(Self.transition(slot: SensorSlot(n))) }
    for n in 0..<50 { try each.happen(Self.transition(slot: SensorSlot(n))) }
    #expect(try few.told(Self.noon).isEmpty)
    #expect(try few.told(Self.noon + 10 * Self.second).map(\.type) == Array(repeating: "leak.opened", count: 3))
    #expect(try each.told(Self.noon).map(\.type) == Array(repeating: "leak.opened", count: 50))
  }

  /// A trickle of alarms, one every 20 s for an hour, each too late to be in the message before.
  @Test func aTrickleIsBoundedToo() throws {
    let desk = try Desk("group_wait_s: 10", sensors: 180)
    var messages = 0
    var events = 0
    for n in 0..<180 {
      let now = Self.noon + Int64(n) * 20 * Self.second
      try desk.happen(Self.transition(slot: SensorSlot(n), onset: now))
      for d in try desk.told(from: now, to: now + 19 * Self.second, step: Self.second) {
        messages += 1
        if case .group(let g) = d.notice { events += g.messages.count } else { events += 1 }
      }
    }
    events += try desk.told(Self.noon + 2 * Self.hour).reduce(0) { n, d in if case .group(let g) = d { n + g.messages.count } else { n + 1 }
    }
    #expect(events == 180)
    #expect(messages <= 20)
  }

  @Test func aGroupKeepsItsIdAndContentsOverFailureRestartAndReplay() throws {
    let desk = try Desk("group_wait_s: 0", sensors: 10)
    for n in 0..<10 { try desk.happen(Self.transition(slot: SensorSlot(n))) }
    let first = try #require(try desk.queue.nextDue(endpoint: "a", now: Self.noon))
    try desk.restart()
    let second = try #require(try desk.queue.nextDue(endpoint: "a", now: Self.noon))
    #expect(first.notice.id == second.notice.id && first.notice.webhookBody == second.notice.webhookBody)
    try desk.queue.record(
      second.id, endpoint: "a", .retry(due: Self.noon + 5000, slow: false, status: 500, error: "HTTP 500"), now: Self.noon)
    try desk.happen(Self.transition(.gap, slot: 3))
    let third = try #require(try desk.queue.nextDue(endpoint: "a", now: Self.noon + 5000))
    // The gap is on its own; the group comes again as it was.
    var notices = [third.notice]
    try desk.queue.record(third.id, endpoint: "a", .failed(status: 500, error: "HTTP 500"), now: Self.noon + 5000)
    while let d = try desk.queue.nextDue(endpoint: "a", now: Self.noon + 5000) {
      notices.append(d.notice)
      try desk.queue.record(d.id, endpoint: "a", .failed(status: 500, error: "HTTP 500"), now: Self.noon + 5000)
    }
    #expect(Set(notices.map(\.id)).count == 2 && notices.contains { $0.webhookBody == first.notice.webhookBody })
    let failed = try desk.deliveries.failed(endpoint: "a")
    #expect(failed.count == 2)
    for f in failed { #expect(try desk.deliveries.replay(f.id, now: Self.noon + Self.hour)) }
    #expect(Set(try desk.told(Self.noon + Self.hour).map(\.id)) == Set(notices.map(\.id)))
  }

  // MARK: - Hours

  @Test func quietHoursHoldSmallThingsAndNeverALargeBurst() throws {
    let desk = try Desk("quiet_hours: \"22:00-06:00\", group_wait_s: 0", sensors: 4)
    let night = Self.noon + 11 * Self.hour
    try desk.happen(
      Self.transition(slot: 0, onset: night), Self.transition(.incipient, slot: 1, onset: night, severity: .critical),
      Self.transition(.gap, slot: 2, onset: night), Self.transition(slot: 3, onset: night, severity: .major))
    #expect(try desk.told(night).map { "\($0.type) \($0.text(.en).contains("m3"))" } == ["leak.opened true"])
    #expect(try desk.told(from: night, to: night + 7 * Self.hour - 1, step: Self.minute).isEmpty)
    let morning = try desk.told(night + 7 * Self.hour)
    #expect(morning.count == 3)
  }

  /// No setting can raise the bar above a large burst.
  @Test func quietPassKnowsNoHigherSeverity() throws {
    #expect(throws: SettingsError.self) { try Desk("quiet_hours: \"22:00-06:00\", quiet_pass: critical") }
    let desk = try Desk("quiet_hours: \"00:00-24:00\", quiet_pass: minor, group_wait_s: 0")
    try desk.happen(Self.transition(severity: .minor))
    #expect(try desk.told(Self.noon).count == 1)
  }

  @Test func hoursSayWhoIsOnDuty() throws {
    let office = try Desk("hours: [\"平日 08:30-17:15\"], group_wait_s: 0", sensors: 2)
    let oncall = try Desk("hours: [\"平日 17:15-08:30\", \"土曜+休日 00:00-24:00\"], group_wait_s: 0", sensors: 2)
    for (now, isOffice) in [
      (Self.noon, true), (Self.noon + 8 * Self.hour, false), (Self.noon + 18 * Self.hour, false), (Self.noon + 21 * Self.hour, true),
      // Saturday, Sunday, Monday morning; the 1st of January.
      (Self.noon + 96 * Self.hour, false), (Self.noon + 120 * Self.hour, false), (Self.noon + 136 * Self.hour, false),
      (Self.noon + 38 * 24 * Self.hour, false),
    ] {
      for desk in [office, oncall] { try desk.happen(Self.transition(onset: now)) }
      #expect(try office.told(now).isEmpty == !isOffice, "office \(now)")
      #expect(try oncall.told(now).isEmpty == isOffice)
    }
    // Whoever was told of a beginning is told of the end, whenever it comes, and nobody else is.
    try office.happen(Self.transition(slot: 1, onset: Self.noon))
    try oncall.happen(Self.transition(slot: 1, onset: Self.noon))
    #expect(try office.told(Self.noon).count == 1)
    #expect(try oncall.told(Self.noon).isEmpty)
    for desk in [office, oncall] { try desk.happen(Self.transition(.burst, .closed, slot: 1, at: Self.noon + 8 * Self.hour)) }
    #expect(try office.told(Self.noon + 8 * Self.hour).map(\.type) == ["leak.closed"])
    #expect(try oncall.told(Self.noon + 8 * Self.hour).isEmpty)
  }

  // MARK: - What

  @Test func severityKindAndZone() throws {
    let desk = try Desk("min_severity: major, kinds: [burst, gap], zones: [ina/nishi], group_wait_s: 0", sensors: 4)
    try desk.happen(
      Self.transition(slot: 0, severity: .minor), Self.transition(slot: 1, severity: .critical), Self.transition(slot: 2, severity: .major),
      Self.transition(.incipient, slot: 0, severity: .critical), Self.transition(.gap, slot: 0), Self.transition(.stuck, slot: 0))
    let told = try desk.told(Self.noon)
    #expect(told.map(\.type) == ["leak.opened", "sensor.fault"])
    // It has grown above the bar: told now for the first time, and then its end.
    try desk.happen(Self.transition(.burst, .escalated, slot: 0, at: Self.noon + Self.hour, severity: .major))
    #expect(try desk.told(Self.noon + Self.hour).map(\.type) == ["leak.updated"])
    try desk.happen(
      Self.transition(.burst, .closed, slot: 0, at: Self.noon + 2 * Self.hour),
      Self.transition(.burst, .closed, slot: 1, at: Self.noon + 2 * Self.hour))
    #expect(try desk.told(Self.noon + 2 * Self.hour).map(\.type) == ["leak.closed"])
  }

  // MARK: - Acknowledgement

  @Test func remindersUntilSomebodyAcknowledges() throws {
    let desk = try Desk("repeat_h: 24, group_wait_s: 0")
    let leak = Self.transition()
    try desk.happen(leak)
    let first = try desk.told(Self.noon)
    #expect(first.map(\.type) == ["leak.opened"])
    for h in 1...23 { try desk.happen(Self.transition(.burst, .updated, at: Self.noon + Int64(h) * Self.hour)) }
    #expect(try desk.told(from: Self.noon, to: Self.noon + 24 * Self.hour - 1, step: 10 * Self.minute).isEmpty)
    try desk.restart()
    let days = try desk.told(from: Self.noon + 24 * Self.hour, to: Self.noon + 73 * Self.hour, step: 10 * Self.minute)
    #expect(days.map(\.time) == [24, 48, 72].map { Self.noon + $0 * Self.hour })
    #expect(Set(days.map(\.notice.id)).count == 3)
    #expect(days[1].notice.text(.ja).contains("再通知 2"))
    try desk.acknowledge(leak, at: Self.noon + 80 * Self.hour)
    #expect(try desk.told(from: Self.noon + 80 * Self.hour, to: Self.noon + 200 * Self.hour, step: Self.hour).isEmpty)
    try desk.happen(Self.transition(.burst, .closed, at: Self.noon + 200 * Self.hour))
    #expect(try desk.told(Self.noon + 200 * Self.hour).map(\.type) == ["leak.closed"])
  }

  @Test func theChiefIsToldOfWhatNobodyHasAcknowledged() throws {
    let late = Self.noon + 60 * Self.minute
    let seen = try Desk("unacknowledged_min: 60, group_wait_s: 0")
    let leak = Self.transition()
    try seen.happen(leak, Self.transition(.gap))
    try seen.acknowledge(leak, at: Self.noon + 30 * Self.minute)
    #expect(try seen.told(from: Self.noon, to: Self.noon + 5 * Self.hour, step: Self.minute).isEmpty)

    let unseen = try Desk("unacknowledged_min: 60, group_wait_s: 0")
    try unseen.happen(leak)
    #expect(try unseen.told(from: Self.noon, to: late - 1, step: Self.minute).isEmpty)
    let told = try unseen.told(late)
    #expect(told.map(\.type) == ["leak.opened"])
    #expect(told[0].text(.ja).contains("60 分間 未確認"))
    try unseen.happen(Self.transition(.burst, .closed, at: late + Self.hour))
    #expect(try unseen.told(late + Self.hour).map(\.type) == ["leak.closed"])

    let short = try Desk("unacknowledged_min: 60, group_wait_s: 0")
    try short.happen(leak)
    #expect(try short.told(Self.noon).isEmpty)
    try short.happen(Self.transition(.burst, .closed, at: Self.noon + 20 * Self.minute))
    #expect(try short.told(from: Self.noon, to: Self.noon + 3 * Self.hour, step: Self.minute).isEmpty)
  }

  /// A leak that has grown after somebody acknowledged it goes up again unless that is acknowledged too.
  @Test func growthNeedsANewAcknowledgement() throws {
    let desk = try Desk("unacknowledged_min: 60, group_wait_s: 0")
    let leak = Self.transition()
    try desk.happen(leak)
    #expect(try desk.told(Self.noon).isEmpty)
    try desk.acknowledge(leak, at: Self.noon + Self.minute)
    try desk.happen(Self.transition(.burst, .escalated, at: Self.noon + 2 * Self.hour))
    let told = try desk.told(from: Self.noon + 2 * Self.hour, to: Self.noon + 4 * Self.hour, step: Self.minute)
    #expect(told.map(\.notice.type) == ["leak.updated"])
  }

  // MARK: - Flapping

  @Test func aMeterThatComesAndGoesIsToldInDigests() throws {
    let desk = try Desk("group_wait_s: 0")
    var told: [Notice] = []
    // Gone and back every ten minutes for a day: 144 faults, 144 recoveries.
    for n in 0..<144 {
      let now = Self.noon + Int64(n) * 10 * Self.minute
      try desk.happen(Self.transition(.gap, onset: now))
      told += try desk.told(now)
      try desk.happen(Self.transition(.gap, .closed, onset: now, at: now + 5 * Self.minute))
      told += try desk.told(now + 5 * Self.minute)
    }
    told += try desk.told(from: Self.noon + 24 * Self.hour, to: Self.noon + 31 * Self.hour, step: Self.minute).map(\.notice)
    let digests = told.compactMap { if case .group(let g) = $0, g.isDigest { g } else { nil } }
    #expect(told.count - digests.count == 6)
    #expect((3...6).contains(digests.count))
    #expect(digests.reduce(0) { $0 + $1.messages.count } == 288 - 6)
    #expect(Notice.group(try #require(digests.first)).text(.ja).contains("くり返し・通信断"))
    #expect(Notice.group(digests[0]).webhookBody.utf8.count < 20_000)
  }

  @Test func aLargeBurstIsNeverPartOfADigest() throws {
    let desk = try Desk("group_wait_s: 0")
    var told = 0
    for n in 0..<10 {
      let now = Self.noon + Int64(n) * Self.hour
      try desk.happen(Self.transition(onset: now, severity: .major))
      told += try desk.told(now).count
      try desk.happen(Self.transition(.burst, .closed, onset: now, at: now + Self.minute, severity: .major))
      told += try desk.told(now + Self.minute).count
    }
    #expect(told == 20)
  }

  // MARK: - Clock

  /// The wall clock was a year ahead when a delivery failed, and is right again: the next attempt comes within seconds, not in a year.
  @Test func aClockThatGoesBackHoldsNothingUp() throws {
    let year: Int64 = 365 * 86_400_000
    let desk = try Desk("group: false")
    try desk.happen(Self.transition())
    let d = try #require(try desk.queue.nextDue(endpoint: "a", now: Self.noon + year))
    try desk.queue.record(
      d.id, endpoint: "a", .retry(due: Self.noon + year + 5000, slow: true, status: 503, error: "HTTP 503"), now: Self.noon + year)
    try desk.queue.clockWentBack(endpoint: "a", by: year)
    #expect(try desk.told(Self.noon + 4999).isEmpty)
    #expect(try desk.told(Self.noon + 5000).count == 1)
    // The same over a restart, where nobody saw the clock go back.
    try desk.happen(Self.transition(.burst, .closed, at: Self.noon + Self.hour))
    let e = try #require(try desk.queue.nextDue(endpoint: "a", now: Self.noon + year))
    try desk.queue.record(
      e.id, endpoint: "a", .retry(due: Self.noon + year, slow: true, status: 503, error: "HTTP 503"), now: Self.noon + year)
    try desk.deliveries.bringForward(endpoint: "a", to: Self.noon + Self.hour)
    #expect(try desk.told(Self.noon + Self.hour).count == 1)
  }
}
