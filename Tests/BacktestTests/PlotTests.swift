import Detection
import Foundation
import Readings
import Series
import TestSupport
import Testing

@testable import Backtest

/// The plot of a backtest: what was missed, what was false, and a file that holds together.
@Suite struct PlotTests {
  static let start = BacktestTests.start
  static func day(_ d: Double) -> Timestamp { start.adding(milliseconds: Int64(d * 86_400_000)) }

  static func label(_ kind: String, _ from: Double, _ to: Double, peak: Double = 1, series: String = "S00") -> SetLabel {
    SetLabel(
      series: series, kind: kind, start: day(from).iso8601(offset: 32_400), end: day(to).iso8601(offset: 32_400), peak: peak, meanFlow: 10,
      volume: nil, profile: nil)
  }

  static func alert(_ d: Double, _ change: EventChange = .opened, _ kind: EventKind = .burst) -> Transition {
    Transition(
      slot: 0, kind: kind, change: change, severity: .major, evidence: [], time: day(d), onset: day(d), firstOnset: day(d), expected: 10,
      observed: 11, excess: 1, volume: 0, confidence: 1, isGrowing: false)
  }

  @Test(arguments: [
    // Alerts at days, labels, verdicts.
    ([30.0], [label("burst", 29, 31)], [Verdict.found]),
    ([28.0], [label("burst", 29, 31)], [.falseAlarm]),
    ([30.0, 30.5], [label("burst", 29, 31)], [.found, .again]),
    // Two leaks that overlap: the newest first, then the other.
    ([30.0, 30.5], [label("burst", 25, 31), label("incipient", 29, 40)], [.found, .found]),
    // Just after a leak the baseline settles; a day later it has settled.
    ([31.2, 32.0], [label("burst", 29, 31)], [.neutral, .falseAlarm]),
    // Too small to count; a freezing night.
    ([30.0], [label("burst", 29, 31, peak: 0.2)], [.neutral]), ([30.0], [label("freeze", 29, 31)], [.neutral]),
    ([30.0], [label("tourist", 29, 31)], [.falseAlarm]), ([3.0], [], [.coldStart]), ([30.0], [label("background", 0, 90)], [.falseAlarm]),
    // Sixty days are too late.
    ([82.0], [label("incipient", 21, 90)], [.again]),
  ])
  func alertsAreJudged(days: [Double], labels: [SetLabel], verdicts: [Verdict]) {
    let truths = labels.compactMap { Truth($0, offset: 32_400) }
    #expect(truths.count == labels.count)
    let m = Matching(days.map { Self.alert($0) }, truths: truths, start: Self.start)
    #expect(m.verdicts == verdicts)
    #expect(m.missed.count == truths.count { $0.role == .leak } - verdicts.count { $0 == .found })
  }

  @Test func onlyOpeningLeakAlertsAreJudgedAndCausesAreNamed() {
    let truths = [Self.label("tourist", 29, 33), Self.label("growth", 30, 33)].compactMap { Truth($0, offset: 32_400) }
    let alerts = [
      Self.alert(31), Self.alert(31.1, .updated), Self.alert(31.2, .closed), Self.alert(31.3, .opened, .gap), Self.alert(31.4, .escalated),
    ]
    let m = Matching(alerts, truths: truths, start: Self.start)
    #expect(m.verdicts == [.falseAlarm, .unjudged, .unjudged, .unjudged, .falseAlarm])
    #expect(m.causes == [0: ["growth", "tourist"], 4: ["growth", "tourist"]])
    #expect(Matching(alerts, truths: nil, start: Self.start).verdicts.allSatisfy { $0 == .unjudged })
  }

  /// A set of two series whose burst is found, with a leak that nobody could find and a burst without label.
  private static func plot(_ directory: String, labels: [SetLabel]?) throws -> (BacktestResult, PlotDocument) {
    try BacktestTests.makeSet(directory, series: 2)
    if let labels { try JSONEncoder().encode(labels).write(to: URL(fileURLWithPath: directory + "/labels.json")) }
    var run = BacktestRun()
    run.isTraced = true
    try run.add(set: directory)
    let result = try run.run()
    return (result, try PlotDocument(result))
  }

  @Test func missesAndFalseAlarmsOfASetAreCounted() throws {
    let directory = try BacktestTests.Directory()
    let labels = [Self.label("burst", 30, 34, peak: 6), Self.label("burst", 40, 41)]
    let (result, document) = try Self.plot(directory.path, labels: labels)
    let opened = result.transitions.count { $0.transition.kind.isLeak && $0.transition.change == .opened && $0.series == "S01" }
    #expect(document.found == 1 && document.missed == 1 && opened > 0 && document.falseAlarms == opened)
  }

  @Test func tracingChangesNothingAndHoldsReadingsAndBand() throws {
    let directory = try BacktestTests.Directory()
    let (traced, document) = try Self.plot(directory.path, labels: nil)
    #expect(document.found == 0 && document.missed == 0 && document.falseAlarms == 0)
    var run = BacktestRun()
    try run.add(set: directory.path)
    let plain = try run.run()
    #expect(plain.alertLines == traced.alertLines && plain.traces.isEmpty)
    let trace = try #require(traced.traces.last)
    #expect(trace.observed.count == 2400 && trace.observed.count { $0.isNaN } == 30, "the gap of S01")
    #expect(trace.expected.first?.isNaN == true, "no band before anything is learnt")
    let last = try #require(trace.expected.last)
    #expect(trace.low.last! < last && last < trace.high.last! && abs(trace.expected.count - 50 * 24) < 48)
  }

  @Test func theFileStandsAloneAndNamesAreHarmless() throws {
    var series = BacktestSeries(name: "</script><b>\"&", path: "")
    series.network = "<!--<script>"
    let trace = SeriesTrace(series, rows: BacktestTests.rows(seed: 1))
    var result = BacktestResult(offset: 32_400)
    result.append(GroupResult(traces: [trace]), of: BacktestGroup(name: "x", members: [series]))
    let html = try String(decoding: PlotDocument(result).html(), as: UTF8.self)
    #expect(!html.contains("</script><b>") && !html.contains("<!--<script>"))
    #expect(html.contains(#"\u003c/script>\u003cb>\"&"#))
    #expect(html.contains("default-src 'none'") && !html.contains("http://") && !html.contains("https://") && !html.contains(" src="))
    for mark in ["/*STYLE*/", "/*SCRIPT*/", "<!--DATA-->"] { #expect(!html.contains(mark)) }
    // 2400 readings: 2.7 bytes each, and the page itself.
    let page = try PlotDocument(BacktestResult(offset: 32_400)).html().count
    #expect(html.utf8.count - page < 2400 * 3 + 1000)
  }

  @Test func numbersArePackedInLittleEndianSteps() {
    #expect(Data(base64Encoded: PackedNumbers.text([1, .nan, -2, 1e9], scale: 0.5)) == Data([2, 0, 0, 0x80, 0xfc, 0xff, 0xff, 0x7f]))
    // One wild value does not coarsen the others.
    #expect(PackedNumbers.scale([10, 10, 10, 1e6]) == Float(200) / 32_000)
    #expect(PackedNumbers.scale([]) == 1 && PackedNumbers.scale([0, .nan]) == 1)
  }

  @Test func longSeriesAreAveraged() {
    let rows = (0..<130_000).map { SeriesRow(time: Self.start.adding(seconds: Int64($0) * 60), value: Double($0 % 3)) }
    let trace = SeriesTrace(BacktestSeries(name: "a", path: "", interval: 60_000), rows: rows)
    #expect(trace.step == 180_000 && trace.observed.count <= SeriesTrace.maximumPoints && trace.observed[5] == 1)
    #expect(SeriesTrace(BacktestSeries(name: "a", path: ""), rows: []).observed.isEmpty)
  }
}
