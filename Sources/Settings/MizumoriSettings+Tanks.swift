import Readings
import Yams

extension MizumoriSettings {
  /// A tank (配水池) whose mass balance is a meter of its own.
  public struct Tank: Hashable, Sendable {
    /// What the balance's sensor segment ends with.
    public static let suffix = "-balance"

    public var name: String?
    /// The gauge of the level.
    public var level: SensorID
    /// m², of upright walls; nil = `volumes`.
    public var area: Double?
    /// Level, m, and volume at it, m³: ascending; empty = `area`.
    public var volumes: [Point] = []
    /// Smallest step of the gauge, m.
    public var resolution = 0.01
    public var inlets: [SensorID] = []
    public var outlets: [SensorID] = []

    public struct Point: Hashable, Sendable {
      public var level: Double
      public var volume: Double
    }
  }

  /// By `municipality/zone/tank`.
  static func tanks(reading top: inout SettingsSection) -> [String: Tank] {
    var tanks: [String: Tank] = [:]
    for (name, section) in top.entries("tanks") {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3, parts.allSatisfy(SensorID.isSegment), SensorID.isSegment(parts[2] + Tank.suffix) else {
        section.log.add(
          section.place, section.path, "「市町村/区域/池」の形で書いてください。例: ina/nishi/haisuichi",
          "expected municipality/zone/tank, for example ina/nishi/haisuichi")
        continue
      }
      if let tank = Tank(reading: section) { tanks[name] = tank }
    }
    return tanks
  }
}

extension MizumoriSettings.Tank {
  fileprivate init?(reading section: consuming SettingsSection) {
    var s = section
    defer { s.finish() }
    name = s.string("name")
    let gauge = s.sensors("level", of: .level).first
    area = s.number("area_m2", 0.01...1_000_000)
    volumes = Self.points(&s)
    resolution = s.number("resolution_m", 0.0001...1) ?? resolution
    inlets = s.flowMeters("inlets") { $0.sensor != MizumoriSettings.Zone.sensorName }
    outlets = s.flowMeters("outlets") { $0.sensor != MizumoriSettings.Zone.sensorName }
    for key in ["level", "inlets"] { s.require(key) }
    if s.value("area_m2") == nil, s.value("volumes_m3") == nil {
      s.log.add(s.place, s.fullKey("area_m2"), "area_m2（水面の面積）か volumes_m3（水位と水量の組）を書いてください", "expected area_m2 or volumes_m3")
    } else if area != nil, !volumes.isEmpty {
      s.log.add(
        s.place, s.fullKey("volumes_m3"), "area_m2 と volumes_m3 は、どちらか 1 つだけ書いてください",
        "only one of area_m2 and volumes_m3 is possible")
    }
    let all = inlets + outlets
    if Set(all).count < all.count || all.count > MizumoriSettings.Zone.maximumMeters || (inlets.isEmpty && s.value("inlets") != nil) {
      s.log.add(
        s.place, s.fullKey("inlets"),
        "inlets を 1 つ以上、outlets と合わせて \(MizumoriSettings.Zone.maximumMeters) 個まで、同じメーターは 1 度だけ書いてください",
        "expected at least one inlet, at most \(MizumoriSettings.Zone.maximumMeters) meters with outlets, each once")
    }
    guard let gauge else { return nil }
    level = gauge
  }

  /// `[[0, 0], [2.5, 300]]`
  private static func points(_ s: inout SettingsSection) -> [Point] {
    guard let value = s.value("volumes_m3") else { return [] }
    var points: [Point] = []
    if case .sequence(let items)? = value.structure(s.log) {
      for item in items {
        guard case .sequence(let pair) = item, pair.count == 2, let level = pair[0].scalar.flatMap({ Double($0.string) }),
          let volume = pair[1].scalar.flatMap({ Double($0.string) }), level.isFinite, volume.isFinite
        else {
          points = []
          break
        }
        points.append(Point(level: level, volume: volume))
      }
    }
    let isAscending = zip(points, points.dropFirst()).allSatisfy { $0.level < $1.level && $0.volume < $1.volume }
    guard (2...8).contains(points.count), isAscending else {
      value.wrong(
        s.log, "[[0, 0], [2.5, 300]] のように、水位 (m) と水量 (m³) の組を、低いほうから 2〜8 組書いてください。どちらも増えていくこと",
        "expected 2 to 8 pairs of level (m) and volume (m³) like [[0, 0], [2.5, 300]], both ascending")
      return []
    }
    return points
  }
}

extension SettingsSection {
  /// A sensor of one quantity, or a list of such; others are said and left out.
  mutating func sensors(_ key: String, of quantity: Quantity) -> [SensorID] {
    guard let value = value(key) else { return [] }
    let written: [(text: String, place: SettingsPlace)] = value.scalar.map { [($0, value.place)] } ?? strings(key) ?? []
    return written.compactMap { text, place in
      if let id = SensorID(text), id.quantity == quantity { return id }
      log.add(
        place, fullKey(key), "「市町村/区域/センサー/\(quantity.name)」の形で書いてください（いまの値: 「\(text)」）",
        "expected a sensor as municipality/zone/sensor/\(quantity.name), found \"\(text)\"")
      return nil
    }
  }
}
