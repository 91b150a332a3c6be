import Detection
import Logging
import Readings
import Series
import Settings
import Store

/// Readings of one sensor from files of the past: base units, by time, each time once.
public struct ImportSeries: Sendable {
  public let id: SensorID
  public let rows: [SeriesRow]

  public init(id: SensorID, rows: [SeriesRow]) {
    self.id = id
    self.rows = rows
  }
}

/// What becomes of rows that are older than the newest reading of their sensor: the detector has passed that time and cannot learn them.
public enum OlderRows: String, CaseIterable, Sendable {
  /// Nothing is imported.
  case refuse
  /// They are left out.
  case skip
  /// They go into the history, for graphs and reports; the detector counts them as late, as it does live.
  case history
}

/// Why an import was not begun.
public enum ImportError: Error, CustomStringConvertible, Sendable {
  case olderRows(sensor: SensorID, count: Int, newest: String)
  case tooManySensors(limit: Int)

  public var description: String {
    switch self {
    case .olderRows(let sensor, let count, let newest):
      "\(sensor): \(count) 行が、このセンサーの最後の値（\(newest)）より古いため学習に使えません。除いて取り込むなら --older skip、グラフと集計のためだけに残すなら --older history を付けてください / \(count) rows are older than this sensor's newest reading (\(newest)) and cannot be learnt any more: give --older skip to leave them out, or --older history to keep them for graphs and reports only"
    case .tooManySensors(let limit):
      "センサーの数が上限 \(limit) を超えます（limits.max_sensors） / more sensors than limits.max_sensors = \(limit)"
    }
  }
}

/// Puts readings of the past into a data directory so that the detector stands as if they had come live, and tells nobody of them.
public struct HistoryImport: Sendable {
  let settings: MizumoriSettings
  let profiles: ProfileBook
  let logger: Logger

  /// Readings of one transaction.
  private static let chunk = 5000

  public init(settings: MizumoriSettings, logger: Logger) {
    self.settings = settings
    profiles = ProfileBook(settings)
    self.logger = logger
  }

  /// Imports. A break in the middle leaves a part that the same command completes: what is there is not written twice.
  ///
  /// All series are fed in one order of time, for meters of one utility are judged side by side.
  /// - Throws: `StoreError` (`.locked` while the service runs), `ImportError`.
  /// - Complexity: O(n log n) for n rows; some 3 µs a row.
  public func write(_ series: [ImportSeries], older: OlderRows = .refuse) throws -> ImportResult {
    let store = try Store(directory: settings.data.directory)
    let recovered = try Recovery(store: store, profiles: profiles, logger: logger).run()
    try Recovery.commit(recovered.transitions, to: store)
    let reader = try StoreReader(directory: settings.data.directory)
    var slots = Dictionary(uniqueKeysWithValues: recovered.sensors.map { ($0.id, $0.slot) })
    var result = ImportResult()
    var readings: [Reading] = []
    var batch = IngestBatch()
    batch.isImported = true
    // Everything is looked at before anything is written.
    let surveys = try series.map { try survey($0, slot: slots[$0.id], reader) }
    for s in surveys where s.older > 0 && older == .refuse { throw s.refusal(offset: profiles.calendar.offset) }
    let added = Set(surveys.filter { slots[$0.id] == nil && !$0.fresh.isEmpty }.map(\.id)).count
    guard recovered.sensors.count + added <= settings.limits.maximumSensors else {
      throw ImportError.tooManySensors(limit: settings.limits.maximumSensors)
    }
    for s in surveys {
      let rows = s.fresh.filter { older == .history || !s.isOlder($0) }
      result.alreadyStored += s.stored
      result.leftOut += s.fresh.count - rows.count
      if rows.isEmpty { continue }
      let slot = slots[s.id] ?? recovered.engine.addSensor(profiles.profile(s.id, slot: { slots[$0] }))
      if slots.updateValue(slot, forKey: s.id) == nil { batch.newSensors.append((slot, s.id)) }
      for r in rows { readings.append(Reading(slot: slot, time: r.time, arrival: r.time, value: r.value)) }
    }
    join(&slots, &batch, recovered.engine)
    readings.sort { ($0.time, $0.slot) < ($1.time, $1.slot) }
    try feed(readings, &batch, recovered.engine, store, &result)
    if result.written > 0 { try StateSaver.save(recovered.engine, store) }
    result.sensors = series.compactMap { s in slots[s.id].map { ImportedSensor(s.id, recovered.engine.explain($0)) } }
    return result
  }

  /// Tells sensors of each other: meters upstream may stand behind those below them, in the files and in the directory; zones get their meters.
  private func join(_ slots: inout [SensorID: SensorSlot], _ batch: inout IngestBatch, _ engine: Engine) {
    for (_, id) in batch.newSensors {
      for changed in [id] + profiles.related(to: id) {
        if let slot = slots[changed] { engine.setProfile(slot, profiles.profile(changed, slot: { slots[$0] })) }
      }
    }
    for zone in profiles.zones {
      let members = zone.members { slots[$0] }
      if members.isEmpty { continue }
      let slot = slots[zone.id] ?? engine.addSensor(profiles.profile(zone.id, slot: { slots[$0] }))
      if slots.updateValue(slot, forKey: zone.id) == nil { batch.newSensors.append((slot, zone.id)) }
      _ = engine.setZone(slot, members)
    }
    for tank in profiles.tanks where tank.members({ slots[$0] }) != nil {
      let slot = slots[tank.id] ?? engine.addSensor(profiles.profile(tank.id, slot: { slots[$0] }))
      if slots.updateValue(slot, forKey: tank.id) == nil { batch.newSensors.append((slot, tank.id)) }
      _ = engine.setTank(slot, tank) { slots[$0] }
    }
  }

  private func feed(
    _ readings: [Reading], _ batch: inout IngestBatch, _ engine: Engine, _ store: Store, _ result: inout ImportResult
  ) throws {
    for from in stride(from: 0, to: readings.count, by: HistoryImport.chunk) {
      let part = readings[from..<min(from + HistoryImport.chunk, readings.count)]
      var derived: [Reading] = []
      part.withUnsafeBufferPointer { engine.process($0, derive: { derived.append($0) }) { batch.transitions.append($0) } }
      for r in part + derived { batch.entries.append(.reading(r)) }
      try store.commit(batch)
      result.written += part.count
      for t in batch.transitions where t.change == .opened { result.events[t.kind, default: 0] += 1 }
      batch.removeAll()
    }
  }
}
