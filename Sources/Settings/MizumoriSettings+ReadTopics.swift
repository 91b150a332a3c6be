import Codecs
import Readings

extension MizumoriSettings {
  static func topics(reading top: inout SettingsSection, municipality: String?) -> [Topic] {
    var topics: [Topic] = []
    let sections = top.list("topics") ?? []
    for s in sections {
      if let topic = topic(reading: s, municipality: municipality) { topics.append(topic) }
    }
    if topics.isEmpty, let standard = try? TopicPattern(TopicPattern.standardText) { topics = [Topic(pattern: standard)] }
    return topics
  }

  private static func topic(reading section: consuming SettingsSection, municipality: String?) -> Topic? {
    var s = section
    defer { s.finish() }
    let pattern = s.value("pattern")
    let text = s.string("pattern")
    let own = s.segment("municipality")
    let zone = s.segment("zone")
    let sensor = s.segment("sensor")
    let quantity = s.choice("quantity", QuantityName.self)?.quantity
    let codec = s.choice("codec", Topic.Codec.self) ?? .canonical
    guard let pattern else {
      s.log.add(
        s.place, s.fullKey("pattern"), "pattern を書いてください。例: \(TopicPattern.standardText)",
        "pattern is missing; write for example \(TopicPattern.standardText)")
      return nil
    }
    guard let text else { return nil }
    let isNamed = text.contains("{municipality}")
    do {
      // A device of several quantities is named by any of them.
      let named = codec == .canonical || text.contains("{quantity}") ? quantity : quantity ?? .flow
      let parsed = try TopicPattern(
        text, municipality: own ?? (isNamed ? nil : municipality), zone: zone, sensor: sensor, quantity: named)
      var topic = Topic(pattern: parsed, codec: codec)
      topic.quantity = quantity
      topic.read(&s)
      return topic
    } catch {
      s.log.add(pattern.place, pattern.key, error.japanese, error.english)
      return nil
    }
  }

  static func sensors(reading top: inout SettingsSection) -> [SensorID: Sensor] {
    var sensors: [SensorID: Sensor] = [:]
    for (name, section) in top.entries("sensors") {
      guard let id = SensorID(name) else {
        section.log.add(
          section.place, section.path, "「市町村/区域/センサー/量」の形で書いてください。例: ina/nishi/m01/flow",
          "expected municipality/zone/sensor/quantity, for example ina/nishi/m01/flow; quantities are flow, total, pressure, level, temperature"
        )
        continue
      }
      sensors[id] = Sensor(reading: section, of: id)
    }
    return sensors
  }

  static func zones(reading top: inout SettingsSection) -> [String: Zone] {
    var zones: [String: Zone] = [:]
    for (name, section) in top.entries("zones") {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, parts.allSatisfy(SensorID.isSegment) else {
        section.log.add(
          section.place, section.path, "「市町村/区域」の形で書いてください。例: ina/nishi", "expected municipality/zone, for example ina/nishi")
        continue
      }
      zones[name] = Zone(reading: section, named: name)
    }
    return zones
  }

  /// Dates and ranges of dates (`2026-08-13..2026-08-16`).
  static func specialDays(reading top: inout SettingsSection) -> [Int32] {
    var days: Set<Int32> = []
    for (text, place) in top.strings("special_days") ?? [] {
      guard let range = dayRange(text) else {
        top.log.add(
          place, "special_days", "日付 2026-08-13 か、366 日までの期間 2026-08-13..2026-08-16 を書いてください（いまの値: 「\(text)」）",
          "expected a date like 2026-08-13 or a span of at most 366 days like 2026-08-13..2026-08-16, found \"\(text)\"")
        continue
      }
      days.formUnion(range)
    }
    return days.sorted()
  }

  private static func dayRange(_ text: String) -> ClosedRange<Int32>? {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { date($0) }
    guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil, last >= first, last - first < 366 else { return nil }
    return first...last
  }

  static func date(_ text: Substring) -> Int32? {
    let p = text.split(separator: "-", omittingEmptySubsequences: false)
    guard p.count == 3, p[0].count == 4, p[1].count == 2, p[2].count == 2, p.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }),
      let y = Int(p[0]), let m = Int(p[1]), let d = Int(p[2])
    else { return nil }
    let date = CivilDate(year: y, month: m, day: d)
    return date.isValid ? Int32(date.daysSinceEpoch) : nil
  }
}

extension MizumoriSettings.Sensor {
  init(reading section: consuming SettingsSection, of id: SensorID) {
    var s = section
    name = s.string("name")
    zoneName = s.string("zone_name")
    minimumLeak = s.number("minimum_leak_m3h", 0...100_000)
    intervalSeconds = s.integer("interval_s", 0...86_400)
    allowsReverseFlow = s.bool("reverse_flow") ?? false
    range = s.range("range")
    if let value = s.value("pressure") {
      pressure = s.sensors("pressure", of: .pressure)
      if let pressure, pressure.count > 3 || (id.quantity != .flow && id.quantity != .total) {
        value.wrong(s.log, "流量計に、水圧計を 3 つまで書けます", "at most three gauges of pressure, of a flow meter")
      }
    }
    if let value = s.value("parent") {
      parent = value.scalar.flatMap { SensorID($0) }
      if parent == nil || parent == id {
        value.wrong(
          s.log, "上流のメーターを「市町村/区域/センサー/量」の形で書いてください。自分自身は書けません",
          "expected the meter upstream as municipality/zone/sensor/quantity, and not the sensor itself")
      }
    }
    s.finish()
  }
}

extension MizumoriSettings.Zone {
  init(reading section: consuming SettingsSection, named zone: String) {
    var s = section
    name = s.string("name")
    inlets = s.flowMeters("inlets") { $0.sensor != Self.sensorName }
    outlets = s.flowMeters("outlets") { $0.sensor != Self.sensorName }
    let all = inlets + outlets
    if Set(all).count < all.count || all.count > Self.maximumMeters || (inlets.isEmpty && !outlets.isEmpty) {
      s.log.add(
        s.place, s.fullKey("inlets"),
        "inlets を 1 つ以上、outlets と合わせて \(Self.maximumMeters) 個まで、同じメーターは 1 度だけ書いてください",
        "expected at least one inlet, at most \(Self.maximumMeters) meters with outlets, each once")
    }
    s.finish()
  }
}

/// The names of `Quantity`, for `choice`.
private enum QuantityName: String, CaseIterable {
  case flow, total, pressure, level, temperature

  var quantity: Quantity? { Quantity(name: rawValue) }
}
