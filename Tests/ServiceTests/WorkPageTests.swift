import Detection
import Readings
import Settings
import Store
import TestSupport
import Testing
import Web

@testable import Service

/// Planned work as the page enters and shows it, over the real engine and store.
struct WorkPageTests {
  private let home: TemporaryDirectory
  private let bench: DeskBench
  private static let sensors = ["t/z/a/flow", "t/z/b/flow", "u/y/c/flow"]
  private static let days = 16

  init() throws {
    home = try TemporaryDirectory()
    bench = try DeskBench(
      home,
      """
      works: [{name: 点検, zones: [u/y], from: "02:00", to: "03:00", weekdays: [水]}]
      sensors:
        t/z/b/flow: {parent: t/z/a/flow, name: 下流}
      """)
    try bench.feed(Self.sensors, hours: 0..<(Self.days * 24))
  }

  private func calendar(_ hours: Range<Int>, _ towns: Set<String> = []) throws -> WorkCalendar {
    let (from, to) = (hours.lowerBound, hours.upperBound)
    return try bench.page.works(
      from: DeskBench.start.adding(seconds: Int64(from) * 3600).milliseconds,
      to: DeskBench.start.adding(seconds: Int64(to) * 3600).milliseconds, municipalities: towns)
  }

  private static func refusal(_ body: () async throws -> Void) async -> PageRefusal? {
    do {
      try await body()
      return nil
    } catch {
      return error as? PageRefusal
    }
  }

  /// Planned for a zone, under way, ended: with the water that it hid, which is not counted at both meters.
  @Test func aWindowOfAZoneAndWhatItHid() async throws {
    let h = Self.days * 24
    let command = WorkCommand(zones: ["t/z"], from: DeskBench.time(h + 2), to: DeskBench.time(h + 5), note: "洗管", by: "山田")
    let result = try await bench.page.plan(command, municipalities: ["t"])
    #expect(result.sensors == ["t/z/a/flow", "t/z/b/flow"] && result.refused.isEmpty)
    var window = try #require(try calendar(h..<(h + 24), ["t"]).windows.first)
    #expect(window.state == "planned" && window.by == "山田" && window.note == "洗管" && window.names == ["a", "下流"])
    #expect(window.from == DeskBench.time(h + 2) && window.sensors == result.sensors && window.hiddenM3 == nil && !window.isForecast)
    #expect(try calendar(h..<(h + 24), ["u"]).windows.allSatisfy { $0.recurring == "点検" })
    #expect(bench.page.engine.explain(0).work?.lowerBound == DeskBench.start.adding(seconds: Int64(h + 2) * 3600))
    let extra: (String, Int) -> Double = { s, hour in s.hasPrefix("t/z") && (h + 2..<h + 5).contains(hour) ? 60 : 0 }
    try bench.feed(Self.sensors, hours: h..<(h + 4), extra: extra)
    window = try #require(try calendar(h..<(h + 24), ["t"]).windows.first)
    #expect(window.state == "active" && window.events.count == 2 && window.hiddenM3 == nil)
    try bench.feed(Self.sensors, hours: (h + 4)..<(h + 7), extra: extra)
    window = try #require(try calendar(h..<(h + 24), ["t"]).windows.first)
    // 60 m³/h for three hours: the meter downstream shows the same water.
    #expect(window.state == "ended" && (150...200).contains(window.hiddenM3 ?? 0), "\(window)")
    #expect((50...70).contains(window.largestM3h ?? 0))
    let event = try #require(try bench.page.reader.event(key: window.events[0]))
    #expect(event.last.kind == .plannedWork && event.last.change == .closed)
    // Outside of the span it is not listed; at its edges it is.
    #expect(try calendar((h + 5)..<(h + 9), ["t"]).windows.isEmpty && calendar(h..<(h + 2), ["t"]).windows.isEmpty)
    #expect(try calendar((h + 4)..<(h + 5), ["t"]).windows.count == 1)
  }

  @Test func aCancelledWindowIsJudgedAgain() async throws {
    let h = Self.days * 24
    let command = WorkCommand(sensors: ["t/z/a/flow"], from: DeskBench.time(h + 2), to: DeskBench.time(h + 5))
    _ = try await bench.page.plan(command, municipalities: [])
    // Only its beginning: the rest stays.
    var part = command
    part.to = DeskBench.time(h + 3)
    _ = try await bench.page.cancel(part, municipalities: [])
    #expect(bench.page.engine.explain(0).work?.lowerBound == DeskBench.start.adding(seconds: Int64(h + 3) * 3600))
    #expect(try calendar(h..<(h + 24), ["t"]).windows.map(\.from) == [part.to])
    let gone = try await bench.page.cancel(command, municipalities: [])
    #expect(gone.sensors == ["t/z/a/flow"] && bench.page.engine.explain(0).work == nil)
    #expect(try calendar(h..<(h + 24), ["t"]).windows.map(\.state) == ["cancelled"])
    #expect(await Self.refusal { _ = try await bench.page.cancel(command, municipalities: []) }?.code == "nothing_to_do")
    // Planned anew, it is planned.
    _ = try await bench.page.plan(command, municipalities: [])
    #expect(try calendar(h..<(h + 24), ["t"]).windows.map(\.state) == ["planned"])
  }

  /// What stands in the calendar ahead can be cancelled before it is planned, and is not planned then.
  @Test func recurringWorksAreForeseenAndCanBeLeftOut() async throws {
    let h = Self.days * 24
    // Wednesdays at 2: of this week, which is planned already since it begins within a day, and of the next one.
    let ahead = try calendar(h..<(h + 10 * 24), ["u"])
    #expect(ahead.windows.map(\.from) == [DeskBench.time(h + 2), DeskBench.time(h + 7 * 24 + 2)])
    #expect(ahead.windows.map(\.isForecast) == [false, true] && ahead.windows.allSatisfy { $0.recurring == "点検" && $0.state == "planned" })
    #expect(ahead.recurring.map(\.name) == ["点検"] && ahead.recurring[0].source == "file" && ahead.recurring[0].weekdays == ["wed"])
    #expect(ahead.recurring[0].from == "02:00" && ahead.recurring[0].to == "03:00" && ahead.recurring[0].id == nil)
    #expect(try calendar(h..<(h + 24), ["t"]).recurring.isEmpty)
    let next = ahead.windows[1]
    _ = try await bench.page.cancel(WorkCommand(sensors: next.sensors, from: next.from, to: next.to, by: "山田"), municipalities: ["u"])
    #expect(try calendar(h..<(h + 10 * 24), ["u"]).windows.map(\.state) == ["planned", "cancelled"])
    try bench.feed(Self.sensors, hours: h..<(h + 7 * 24 + 1))
    #expect(try calendar((h + 24)..<(h + 8 * 24), ["u"]).windows.map(\.state) == ["cancelled"])
    #expect(bench.page.engine.explain(2).work.map { $0.lowerBound > bench.page.now } ?? true)
  }

  @Test func aRecurringWorkOfThePageComesAndEnds() async throws {
    let h = Self.days * 24
    var command = RecurringWorkCommand(name: "洗管", zones: ["t/z"], from: "23:00", to: "01:00")
    command.days = [15]
    command.by = "佐藤"
    let id = try bench.page.addRecurring(command, municipalities: ["t"])
    let calendar = try calendar(h..<(h + 30 * 24), ["t"])
    let shown = try #require(calendar.recurring.first)
    #expect(shown.id == id && shown.source == "page" && shown.by == "佐藤" && shown.from == "23:00" && shown.to == "01:00")
    #expect(shown.days == [15] && shown.zones == ["t/z"])
    // The 15th of October is the 17th day.
    #expect(calendar.windows.map(\.from) == [DeskBench.time(17 * 24 + 23)] && calendar.windows[0].isForecast)
    #expect(await Self.refusal { try bench.page.endRecurring(id, municipalities: ["u"]) }?.code == "work_unknown")
    try bench.page.endRecurring(id, municipalities: ["t"])
    #expect(await Self.refusal { try bench.page.endRecurring(id, municipalities: ["t"]) }?.status == 404)
    #expect(try self.calendar(h..<(h + 30 * 24), ["t"]).recurring.isEmpty)
  }

  @Test func whatCannotBePlannedIsNamed() async throws {
    let h = Self.days * 24
    let (from, to) = (DeskBench.time(h + 2), DeskBench.time(h + 5))
    let long = String(repeating: "あ", count: 1001)
    let table: [(command: WorkCommand, code: String)] = [
      (WorkCommand(from: from, to: to), "sensors"), (WorkCommand(zones: ["t/x"], from: from, to: to), "zone_unknown"),
      (WorkCommand(zones: ["u/y"], from: from, to: to), "zone_unknown"), (WorkCommand(zones: ["t"], from: from, to: to), "zone_unknown"),
      (WorkCommand(sensors: ["t/z/x/flow"], from: from, to: to), "meter_unknown"),
      (WorkCommand(sensors: ["u/y/c/flow"], from: from, to: to), "meter_unknown"),
      (WorkCommand(sensors: ["t/z/a/flow"], from: to, to: from), "window"),
      (WorkCommand(sensors: ["t/z/a/flow"], from: "now", to: to), "window"),
      (WorkCommand(sensors: ["t/z/a/flow"], from: from, to: DeskBench.time(h + 40 * 24)), "window"),
      (WorkCommand(sensors: ["t/z/a/flow"], from: from, to: to, note: long), "text"),
      (WorkCommand(sensors: ["t/z/a/flow"], from: from, to: to, by: "a\u{7}b"), "text"),
      (WorkCommand(zones: (0..<201).map { "t/z\($0)" }, from: from, to: to), "too_many"),
    ]
    for row in table {
      #expect(await Self.refusal { _ = try await bench.page.plan(row.command, municipalities: ["t"]) }?.code == row.code, "\(row.command)")
      #expect(await Self.refusal { _ = try await bench.page.cancel(row.command, municipalities: ["t"]) }?.code == row.code)
    }
    // Four windows a meter: the fifth is refused there, and planned where there is room.
    for n in 0..<4 {
      _ = try await bench.page.plan(
        WorkCommand(sensors: ["t/z/a/flow"], from: DeskBench.time(h + 24 * n + 30), to: DeskBench.time(h + 24 * n + 32)), municipalities: []
      )
    }
    let some = try await bench.page.plan(
      WorkCommand(zones: ["t/z"], from: DeskBench.time(h + 300), to: DeskBench.time(h + 302)), municipalities: [])
    #expect(some.sensors == ["t/z/b/flow"] && some.refused.map(\.sensor) == ["t/z/a/flow"] && some.refused[0].code == "nothing_to_do")
    #expect(throws: PageRefusal.self) { try calendar(0..<(401 * 24)) }
  }

  typealias Change = @Sendable (inout RecurringWorkCommand) -> Void
  static let wrong: [(String, Change)] = [
    ("name", { $0.name = "" }), ("name", { $0.name = String(repeating: "a", count: 101) }), ("name", { $0.name = "a\nb" }),
    ("by", { $0.by = "a\tb" }), ("from", { $0.from = "24:00" }), ("from", { $0.from = "1:00" }), ("from", { $0.from = "01:6０" }),
    ("to", { $0.to = "01:00" }), ("to", { $0.to = "" }), ("weekdays", { $0.weekdays = ["tue", "Tuesday"] }),
    ("weeks", { $0.weeks = [0] }),
    ("weeks", { $0.weeks = [6] }), ("days", { $0.days = [32] }), ("days", { $0.days = [Int.min] }),
    ("first", { $0.first = "2026-02-30" }),
    ("last", { $0.last = "tomorrow" }),
    (
      "last",
      {
        $0.first = "2026-02-02"
        $0.last = "2026-02-01"
      }
    ), ("zone_unknown", { $0.zones = ["u/y"] }), ("sensors", { $0.zones = [] }),
  ]

  @Test(arguments: 0..<wrong.count)
  func whatCannotRecurIsNamed(n: Int) async throws {
    let (code, change) = Self.wrong[n]
    var command = RecurringWorkCommand(name: "洗管", zones: ["t/z"], from: "01:00", to: "04:00")
    change(&command)
    let wrong = command
    #expect(await Self.refusal { _ = try bench.page.addRecurring(wrong, municipalities: ["t"]) }?.code == code)
    #expect(try bench.page.reader.recurringWorks().isEmpty)
  }
}

/// What was said of single meters, put together again.
struct WorkLedgerTests {
  private func action(_ id: Int64, _ kind: ActionKind, _ slot: SensorSlot, _ hours: Range<Int64>, by person: String = "a") -> ActionRecord {
    var r = ActionRecord(
      action: OperatorAction(
        slot: slot, kind: kind, time: Timestamp(seconds: 0), from: Timestamp(seconds: hours.lowerBound * 3600),
        to: Timestamp(seconds: hours.upperBound * 3600)), eventKey: nil, person: person, note: "", said: Timestamp(seconds: 0))
    r.id = id
    return r
  }

  @Test func windowsOfOnePlanAreOne() {
    let groups = WorkLedger.groups(
      planned: [
        action(1, .plannedWork, 0, 1..<2), action(2, .plannedWork, 5, 1..<2), action(3, .plannedWork, 1, 1..<2, by: "b"),
        action(4, .plannedWork, 0, 0..<3), action(5, .plannedWork, 9, 1..<2),
      ], cancelled: []
    ) { $0 != 9 }
    #expect(groups.map(\.slots) == [[0], [0, 5], [1]] && groups.map(\.person) == ["a", "a", "b"])
    #expect(groups.allSatisfy { !$0.isCancelled })
  }

  @Test func whatIsCancelledLaterIsCancelled() {
    let planned = [
      action(1, .plannedWork, 0, 1..<2), action(2, .plannedWork, 1, 1..<2), action(3, .plannedWork, 2, 1..<2),
      action(9, .plannedWork, 2, 1..<2),
    ]
    // Said at hour 0 of 1970, unless something else stands there.
    let cancelled = [
      action(5, .workCancelled, 0, 0..<2), action(6, .workCancelled, 1, 1..<1), action(7, .workCancelled, 2, 1..<2),
      action(0, .workCancelled, 1, 1..<2),
    ]
    let groups = WorkLedger.groups(planned: planned, cancelled: cancelled) { _ in true }
    #expect(groups.map(\.slots) == [[1, 2], [0]] && groups.map(\.isCancelled) == [false, true])
  }

  /// A work that is ended while it is under way has taken place until then.
  @Test func whatHasPassedStays() {
    var end = action(5, .workCancelled, 0, 1..<4)
    end.action.time = Timestamp(seconds: 2 * 3600)
    let middle = action(6, .workCancelled, 1, 2..<3)
    let groups = WorkLedger.groups(
      planned: [action(1, .plannedWork, 0, 1..<4), action(2, .plannedWork, 1, 1..<4)], cancelled: [end, middle]
    ) {
      _ in true
    }
    let hour = { (h: Int64) in Timestamp(seconds: h * 3600) }
    #expect(groups.map(\.slots) == [[1], [0], [1]] && groups.allSatisfy { !$0.isCancelled })
    #expect(groups.map(\.window) == [hour(1)..<hour(2), hour(1)..<hour(2).adding(milliseconds: 1), hour(3)..<hour(4)])
  }
}
