import Readings

extension MizumoriSettings {
  /// Works that recur (洗管, 配水池の清掃 …): in their windows the meters are neither judged nor learnt from.
  public struct RecurringWork: Hashable, Sendable {
    /// Stands as the name of who planned it.
    public var name: String
    /// `municipality/zone`
    public var zones: [String]
    public var sensors: [SensorID]
    public var recurrence: Recurrence

    public init(name: String, zones: [String], sensors: [SensorID], recurrence: Recurrence) {
      self.name = name
      self.zones = zones
      self.sensors = sensors
      self.recurrence = recurrence
    }

    /// Whether it is about this sensor. Flow meters and totalizers only: nothing else is judged for leaks.
    public func covers(_ id: SensorID) -> Bool {
      (id.quantity == .flow || id.quantity == .total) && (sensors.contains(id) || zones.contains("\(id.municipality)/\(id.zone)"))
    }
  }

  static func works(reading top: inout SettingsSection) -> [RecurringWork] {
    (top.list("works") ?? []).compactMap { RecurringWork(reading: $0) }
  }
}

extension MizumoriSettings.RecurringWork {
  fileprivate init?(reading section: consuming SettingsSection) {
    var s = section
    defer { s.finish() }
    let name = s.string("name")
    zones = s.zones(levels: 2...2, japanese: "「市町村/区域」の形で書いてください", english: "municipality/zone")
    sensors = s.flowMeters("sensors")
    let (from, to) = (s.timeOfDay("from"), s.timeOfDay("to"))
    for key in ["name", "from", "to"] { s.require(key) }
    if zones.isEmpty, sensors.isEmpty, s.value("zones") == nil, s.value("sensors") == nil {
      s.log.add(s.place, s.fullKey("zones"), "zones か sensors を書いてください", "expected zones or sensors")
    }
    if from != nil, from == to { s.log.add(s.place, s.fullKey("to"), "from と違う時刻にしてください", "must differ from `from`") }
    if let name, name.count > 100 { s.log.add(s.place, s.fullKey("name"), "100 字までにしてください", "at most 100 characters") }
    var r = Recurrence(start: from ?? 0, length: 60)
    r.length = ((to ?? 0) - r.start + 1440) % 1440
    r.weekdays = s.numbers("weekdays") { Self.weekday($0) }
    r.weeks = s.numbers("weeks") { Self.number($0, 1...5) }
    r.days = s.numbers("days") { Self.number($0, 1...31) }
    r.first = s.date("first")
    r.last = s.date("last")
    if let first = r.first, let last = r.last, last < first {
      s.log.add(s.place, s.fullKey("last"), "first より後の日にしてください", "must not be before first")
    }
    guard let name, from != nil, to != nil else { return nil }
    self.name = name
    recurrence = r
  }

  private static func weekday(_ text: String) -> Int? {
    ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].firstIndex(of: text) ?? ["月", "火", "水", "木", "金", "土", "日"].firstIndex(of: text)
  }

  private static func number(_ text: String, _ range: ClosedRange<Int>) -> Int? { Int(text).flatMap { range.contains($0) ? $0 : nil } }
}

extension SettingsSection {
  /// A list of words, each of which `read` knows as a number.
  fileprivate mutating func numbers(_ key: String, _ read: (String) -> Int?) -> Set<Int> {
    var out: Set<Int> = []
    for (text, place) in strings(key) ?? [] {
      if let n = read(text) {
        out.insert(n)
      } else {
        log.add(
          place, fullKey(key), "「\(text)」は使えません。曜日は mon…sun か 月…日、weeks は 1〜5、days は 1〜31 です",
          "\"\(text)\" is not possible: weekdays are mon … sun or 月 … 日, weeks 1 to 5, days 1 to 31")
      }
    }
    return out
  }

  fileprivate mutating func date(_ key: String) -> Int32? {
    guard let value = value(key) else { return nil }
    let date = value.scalar.flatMap { MizumoriSettings.date(Substring($0)) }
    if date == nil { value.wrong(log, "2026-04-01 のように日付を書いてください", "expected a date like 2026-04-01") }
    return date
  }
}
