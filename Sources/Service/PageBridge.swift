import Alerts
import Detection
import Readings
import Synchronization
import Settings
import Store
import Web

/// What the page asks, answered from store and detector.
struct PageBridge: PageSource {
  let reader: StoreReader
  let engine: Engine
  let directory: SensorDirectory
  let counters: Counters
  let profiles: ProfileBook
  let live: LiveHub
  let actions: ActionDesk
  let works: WorkBook
  let batteries: BatteryBook
  let desk: DeskStore
  let settings: MizumoriSettings
  let version: String

  func overview() throws -> Overview {
    let ids = directory.all
    let explanations = engine.explainAll(ids.count)
    let open = Dictionary(grouping: try openEvents(), by: \.slot)
    let meters = ids.enumerated().map { n, id in summary(id, explanations[n], open[SensorSlot(n)] ?? []) }
    var overview = Overview(
      utility: profiles.settings.utility.name, language: profiles.settings.utility.language.rawValue,
      offsetMinutes: profiles.calendar.offset / 60, version: version, isConnected: counters.isSubscribed.load(ordering: .relaxed),
      meters: meters)
    overview.notices = notices()
    return overview
  }

  /// What whoever looks at the page should know besides the meters.
  private func notices() -> [[String: String]] {
    var out = DamagedDatabase.setAsideFiles(in: settings.data.directory).map { file in
      [
        "ja": "データベースが壊れていたため退避し、空から始めました: \(file)。控えから戻すか、調べ終えたらこのファイルを別の場所へ移してください。",
        "en":
          "The database was damaged, was set aside and begun anew: \(file). Restore a backup, or move this file away when you have looked at it.",
      ]
    }
    if counters.isWaitingForClock.load(ordering: .relaxed) {
      out.append([
        "ja": "この機械の時計が合っていないため、受信を待っています。時刻同期を確かめてください。",
        "en": "The clock of this machine is wrong, so receiving waits. Check its time synchronisation.",
      ])
    }
    if let refused = counters.rejected["sensor_cap"] {
      out.append([
        "ja":
          "センサーの数が上限 \(settings.limits.maximumSensors) に達し、新しいものを \(refused) 件断りました。名前をでたらめに変える機器がないか確かめ、必要なら limits.max_sensors を上げてください。",
        "en":
          "The limit of \(settings.limits.maximumSensors) sensors is reached and \(refused) messages of new ones were refused. Look for a device that invents names, or raise limits.max_sensors.",
      ])
    }
    let takeovers = counters.takeovers.load(ordering: .relaxed)
    if takeovers > 0 {
      out.append([
        "ja": "同じクライアント ID の別のプログラムに接続を \(takeovers) 回奪われました。水守を二つ動かしていないか、broker.client_id を確かめてください。",
        "en":
          "Another program with our client id took the connection \(takeovers) times. Is Mizumori running twice? Check broker.client_id.",
      ])
    }
    return out
  }

  func meter(_ id: String) throws -> MeterDetail? {
    guard let sensor = SensorID(id), let slot = directory.slot(of: sensor) else { return nil }
    let e = engine.explain(slot)
    var filter = StoreReader.EventFilter()
    filter.slot = slot
    filter.limit = 50
    let events = try reader.events(filter)
    let extent = try reader.extent(slot)
    var detail = MeterDetail(
      meter: summary(sensor, e, events.filter(\.isOpen)), meanFlow: e.meanFlow, nightMinimum: e.nightMinimum,
      nightReference: e.nightReference, isLearningSuspended: e.isLearningSuspended,
      statistics: e.statistics.map { StatisticValue(name: $0.name, value: finite($0.value), threshold: finite($0.threshold)) },
      first: extent?.first.milliseconds, last: extent?.last.milliseconds, events: events.map(summary))
    detail.actions = try reader.actions(slot: slot, limit: 50).map { summary($0, sensor) }
    detail.feedbackFactor = e.feedbackFactor
    detail.falseAlarms = e.falseAlarms
    detail.workFrom = e.work.map { iso($0.lowerBound) }
    detail.workTo = e.work.map { iso($0.upperBound) }
    return detail
  }

  func series(_ id: String, from: Int64?, to: Int64?, points: Int) throws -> MeterSeries? {
    guard let sensor = SensorID(id), let slot = directory.slot(of: sensor) else { return nil }
    guard let extent = try reader.extent(slot) else { return MeterSeries(from: 0, to: 0, rows: [], events: []) }
    let end = to.map { Timestamp(milliseconds: $0) } ?? extent.last.adding(milliseconds: 1)
    let start = from.map { Timestamp(milliseconds: $0) } ?? end.adding(seconds: -7 * 86_400)
    let first = max(start, extent.first)
    let buckets =
      sensor.quantity == .total
      ? try reader.buckets(slot, from: first, to: end, points: points, register: RegisterSteps.self)
      : try reader.buckets(slot, from: first, to: end, points: points)
    let bands = engine.expectations(slot, at: buckets.map(\.time))
    var filter = StoreReader.EventFilter()
    filter.slot = slot
    filter.from = start
    filter.to = end
    return MeterSeries(
      from: start.milliseconds, to: end.milliseconds,
      rows: zip(buckets, bands).map { b, band in
        [Double(b.time.milliseconds), b.minimum, b.mean, b.maximum, band?.low, band?.expected, band?.high]
      }, events: try reader.events(filter).map(summary))
  }

  func events(openOnly: Bool, limit: Int, municipalities: Set<String>) throws -> [EventSummary] {
    var filter = StoreReader.EventFilter()
    filter.municipalities = municipalities
    filter.openOnly = openOnly
    filter.limit = limit
    return try reader.events(filter).map(summary)
  }

  func event(_ key: String) throws -> EventSummary? { try reader.event(key: key).map(summary) }

  func liveUpdates() -> AsyncStream<LiveUpdate> { live.listen() }

  func metrics() -> String {
    let figures = try? reader.figures()
    return counters.prometheus(extra: [
      ("mizumori_sensors", "Sensors known.", "gauge", Double(directory.count)),
      ("mizumori_database_bytes", "Size of the database.", "gauge", Double(figures?.bytes ?? 0)),
      (
        "mizumori_databases_set_aside", "Damaged databases in the data directory.", "gauge",
        Double(DamagedDatabase.setAsideFiles(in: settings.data.directory).count)
      ),
      (
        "mizumori_last_arrival_timestamp_seconds", "When the last reading arrived.", "gauge",
        Double(counters.lastArrival.load(ordering: .relaxed)) / 1000
      ),
    ])
  }

  func notReady() -> [String] {
    if counters.isWaitingForClock.load(ordering: .relaxed) { return ["clock: waiting for the time"] }
    return counters.isSubscribed.load(ordering: .relaxed)
      ? [] : ["broker: " + counters.lastConnectionError.withLock { $0.isEmpty ? "not subscribed yet" : $0 }]
  }

  // MARK: - Parts

  private func openEvents() throws -> [StoredEvent] {
    var filter = StoreReader.EventFilter()
    filter.openOnly = true
    filter.limit = 10_000
    return try reader.events(filter)
  }

  private func summary(_ id: SensorID, _ e: Explanation, _ open: [StoredEvent]) -> MeterSummary {
    let names = profiles.names(id)
    let leak = open.filter { $0.last.kind.isLeak }.max { $0.last.excess < $1.last.excess }
    var meter = MeterSummary(
      id: id.description, name: names.sensor, zoneName: names.zone,
      unit: id.quantity == .total ? Quantity.flow.baseUnitName : id.quantity.baseUnitName, state: state(e, leak, open, id),
      learnedDays: e.learnedDays, learningDays: e.learningDays, value: e.lastValue, time: e.lastTime.map(iso), expected: e.expected,
      low: e.low, high: e.high, event: leak.map(summary))
    meter.parent = profiles.parent(of: id)?.description
    return meter
  }

  private func state(_ e: Explanation, _ leak: StoredEvent?, _ open: [StoredEvent], _ id: SensorID) -> MeterState {
    if leak != nil { return .leak }
    if open.contains(where: { $0.last.kind == .gap }) { return .offline }
    if open.contains(where: { $0.last.kind.isHealth }) { return .attention }
    guard id.quantity == .flow else { return .normal }
    if case .learning = e.state { return .learning }
    return e.isLearningSuspended ? .attention : .normal
  }

  private func summary(_ e: StoredEvent) -> EventSummary {
    let t = e.last
    let names = profiles.names(e.sensor)
    let message = AlertMessage(
      seq: 0, eventKey: e.eventKey, transitionKey: "", sensor: e.sensor, names: names, transition: t,
      yenPerCubicMetre: profiles.settings.utility.priceYenPerM3, calendar: profiles.calendar)
    return EventSummary(
      key: e.eventKey, sensor: e.sensor.description, zoneName: names.zone, name: names.sensor, kind: t.kind.code, isLeak: t.kind.isLeak,
      isOpen: e.isOpen, severity: t.severity.code, opened: iso(e.opened), onset: iso(t.onset), closed: e.closed.map(iso),
      expected: finite(t.expected), observed: finite(t.observed), excess: finite(t.excess), volume: finite(t.volume), yen: message.yen,
      yenPerDay: message.yenPerDay, confidence: finite(t.confidence), isGrowing: t.isGrowing, evidence: t.evidence.codes,
      text: Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0.rawValue, AlertWords(message, $0).text) }))
  }

  func iso(_ t: Timestamp) -> String { t.iso8601(offset: profiles.calendar.offset) }
  /// JSON has no NaN.
  func finite(_ v: Double) -> Double { v.isFinite ? v : 0 }
}
