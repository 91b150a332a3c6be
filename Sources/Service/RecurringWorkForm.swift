import Readings
import Settings
import Store
import Web

/// What somebody enters as a recurring work, checked and read.
enum RecurringWorkForm {
  static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// Zones, and sensors, of one work.
  static let maximumPlaces = 100

  /// Without its places: `zones` and `sensors` have been checked against what is there.
  static func read(_ c: RecurringWorkCommand, zones: [String], sensors: [SensorID]) throws(PageRefusal) -> StoredWork {
    guard (1...100).contains(c.name.count), isLine(c.name) else {
      throw refusal("name", "名前は 1 行で 1〜100 字です / a name has one line and 1 to 100 characters")
    }
    guard (c.by ?? "").count <= 100, isLine(c.by ?? "") else {
      throw refusal("by", "名前は 1 行 100 字までです / at most 100 characters on one line")
    }
    guard let from = minutes(c.from) else { throw refusal("from", "from: HH:MM") }
    guard let to = minutes(c.to), to != from else { throw refusal("to", "to: HH:MM、from と違う時刻に / other than from") }
    var r = Recurrence(start: from, length: (to - from + 1440) % 1440)
    r.weekdays = try set(c.weekdays, "weekdays", weekdays.joined(separator: ", ")) { weekdays.firstIndex(of: $0) }
    r.weeks = try set(c.weeks, "weeks", "1…5") { (1...5).contains($0) ? $0 : nil }
    r.days = try set(c.days, "days", "1…31") { (1...31).contains($0) ? $0 : nil }
    r.first = try date(c.first, "first")
    r.last = try date(c.last, "last")
    if let first = r.first, let last = r.last, last < first {
      throw refusal("last", "last は first より後の日にしてください / last must not be before first")
    }
    return StoredWork(name: c.name, zones: zones, sensors: sensors, recurrence: r, person: c.by ?? "")
  }

  /// `HH:MM` from minutes after midnight.
  static func clock(_ minutes: Int) -> String { two(minutes / 60) + ":" + two(minutes % 60) }

  /// `YYYY-MM-DD` from days since 1970-01-01.
  static func date(_ day: Int32) -> String {
    let d = CivilDate(daysSinceEpoch: Int(day))
    return String(String(10_000 + d.year).dropFirst()) + "-" + two(d.month) + "-" + two(d.day)
  }

  static func isLine(_ text: String) -> Bool { !text.unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) } }

  // MARK: - Parts

  private static func two(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }

  private static func refusal(_ code: String, _ detail: String) -> PageRefusal { PageRefusal(status: 422, code: code, detail: detail) }

  /// `HH:MM` as minutes after midnight.
  static func minutes(_ text: String) -> Int? {
    let c = Array(text.utf8)
    guard c.count == 5, c[2] == 58, [0, 1, 3, 4].allSatisfy({ (48...57).contains(c[$0]) }) else { return nil }
    let (hour, minute) = (Int(c[0] - 48) * 10 + Int(c[1] - 48), Int(c[3] - 48) * 10 + Int(c[4] - 48))
    return hour < 24 && minute < 60 ? hour * 60 + minute : nil
  }

  private static func set<T>(_ words: [T]?, _ name: String, _ known: String, _ read: (T) -> Int?) throws(PageRefusal) -> Set<Int> {
    var out: Set<Int> = []
    for word in words ?? [] {
      guard let n = read(word) else { throw refusal(name, "\(name): \(known)") }
      out.insert(n)
    }
    return out
  }

  private static func date(_ text: String?, _ name: String) throws(PageRefusal) -> Int32? {
    guard let text else { return nil }
    // At a time that every day has.
    guard text.utf8.count == 10, let noon = Timestamp(iso8601: text + "T12:00:00Z") else {
      throw refusal(name, "\(name): YYYY-MM-DD")
    }
    return Int32(clamping: LocalCalendar(offset: 0).day(of: noon))
  }
}

extension MizumoriSettings.RecurringWork {
  init(_ w: StoredWork) { self.init(name: w.name, zones: w.zones, sensors: w.sensors, recurrence: w.recurrence) }
}
