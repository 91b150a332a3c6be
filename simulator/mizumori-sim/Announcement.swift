import Foundation
import Readings
import TownModel

/// Something that somebody in the town says, as a line of JSON for whoever plays the people: `mizumori demo` hands it to the service.
struct Announcement {
  /// Event time.
  let time: Timestamp
  let line: String

  /// What people say of meters, the water that the town billed for each whole month (some days after its end), and the days of works.
  static func all(of town: Town) -> [Announcement] {
    let s = town.scenario
    let sayings = s.sayings.compactMap { say -> Announcement? in
      guard let meter = s.meters.firstIndex(where: { $0.id == say.meter }) else { return nil }
      func text(_ day: Double) -> String { town.time(day: day).iso8601(offset: town.calendar.offset) }
      let line = Saying(
        at: text(say.day), action: say.action.rawValue, sensor: s.sensor(meter), name: s.meters[meter].name, by: say.by, note: say.note,
        from: say.begins.map(text), to: say.begins.map { text($0 + say.hours / 24) })
      return Announcement(time: town.time(day: say.day), line: json(line))
    }
    return sayings + bills(town) + works(town)
  }

  /// Half a day before each work nobody says anything, but history stands still all the same: works are planned by the clock, and would
  /// be over before it struck.
  private static func works(_ town: Town) -> [Announcement] {
    let s = town.scenario
    return s.works.flatMap { w -> [Announcement] in
      guard let meter = s.meters.firstIndex(where: { $0.zone == w.zone }) else { return [] }
      return stride(from: w.day, to: Double(s.days), by: 7).map {
        let time = town.time(day: max(0, $0 - 0.5))
        return Announcement(time: time, line: json(Stop(at: time.iso8601(offset: town.calendar.offset), sensor: s.sensor(meter))))
      }
    }
  }

  /// Meters are read and bills are sent a week after the end of the month.
  private static func bills(_ town: Town) -> [Announcement] {
    let s = town.scenario
    guard s.billed > 0 else { return [] }
    var volumes: [Int: (volume: Double, days: Int, last: Int)] = [:]
    for (n, used) in town.dailyUse.enumerated() {
      let date = CivilDate(daysSinceEpoch: s.start.daysSinceEpoch + n)
      let month = date.year * 12 + date.month - 1
      let known = volumes[month, default: (0, 0, n)]
      volumes[month] = (known.volume + used, known.days + 1, n)
    }
    return volumes.filter { $0.value.days == days(ofMonth: $0.key) }.map { month, v in
      let number = month % 12 + 1
      let name = "\(month / 12)-" + (number < 10 ? "0" : "") + String(number)
      return Announcement(
        time: town.time(day: min(Double(v.last + 8), Double(s.days) - 0.5)),
        line: json(Bill(billed: name, municipality: s.municipality, m3: (v.volume * s.billed).rounded())))
    }
  }

  private static func days(ofMonth month: Int) -> Int {
    func first(_ m: Int) -> Int { CivilDate(year: m / 12, month: m % 12 + 1, day: 1).daysSinceEpoch }
    return first(month + 1) - first(month)
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  private struct Saying: Encodable {
    var at: String
    var action: String
    var sensor: String
    var name: String
    var by: String
    var note: String
    var from: String?
    var to: String?
  }

  private struct Stop: Encodable {
    var at: String
    var sensor: String
  }

  private struct Bill: Encodable {
    /// yyyy-mm
    var billed: String
    var municipality: String
    var m3: Double
  }
}
