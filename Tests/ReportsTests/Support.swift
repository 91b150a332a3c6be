import Foundation
import Readings
import Reports
import TestSupport

/// A day by its date.
func day(_ year: Int, _ month: Int, _ day: Int) -> Int { CivilDate(year: year, month: month, day: day).daysSinceEpoch }

/// Japanese time.
func time(_ text: String) -> Timestamp { Timestamp(iso8601: text, defaultOffset: 32_400) ?? .distantPast }

func sensor(_ text: String) -> SensorID { SensorID(text) ?? .service }

/// A town of one zone: m01 comes from the reservoir, m02 lies behind it.
struct Town {
  var period = ReportPeriod.month(MonthNumber.of(year: 2026, month: 11))
  var meters = [
    ReportMeter(id: sensor("ina/nishi/m01/flow"), name: "配水池 流出", zoneName: "西町", firstDay: day(2025, 1, 1)),
    ReportMeter(
      id: sensor("ina/nishi/m02/flow"), name: "本町", zoneName: "西町", upstream: [sensor("ina/nishi/m01/flow")], firstDay: day(2025, 1, 1)),
  ]
  var leaks: [LeakRecord] = []
  var faults: [FaultRecord] = []
  var works: [WorkRecord] = []
  var billed: [BilledVolume] = []
  var hours: [Double?] = []
  var now = time("2027-06-01T00:00")
  var practice = FormerPractice()
  var municipalities = ["ina"]
  /// m³ and night minimum (m³/h) of a day; nil = no readings.
  var flow: (SensorID, Int) -> (volume: Double, night: Double?, hours: Int)? = { id, _ in
    id.sensor == "m01" ? (240, 5, 24) : (120, 2, 24)
  }

  var report: Report {
    let request = ReportRequest(
      period: period, utility: "伊那市 水道", municipalities: municipalities, calendar: .japan, yenPerM3: 170, practice: practice,
      night: 60..<240, now: now, created: time("2026-12-01T09:00"))
    var builder = ReportBuilder(request, meters: meters, leaks: leaks)
    for span in builder.spans {
      for day in span {
        for m in meters {
          guard let f = flow(m.id, day) else { continue }
          builder.add(MeterDay(day: day, hours: f.hours, volume: f.volume, low: 1, high: 20, night: f.night), of: m.id)
        }
      }
    }
    return builder.report(faults: faults, works: works, billed: billed, hours: hours)
  }
}

/// A leak that grows evenly with `size` m³/h from its onset.
func leak(
  _ id: String = "ina/nishi/m01/flow", key: String = "k", kind: EventKind = .burst, size: Double = 2, onset: String, opened: String,
  closed: String?, known: String? = nil, _ outcome: LeakOutcome = .repaired
) -> LeakRecord {
  let end = time(closed ?? known ?? opened)
  let hours = Double(end.since(time(onset))) / 3_600_000
  return LeakRecord(
    key: key, sensor: sensor(id), kind: kind, onset: time(onset), opened: time(opened), closed: closed.map(time), size: size,
    course: [.init(time: end, volume: size * hours)], outcome: outcome)
}

/// Runs a Python program over a file; what it printed.
func python(_ program: String, _ bytes: [UInt8]) throws -> String {
  let home = try TemporaryDirectory()
  let file = "\(home.path)/in"
  try Data(bytes).write(to: URL(fileURLWithPath: file))
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
  process.arguments = ["-c", program, file]
  let out = "\(home.path)/out"
  _ = FileManager.default.createFile(atPath: out, contents: nil)
  process.standardOutput = FileHandle(forWritingAtPath: out)
  process.environment = ["PYTHONIOENCODING": "utf-8", "PATH": "/usr/bin:/bin"]
  try process.runUnmasked()
  process.waitForEnd()
  return try String(contentsOfFile: out, encoding: .utf8)
}
