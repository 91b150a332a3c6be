import Alerts
import Detection
import Readings
import Settings
import Store

/// What the settings and the cards on the page say about sensors: profiles for the detector, names for people.
struct ProfileBook: Sendable {
  let settings: MizumoriSettings
  let calendar: LocalCalendar
  /// Zones that are sums of meters, by name.
  let zones: [ZonePlan]
  /// Tanks, by the name of their balance.
  let tanks: [TankPlan]
  /// Which gauges of pressure lie in a zone with which meters.
  let gauges = GaugeBook()
  /// What people entered on the page: it goes before the settings. `Recovery` loads it from the store.
  let cards: MeterBook
  private let relations: SensorRelations

  init(_ settings: MizumoriSettings, cards: MeterBook = MeterBook()) {
    self.settings = settings
    self.cards = cards
    calendar = settings.calendar
    zones = settings.zones.compactMap(ZonePlan.init).sorted { $0.id < $1.id }
    relations = SensorRelations(zones, settings.sensors)
    tanks = settings.tanks.compactMap { TankPlan($0, $1, error: settings.detection.minimumLeak) }.sorted { $0.id < $1.id }
  }

  /// Whether a sensor is the sum of a zone's meters. O(1).
  func isSum(_ id: SensorID) -> Bool { relations.sums.contains(id) }

  /// The zones of which a sensor is a member or the sum. O(1) for each.
  func zones(of id: SensorID) -> [ZonePlan] { relations.zones(of: id).map { zones[$0] } }

  var detector: DetectorSettings {
    var d = DetectorSettings()
    d.minimumLeak = settings.detection.minimumLeak
    d.nightStart = settings.detection.nightStart
    d.nightEnd = settings.detection.nightEnd
    d.learningDays = settings.detection.learningDays
    d.gapMinutes = settings.detection.gapMinutes ?? 0
    d.frostBelow = settings.frost.isEnabled ? settings.frost.below : nil
    d.frostRelease = settings.frost.release
    return d
  }

  /// - Parameter slot: of each sensor that is known so far; a meter upstream that is not among them is passed on when it appears.
  func profile(_ id: SensorID, slot: (SensorID) -> SensorSlot?) -> SensorProfile {
    let s = settings.sensors[id]
    let card = cards.card(id)
    gauges.note(id)
    return SensorProfile(
      quantity: id.quantity, group: ProfileBook.group(id.municipality),
      expectedInterval: Int64(card.intervalSeconds ?? s?.intervalSeconds ?? settings.detection.intervalSeconds) * 1000,
      minimumLeak: card.minimumLeak ?? s?.minimumLeak, range: card.range ?? s?.range,
      allowsReverseFlow: card.allowsReverseFlow ?? s?.allowsReverseFlow ?? false, parent: parent(of: id).flatMap(slot),
      isSecondary: id.quantity == .total && slot(id.sibling(.flow)) != nil, pressure: pressure(of: id).compactMap(slot),
      tellsFrost: settings.frost.sensors.isEmpty || settings.frost.sensors.contains(id))
  }

  /// The meter upstream: as entered on its card, as set, else the only inlet of the zone whose net inflow or outlet this is.
  func parent(of id: SensorID) -> SensorID? {
    if let entered = cards.card(id).parent { return SensorID(entered) }
    return fileParent(of: id)
  }

  func fileParent(of id: SensorID) -> SensorID? { settings.sensors[id]?.parent ?? relations.inlet(above: id) }

  /// The sensors whose profile changes when `id` appears: those downstream of it, and its totalizer.
  /// - Complexity: O(of these)
  func related(to id: SensorID) -> [SensorID] {
    if id.quantity == .pressure { return meters(of: id) }
    return children(of: id) + (id.quantity == .flow ? [id.sibling(.total)] : [])
  }

  /// The gauges of pressure that a meter is judged with: as set, else those of its zone. A tank's balance has none.
  func pressure(of id: SensorID) -> [SensorID] {
    guard id.quantity == .flow || id.quantity == .total, !isBalance(id) else { return [] }
    return settings.sensors[id]?.pressure ?? gauges.gauges(besides: id)
  }

  private func meters(of gauge: SensorID) -> [SensorID] {
    let named = settings.sensors.filter { $0.value.pressure?.contains(gauge) == true }.map(\.key)
    return Set(named + gauges.meters(besides: gauge)).sorted()
  }

  func isBalance(_ id: SensorID) -> Bool { !tanks.isEmpty && tanks.contains { $0.id == id } }

  /// Whether its readings are made of those of others: a zone's net inflow, a tank's balance.
  func isDerived(_ id: SensorID) -> Bool { isSum(id) || isBalance(id) }

  /// What is made of others, by what it is called.
  var derived: [SensorID] { zones.map(\.id) + tanks.map(\.id) }

  /// The sensors that have `id` as the meter upstream.
  private func children(of id: SensorID) -> [SensorID] {
    let found = relations.candidates(below: id) + cards.entered(below: id)
    return found.isEmpty ? [] : Set(found).filter { parent(of: $0) == id }.sorted()
  }

  func allowsReverseFlow(_ id: SensorID) -> Bool { cards.card(id).allowsReverseFlow ?? settings.sensors[id]?.allowsReverseFlow ?? false }

  /// A number for the municipality that does not depend on the order in which sensors appear.
  private static func group(_ municipality: String) -> Int32 {
    var h: UInt32 = 0x811c_9dc5
    for c in municipality.utf8 { h = (h ^ UInt32(c)) &* 0x0100_0193 }
    return Int32(bitPattern: h & 0x7fff_ffff)
  }

  func names(_ id: SensorID) -> PlaceNames {
    if id == .service {
      let isJapanese = settings.utility.language == .ja
      return PlaceNames(
        municipality: settings.utility.name, zone: isJapanese ? "水守" : "Mizumori", sensor: isJapanese ? "この機械" : "this machine")
    }
    let (s, card) = (settings.sensors[id], cards.card(id))
    let zone = card.zoneName ?? s?.zoneName ?? settings.zones["\(id.municipality)/\(id.zone)"]?.name ?? id.zone
    let isJapanese = settings.utility.language == .ja
    let own: String
    if let tank = tanks.first(where: { $0.id == id }) {
      own = isJapanese ? "\(tank.name)の水収支" : "balance of \(tank.name)"
    } else {
      own = isSum(id) ? isJapanese ? "区域の純流入量" : "net inflow" : id.sensor
    }
    return PlaceNames(municipality: settings.utility.name, zone: zone, sensor: card.name ?? s?.name ?? own)
  }
}
