import Readings
import Reports
import Testing

@Suite struct LeakTests {
  /// 2 m³/h from 31 October 12:00 to 2 November 12:00: 24 m³ in October, 72 m³ … each month has its part, and the leak is found once.
  @Test func acrossTheEndOfAMonth() throws {
    var town = Town()
    town.leaks = [leak(onset: "2026-10-31T12:00", opened: "2026-10-31T18:00", closed: "2026-11-02T12:00")]
    let november = town.report
    town.period = .month(MonthNumber.of(year: 2026, month: 10))
    let october = town.report
    #expect(october.total.lost == 24 && november.total.lost == 72)
    #expect(october.total.leaksFound == 1 && november.total.leaksFound == 0)
    #expect(october.total.leaksEnded == 0 && november.total.leaksEnded == 1)
    #expect(october.total.leaksOpen == 1 && november.total.leaksOpen == 0)
    #expect(october.total.hoursToFind == 6 && november.total.hoursToFind == nil)
    // Saved: 2 m³/h × (30 d − 2 d), in the month of the end.
    #expect(october.total.saved == 0 && november.total.saved == 2 * 28 * 24)
    #expect(november.total.savedYen == 2 * 28 * 24 * 170 && november.total.savedByRepair == 1344)
    let line = try #require(november.leaks.first)
    #expect(line.lost == 72 && line.lostInAll == 96 && line.lostYen == 12_240 && !line.isFound && line.outcome == .repaired)
    #expect(line.onset == "2026-10-31T12:00:00+09:00")
    town.period = .year(2026)
    let year = town.report
    #expect(year.total.lost == 96 && year.total.leaksFound == 1 && year.total.saved == 1344)
    #expect(year.months.reduce(0) { $0 + $1.figures.lost } == 96 && year.months.reduce(0) { $0 + $1.figures.leaksFound } == 1)
  }

  @Test func openLeakClaimsNothing() throws {
    var town = Town()
    town.leaks = [leak(onset: "2026-11-20T00:00", opened: "2026-11-21T00:00", closed: nil, known: "2026-11-25T00:00", .inProgress)]
    town.now = time("2026-11-25T00:00")
    let r = town.report
    #expect(r.total.lost == 240 && r.total.saved == 0 && r.total.leaksOpen == 1)
    let line = try #require(r.leaks.first)
    #expect(line.saved == nil && line.closed == nil && line.outcome == .inProgress)
  }

  /// Slow leaks have a former practice of their own; one that lasted longer than it saves nothing.
  @Test(arguments: [(EventKind.burst, 10.0, 1.0 * 240 * 5), (.burst, 3, 0), (.incipient, 5, 0), (.incipient, 20, 1.0 * 24 * 15)])
  func formerPractice(_ kind: EventKind, _ days: Double, _ saved: Double) {
    var town = Town()
    town.practice = kind == .burst ? FormerPractice(burstDays: days) : FormerPractice(incipientDays: days)
    town.leaks = [
      leak(kind: kind, size: kind == .burst ? 10 : 1, onset: "2026-11-01T00:00", opened: "2026-11-02T00:00", closed: "2026-11-06T00:00")
    ]
    #expect(town.report.total.saved == saved)
  }

  @Test(arguments: LeakOutcome.allCases)
  func whatIsNoLeakLosesNothing(_ outcome: LeakOutcome) throws {
    var town = Town()
    town.leaks = [leak(onset: "2026-11-01T00:00", opened: "2026-11-02T00:00", closed: "2026-11-03T00:00", outcome)]
    let r = town.report
    let isLoss = ![.falseAlarm, .acceptedAsNormal, .plannedWork].contains(outcome)
    #expect(r.total.lost == (isLoss ? 96 : 0) && r.total.leaksFound == (isLoss ? 1 : 0) && (r.total.saved > 0) == isLoss)
    #expect(r.total.savedByRepair == (outcome == .repaired ? r.total.saved : 0))
    #expect(r.leaks.count == 1 && (r.leaks[0].saved != nil) == isLoss)
  }

  /// The same leak at the reservoir's outlet and at the meter behind it: the larger estimate, once.
  @Test func sameWaterAtTwoMeters() {
    var town = Town()
    let (upper, lower) = ("ina/nishi/m01/flow", "ina/nishi/m02/flow")
    let when = ("2026-11-01T00:00", "2026-11-01T06:00", "2026-11-03T00:00")
    town.leaks = [
      leak(upper, key: "u", size: 2, onset: when.0, opened: when.1, closed: when.2),
      leak(lower, key: "l", size: 2.5, onset: when.0, opened: when.1, closed: when.2),
    ]
    #expect(town.report.total.lost == 120 && town.report.total.leaksFound == 1 && town.report.total.saved == 2.5 * 28 * 24)
    #expect(town.report.leaks.first { $0.key == "u" }?.counted == 0)
    // The upper one is larger: what the lower one holds, and the rest.
    town.leaks[0] = leak(upper, key: "u", size: 10, onset: when.0, opened: when.1, closed: when.2)
    #expect(town.report.total.lost == 480 && town.report.total.leaksFound == 2)
    // Another time: another leak.
    town.leaks[0] = leak(upper, key: "u", size: 2, onset: "2026-11-10T00:00", opened: "2026-11-10T06:00", closed: "2026-11-11T00:00")
    #expect(town.report.total.lost == 120 + 48 && town.report.total.leaksFound == 2)
  }

  /// One leak behind a meter within a zone: that meter, the zone's sum and its inlet show it, and it counts once.
  @Test func sameWaterInAZoneWithASum() {
    var town = Town()
    let (inlet, net) = (sensor("ina/nishi/m01/flow"), sensor("ina/nishi/net/flow"))
    town.meters.append(ReportMeter(id: net, name: "差引", zoneName: "西町", upstream: [inlet], isNet: true, firstDay: 0))
    town.meters[1].upstream = [inlet, net]
    town.leaks = zip(["m01", "m02", "net"], [2.0, 2.2, 2.1]).map { m, size in
      leak(
        "ina/nishi/\(m)/flow", key: m, size: size, onset: "2026-11-01T00:00", opened: "2026-11-01T06:00", closed: "2026-11-02T00:00")
    }
    let r = town.report
    #expect(abs(r.total.lost - 2.2 * 24) < 1e-9 && r.total.leaksFound == 1)
    #expect(r.meters.map(\.isCounted) == [true, false, false])
  }

  /// The volume follows what was told while the leak grew, not a straight line.
  @Test func courseOfTheVolume() {
    var town = Town()
    var growing = leak(onset: "2026-10-30T00:00", opened: "2026-10-31T00:00", closed: "2026-11-04T00:00")
    growing.course = [
      .init(time: time("2026-11-01T00:00"), volume: 10), .init(time: time("2026-11-02T00:00"), volume: 8),
      .init(time: time("2026-11-04T00:00"), volume: 100),
    ]
    town.leaks = [growing]
    let r = town.report
    #expect(r.total.lost == 90, "10 m³ were lost in October; a revision downwards takes nothing back")
    #expect(r.days[0].lost == 0 && r.days[1].lost == 45 && r.days[2].lost == 45 && r.days[3].lost == 0)
  }

  @Test func faultsWithinThePeriod() {
    var town = Town()
    let m = sensor("ina/nishi/m01/flow")
    town.faults = [
      FaultRecord(sensor: m, kind: .gap, from: time("2026-10-31T12:00"), to: time("2026-11-01T06:00")),
      FaultRecord(sensor: m, kind: .gap, from: time("2026-11-10T00:00"), to: time("2026-11-10T03:00")),
      FaultRecord(sensor: m, kind: .stuck, from: time("2026-11-30T23:00"), to: nil),
      FaultRecord(sensor: m, kind: .gap, from: time("2026-10-01T00:00"), to: time("2026-10-02T00:00")),
    ]
    let r = town.report
    #expect(r.faults.map(\.kind) == ["gap", "stuck"])
    #expect(r.faults.map(\.hours) == [9, 1] && r.faults.map(\.times) == [2, 1] && r.faults.map(\.isOpen) == [false, true])
  }

  @Test func worksAndWhatTheyHid() throws {
    var town = Town()
    let window = time("2026-11-12T01:00")..<time("2026-11-12T05:00")
    town.works = town.meters.map { WorkRecord(sensor: $0.id, window: window, person: "佐藤", note: "洗管", hidden: 12, largest: 4) }
    let r = town.report
    let line = try #require(r.works.first)
    #expect(r.works.count == 1 && line.hidden == 12 && line.largest == 4 && line.names == ["配水池 流出", "本町"])
    #expect(line.from == "2026-11-12T01:00:00+09:00" && line.person == "佐藤")
  }
}
