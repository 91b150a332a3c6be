import Alerts
import Readings
import Reports
import Settings
import Store

/// Makes reports from the data directory, beside the running service or without it. Reads through the connection that it is given.
public struct ReportSource: Sendable {
  let reader: StoreReader
  let profiles: ProfileBook
  let settings: MizumoriSettings

  init(reader: StoreReader, profiles: ProfileBook) {
    self.reader = reader
    self.profiles = profiles
    settings = profiles.settings
  }

  /// Municipalities with flow meters, sorted.
  /// - Parameter visible: empty = all.
  public func municipalities(_ visible: Set<String> = []) throws(StoreError) -> [String] {
    let all = try reader.sensors().filter { $0.slot >= 0 && ($0.id.quantity == .flow || $0.id.quantity == .total) }
    return Set(all.map(\.id.municipality)).filter { visible.isEmpty || visible.contains($0) }.sorted()
  }

  /// The local day of the newest reading, or of `now` where that is later: a simulated town may be ahead of the clock.
  public func today(_ now: Timestamp) throws(StoreError) -> Int {
    profiles.calendar.day(of: try newest(try reader.sensors(), now))
  }

  /// - Parameters:
  ///   - municipalities: whose meters it holds; not empty.
  ///   - now: wall clock.
  /// - Complexity: O(rows of days in the period, the periods that it is compared with, and four weeks); memory that of one month.
  public func report(_ period: ReportPeriod, municipalities: [String], now: Timestamp) throws(StoreError) -> Report {
    let sensors = try reader.sensors().filter { $0.slot >= 0 }
    let places = ReportPlaces(sensors, municipalities: Set(municipalities), profiles)
    var request = ReportRequest(
      period: period, utility: settings.utility.name, municipalities: municipalities, calendar: profiles.calendar,
      yenPerM3: settings.utility.priceYenPerM3,
      practice: FormerPractice(burstDays: settings.reports.formerBurstDays, incipientDays: settings.reports.formerIncipientDays),
      night: settings.detection.nightStart..<settings.detection.nightEnd, now: try newest(sensors, now), created: now)
    // One town alone is called as the utility is.
    let isAlone = try self.municipalities().count == 1
    for m in municipalities { request.towns[m] = settings.utility.towns[m] ?? (isAlone ? settings.utility.name : m) }
    let nights = request.period.days.lowerBound - ReportBuilder.referenceDays..<request.period.days.upperBound
    request.frozen = try FrostBook(reader, profiles).nights(nights).filter { municipalities.contains($0.key) }
    let span = ReportBuilder(request, meters: [], leaks: []).leakSpan
    var builder = ReportBuilder(request, meters: places.meters, leaks: try leaks(span, places))
    for days in builder.spans { try add(days, places, to: &builder) }
    let main = profiles.calendar.midnight(ofDay: period.days.lowerBound)..<profiles.calendar.midnight(ofDay: period.days.upperBound)
    return builder.report(
      faults: try faults(main, places), works: try works(main, places), billed: try billed(period, municipalities),
      hours: period.kind == .daily ? try hours(period.days.lowerBound, builder, places) : [])
  }

  /// A month at a time, so that a year of many meters needs no memory.
  private func add(_ days: Range<Int>, _ places: ReportPlaces, to builder: inout ReportBuilder) throws(StoreError) {
    for from in stride(from: days.lowerBound, to: days.upperBound, by: 31) {
      for row in try reader.days(from: from, to: min(from + 31, days.upperBound)) {
        guard let id = places.ids[row.slot] else { continue }
        builder.add(
          MeterDay(day: row.day, hours: row.hours, volume: row.volume, low: row.low, high: row.high, night: row.night), of: id)
      }
    }
  }

  /// Flow of the utility in each hour of a day; nil where a meter that counts has none.
  private func hours(_ day: Int, _ builder: ReportBuilder, _ places: ReportPlaces) throws(StoreError) -> [Double?] {
    var sums = [Double](repeating: 0, count: 24)
    var counts = [Int](repeating: 0, count: 24)
    let counted = places.slots(builder.countedMeters)
    for slot in counted {
      for row in try reader.hours(slot, from: day * 24, to: day * 24 + 24) {
        let hour = row.hour - day * 24
        guard sums.indices.contains(hour), row.mean.isFinite else { continue }
        sums[hour] += row.mean
        counts[hour] += 1
      }
    }
    // As with nights: the sum of the rest would say something else.
    return sums.indices.map { counts[$0] > 0 && counts[$0] * 20 >= counted.count * 19 ? sums[$0] : nil }
  }

  private func billed(_ period: ReportPeriod, _ municipalities: [String]) throws(StoreError) -> [BilledVolume] {
    let months = [period.months] + period.compared.map(\.period.months)
    let from = months.map(\.lowerBound).min() ?? 0
    let to = months.map(\.upperBound).max() ?? 0
    var out: [BilledVolume] = []
    for m in municipalities {
      for (month, volume) in try reader.billed(municipality: m, months: from..<to) {
        out.append(BilledVolume(municipality: m, month: month, volume: volume))
      }
    }
    return out
  }

  /// Sensors that are asked for their newest reading.
  private static let asked = 50

  private func newest(_ sensors: [StoredSensor], _ now: Timestamp) throws(StoreError) -> Timestamp {
    var newest = now
    for s in sensors.filter({ $0.slot >= 0 }).prefix(Self.asked) {
      if let last = try reader.extent(s.slot)?.last { newest = max(newest, last) }
    }
    return newest
  }
}

/// The meters of a report and where they stand in the store.
struct ReportPlaces: Sendable {
  /// Flow meters and registers; of a device with both, the flow.
  let meters: [ReportMeter]
  let ids: [SensorSlot: SensorID]
  private let slots: [SensorID: SensorSlot]

  init(_ sensors: [StoredSensor], municipalities: Set<String>, _ profiles: ProfileBook) {
    let all = Set(sensors.map(\.id))
    let own = sensors.filter { s in
      // A tank's balance is no water that is supplied.
      guard municipalities.contains(s.id.municipality), !profiles.isBalance(s.id) else { return false }
      return s.id.quantity == .flow || (s.id.quantity == .total && !all.contains(s.id.sibling(.flow)))
    }
    ids = Dictionary(own.map { ($0.slot, $0.id) }, uniquingKeysWith: { a, _ in a })
    slots = Dictionary(own.map { ($0.id, $0.slot) }, uniquingKeysWith: { a, _ in a })
    meters = own.map { s in
      let names = profiles.names(s.id)
      return ReportMeter(
        id: s.id, name: names.sensor, zoneName: names.zone, upstream: profiles.upstream(of: s.id),
        isNet: profiles.isSum(s.id), firstDay: profiles.calendar.day(of: s.firstSeen))
    }
  }

  func slots(_ wanted: [SensorID]) -> [SensorSlot] { wanted.compactMap { slots[$0] } }
  func slot(_ id: SensorID) -> SensorSlot? { slots[id] }
}

extension ProfileBook {
  /// The meters through which this one's water has come: the one that is set, the inlets of the zone whose sum or outlet it is, and the sum
  /// of the zone within which it lies.
  func upstream(of id: SensorID) -> [SensorID] {
    let inlets = zones.filter { $0.id == id || $0.outlets.contains(id) }.flatMap(\.inlets)
    let sums = zones.filter { $0.id.municipality == id.municipality && $0.id.zone == id.zone && $0.id != id && !$0.contains(id) }.map(\.id)
    return Set(inlets + sums + [parent(of: id)].compactMap { $0 }).subtracting([id]).sorted()
  }
}
