import Alerts
import Detection
import Readings
import Settings
import Store
import Synchronization
import Web

/// The utility at a glance.
extension PageBridge {
  /// Nights that lists show.
  static let shownNights = 14

  func utility() -> UtilitySummary {
    let u = settings.utility
    return UtilitySummary(
      utility: u.name, language: u.language.rawValue, offsetMinutes: profiles.calendar.offset / 60, version: version,
      isConnected: counters.isSubscribed.load(ordering: .relaxed))
  }

  /// The nights that lists show and what they are compared with.
  func recentNights(_ newest: Int) throws -> NightBook {
    let days = newest + 1 - PageBridge.shownNights - NightSeries.window..<newest + 1
    return try nightCache.book(days) { try nightBook(days) }
  }

  /// - Complexity: O(meters); the store is asked twice, whatever their number.
  func overview(_ municipalities: Set<String>) throws -> Overview {
    let ids = directory.all
    let explanations = engine.explainAll(ids.count)
    let open = Dictionary(grouping: try openEvents(), by: \.slot)
    let book = try recentNights(newestDay(explanations))
    var meters: [SensorID: MeterSummary] = [:]
    var slots: [SensorID: SensorSlot] = [:]
    for (n, id) in ids.enumerated() where municipalities.isEmpty || municipalities.contains(id.municipality) {
      let slot = SensorSlot(n)
      slots[id] = slot
      meters[id] = summary(id, explanations[n], open[slot] ?? [], book[slot])
    }
    let u = utility()
    var overview = Overview(
      utility: u.utility, language: u.language, offsetMinutes: u.offsetMinutes, version: u.version, isConnected: u.isConnected,
      meters: Array(meters.values))
    let scape = Townscape(Array(meters.keys), profiles)
    let leaks = Leaks(meters)
    overview.notices = try frostNotices(explanations.compactMap(\.lastTime).max() ?? Clocks.wall(), municipalities) + notices()
    overview.towns = towns(meters, scape, leaks, isAlone: Set(ids.map(\.municipality)).count == 1)
    overview.totals = totals(scape, meters, leaks)
    overview.zones = scape.zones.map { zone($0, scape, meters, leaks, book.sum($0.inflow.compactMap { slots[$0] })) }
      .sorted { ($0.state.rank, -$0.leakM3h, $0.id) < ($1.state.rank, -$1.leakM3h, $1.id) }
    return overview
  }

  /// What the open leaks of meters lose.
  private struct Leaks {
    var flow: [SensorID: Double] = [:]
    var yen: [SensorID: Double] = [:]
    var count: [SensorID: Double] = [:]

    init(_ meters: [SensorID: MeterSummary]) {
      for (id, meter) in meters {
        guard let event = meter.event else { continue }
        flow[id] = event.excess
        yen[id] = Double(event.yen)
        count[id] = 1
      }
    }
  }

  private func totals(_ scape: Townscape, _ meters: [SensorID: MeterSummary], _ leaks: Leaks) -> Totals {
    var out = Totals()
    (out.flow, out.expected) = flows(scape.sources, meters)
    out.leaks = Int(scape.tree.total(leaks.count, within: meters.keys))
    let flow = scape.tree.total(leaks.flow, within: meters.keys)
    out.leakM3h = rounded(flow)
    out.yenPerDay = yenPerDay(flow)
    out.yenSoFar = Int(min(1e15, scape.tree.total(leaks.yen, within: meters.keys)))
    for meter in meters.values { out.states.add(meter.state) }
    return out
  }

  private func zone(
    _ z: Townscape.Zone, _ scape: Townscape, _ meters: [SensorID: MeterSummary], _ leaks: Leaks, _ nights: NightSeries
  ) -> ZoneSummary {
    let own = z.members.compactMap { meters[$0] }
    let worst = own.map(\.state).min { $0.rank < $1.rank } ?? .normal
    // As one of its meters calls it, where not each of them was given its name.
    let segment = String(z.id.dropFirst(z.municipality.count + 1))
    let name = own.lazy.map(\.zoneName).first { $0 != segment } ?? segment
    var out = ZoneSummary(id: z.id, municipality: z.municipality, name: name, state: worst)
    out.meters = z.members.count
    (out.flow, out.expected) = flows(z.inflow, meters)
    out.nights = nights.values.suffix(PageBridge.shownNights).map { $0.map(rounded) }
    if let newest = nights.values.lastIndex(where: { $0 != nil }) {
      out.night = nights.values[newest].map(rounded)
      out.nightReference = nights.reference(at: newest).map(rounded)
    }
    let flow = scape.tree.total(leaks.flow, within: z.members)
    out.leakM3h = rounded(flow)
    out.yenPerDay = yenPerDay(flow)
    out.event = own.compactMap(\.event).max { $0.excess < $1.excess }?.key
    return out
  }

  /// What these meters show together, and what is expected of the same ones; a silent meter says nothing of the present.
  private func flows(_ ids: [SensorID], _ meters: [SensorID: MeterSummary]) -> (flow: Double?, expected: Double?) {
    let speaking = ids.compactMap { meters[$0] }.filter { $0.state != .offline && $0.value != nil }
    guard !speaking.isEmpty else { return (nil, nil) }
    let expected = speaking.compactMap(\.expected)
    return (
      rounded(speaking.reduce(0) { $0 + ($1.value ?? 0) }), expected.count == speaking.count ? rounded(expected.reduce(0, +)) : nil
    )
  }

  private func yenPerDay(_ flow: Double) -> Int {
    let yen = max(0, flow) * 24 * settings.utility.priceYenPerM3
    return yen.isFinite && yen < 1e15 ? Int(yen.rounded()) : 0
  }

  /// - Parameter isAlone: there is one town, whose name is the utility's.
  private func towns(_ meters: [SensorID: MeterSummary], _ scape: Townscape, _ leaks: Leaks, isAlone: Bool) -> [Town] {
    Dictionary(grouping: meters.keys, by: \.municipality).sorted { $0.key < $1.key }.map { id, own in
      var those: [SensorID: MeterSummary] = [:]
      for sensor in own { those[sensor] = meters[sensor] }
      return Town(
        id: id, name: settings.utility.towns[id] ?? (isAlone ? settings.utility.name : id), totals: totals(scape, those, leaks),
        newest: those.values.compactMap(\.time).max())
    }
  }
}
