import Detection
import Foundation
import Readings
import Store

/// A data directory as 1,000 flow meters leave it after a year, made once and kept in the temporary directory.
///
/// Meter 0 has sent a reading a minute, the others one an hour: their hours and days, of which the pages are made, are as many as with a
/// reading a minute, while the file stays below a gigabyte. Hours and days are folded from these readings as the service does it. Each
/// meter has had three leaks; every tenth has one that is open.
struct Town {
  static let meters = 1000
  static let days = 365
  static let calendar = LocalCalendar.japan
  /// 2025-04-01 local.
  static let firstDay = CivilDate(year: 2025, month: 4, day: 1).daysSinceEpoch
  static let begin = calendar.midnight(ofDay: firstDay)
  static let end = calendar.midnight(ofDay: firstDay + days)

  let directory: String

  init() throws {
    directory = NSTemporaryDirectory() + "mizumori-page-benchmarks"
    let mark = directory + "/complete-1"
    if FileManager.default.fileExists(atPath: mark) { return }
    try? FileManager.default.removeItem(atPath: directory)
    let watch = ContinuousClock().now
    let store = try Store(directory: directory)
    var batch = IngestBatch()
    batch.newSensors = (0..<Town.meters).compactMap { n in
      SensorID(municipality: "town", zone: "z\(n / 20)", sensor: "m\(n)", quantity: .flow).map { (SensorSlot(n), $0) }
    }
    for hour in 0..<(24 * Town.days) {
      for minute in 0..<60 { batch.entries.append(Town.reading(0, hour, minute)) }
      for meter in 1..<Town.meters { batch.entries.append(Town.reading(SensorSlot(meter), hour, 0)) }
      if hour % 24 == 23 {
        try store.commit(batch)
        batch.removeAll()
      }
    }
    batch.transitions = Town.leaks()
    try store.commit(batch)
    say("history stored", since: watch)
    let rollup = try RollupStore<Register>(
      directory: directory, settings: RollupSettings(offset: Town.calendar.offset, nightStart: 60, nightEnd: 240))
    while try rollup.step().isBehind {}
    try rollup.checkpoint()
    say("hours and days folded", since: watch)
    _ = FileManager.default.createFile(atPath: mark, contents: nil)
  }

  private func say(_ what: String, since begin: ContinuousClock.Instant) {
    FileHandle.standardError.write(Data("\(what) after \(ContinuousClock().now - begin)\n".utf8))
  }

  private static func reading(_ slot: SensorSlot, _ hour: Int, _ minute: Int) -> HistoryEntry {
    let time = begin.adding(seconds: Int64(hour) * 3600 + Int64(minute) * 60)
    let use = 10 + 6 * sin(Double(hour % 24 - 6) / 24 * 2 * .pi)
    return .reading(Reading(slot: slot, time: time, arrival: time, value: use + Double((hour * 7 + minute * 3 + Int(slot)) % 10) / 10))
  }

  /// Opened, updated ten times and closed; the last of every tenth meter goes on.
  private static func leaks() -> [Transition] {
    var out: [Transition] = []
    for meter in 0..<meters {
      for n in 0..<3 {
        let onset = begin.adding(seconds: Int64((n + 1) * 100 * 86_400 + meter * 60))
        for step in 0..<12 {
          if step == 11, n == 2, meter % 10 == 0 { continue }
          out.append(
            Transition(
              slot: SensorSlot(meter), kind: .burst, change: step == 0 ? .opened : step == 11 ? .closed : .updated, severity: .major,
              evidence: [.cusum], time: onset.adding(seconds: Int64(step + 1) * 3600), onset: onset, firstOnset: onset, expected: 10,
              observed: 13, excess: 3, volume: 3 * Double(step), confidence: 0.9, isGrowing: false))
        }
      }
    }
    return out
  }
}

/// There is no totalizer in this town.
struct Register: RegisterFlow {
  mutating func take(_ value: Double, at time: Timestamp) -> (time: Timestamp, value: Double)? { nil }
}
