import Readings
import Settings
import Store
import Synchronization
import Web

extension PageBridge {
  /// The present in event time: what is planned is judged in it.
  var now: Timestamp {
    let t = counters.eventTime.load(ordering: .relaxed)
    return t > 0 ? Timestamp(milliseconds: t) : Clocks.wall()
  }

  private var workReader: WorkReader { WorkReader(reader: reader, profiles: profiles, ids: directory.all, now: now) }

  func works(from: Int64, to: Int64, municipalities: Set<String>) throws -> WorkCalendar {
    guard to - from <= 400 * 86_400_000 else {
      throw PageRefusal(status: 422, code: "range", detail: "400 日までにしてください / at most 400 days")
    }
    return try workReader.calendar(from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to)) {
      municipalities.isEmpty || municipalities.contains($0)
    }
  }

  // MARK: - Once

  func plan(_ command: WorkCommand, municipalities: Set<String>) async throws -> WorkResult {
    let places = try places(command.zones, command.sensors, municipalities)
    let window = try window(command)
    let requests = places.sensors.map {
      ActionRequest(sensor: $0, kind: .plannedWork, person: command.by ?? "", note: command.note ?? "", window: window)
    }
    return try await carryOut(requests)
  }

  func cancel(_ command: WorkCommand, municipalities: Set<String>) async throws -> WorkResult {
    let places = try places(command.zones, command.sensors, municipalities)
    let window = try window(command)
    // What stands only in the calendar yet is planned first: then it is known that this window was cancelled.
    let missing = try forecast(window, places.sensors).map { name, sensor in
      ActionRequest(sensor: sensor, kind: .plannedWork, person: name, window: window)
    }
    if !missing.isEmpty { _ = await submit(missing) }
    return try await carryOut(
      places.sensors.map {
        ActionRequest(sensor: $0, kind: .workCancelled, person: command.by ?? "", note: command.note ?? "", window: window)
      })
  }

  private func window(_ c: WorkCommand) throws -> Range<Timestamp> {
    func moment(_ text: String) -> Timestamp? { Timestamp(iso8601: text, defaultOffset: profiles.calendar.offset) }
    guard let from = moment(c.from), let to = moment(c.to), from < to else { throw refusal(.badWindow) }
    return from..<to
  }

  /// The sensors among these whose window a recurring work will plan and has not planned yet, with the work's name.
  private func forecast(_ window: Range<Timestamp>, _ sensors: [SensorID]) throws -> [(name: String, sensor: SensorID)] {
    guard window.lowerBound > now else { return [] }
    let works = try workReader.works().map(\.work).filter { $0.recurrence.windows(in: window, profiles.calendar).contains(window) }
    guard !works.isEmpty else { return [] }
    let planned = try reader.actions(kind: .plannedWork, from: window.lowerBound, to: window.upperBound, limit: 100_000)
    let known = Set(planned.filter { $0.action.from..<$0.action.to == window }.map(\.action.slot))
    return sensors.compactMap { id in
      guard let slot = directory.slot(of: id), !known.contains(slot), let work = works.first(where: { $0.covers(id) }) else { return nil }
      return (work.name, id)
    }
  }

  /// Requests at a time: the desk of the ingest thread takes 64, of all who ask.
  private static let batch = 32

  /// Each is answered by the ingest thread when it is on disk, within about a second.
  private func submit(_ requests: [ActionRequest]) async -> [ActionError?] {
    var out = [ActionError?](repeating: nil, count: requests.count)
    for start in stride(from: 0, to: requests.count, by: Self.batch) {
      await withTaskGroup(of: (Int, ActionError?).self) { group in
        for i in start..<min(start + Self.batch, requests.count) {
          group.addTask {
            do throws(ActionError) {
              _ = try await actions.submit(requests[i])
              return (i, nil)
            } catch {
              return (i, error)
            }
          }
        }
        for await (i, error) in group { out[i] = error }
      }
    }
    return out
  }

  private func carryOut(_ requests: [ActionRequest]) async throws -> WorkResult {
    let errors = await submit(requests)
    let done = zip(requests, errors).filter { $0.1 == nil }.map(\.0.sensor)
    if done.isEmpty, let first = errors.lazy.compactMap({ $0 }).first { throw refusal(first) }
    live.noteChange(of: done)
    live.noteChange(.works)
    return WorkResult(
      sensors: done.map(\.description),
      refused: zip(requests, errors).compactMap { request, error in
        error.map { WorkRefusal(sensor: request.sensor.description, code: $0.code, detail: $0.description) }
      })
  }

  // MARK: - Again and again

  func addRecurring(_ command: RecurringWorkCommand, municipalities: Set<String>) throws -> Int64 {
    let places = try places(command.zones, command.sensors, municipalities)
    let work = try RecurringWorkForm.read(command, zones: places.zones, sensors: places.named)
    do {
      let id = try addWork(work)
      live.noteChange(.works)
      return id
    } catch let error as WorkError {
      throw PageRefusal(status: error == .tooMany ? 409 : 422, code: error.code, detail: error.description)
    }
  }

  func endRecurring(_ id: Int64, municipalities: Set<String>) throws {
    func isOwn(_ w: StoredWork) -> Bool {
      municipalities.isEmpty
        || (w.zones.allSatisfy { municipalities.contains(String($0.prefix { $0 != "/" })) }
          && w.sensors.allSatisfy { municipalities.contains($0.municipality) })
    }
    guard works.all.contains(where: { $0.id == id && isOwn($0) }), try endWork(id) else {
      throw PageRefusal(status: 404, code: "work_unknown", detail: "その定期の工事はありません / no such recurring work")
    }
    live.noteChange(.works)
  }

  // MARK: - Places

  /// Where: the zones and meters as they were named, and all flow meters that this means.
  private struct Places {
    var zones: [String]
    var named: [SensorID]
    var sensors: [SensorID]
  }

  /// - Throws: `PageRefusal` for what is not there, or not of these municipalities.
  private func places(_ zones: [String]?, _ sensors: [String]?, _ municipalities: Set<String>) throws(PageRefusal) -> Places {
    let zones = unique(zones ?? [])
    let texts = unique(sensors ?? [])
    guard zones.count + texts.count <= 2 * RecurringWorkForm.maximumPlaces else {
      throw PageRefusal(status: 422, code: "too_many", detail: "一度に 200 か所までです / at most 200 places at once")
    }
    let known = directory.all.filter { municipalities.isEmpty || municipalities.contains($0.municipality) }
    let byZone = Dictionary(grouping: known.filter(isWorkable)) { "\($0.municipality)/\($0.zone)" }
    var out = Places(zones: zones, named: [], sensors: [])
    for zone in zones {
      guard let members = byZone[zone] else {
        throw PageRefusal(
          status: 404, code: "zone_unknown", detail: "流量計のある区域ではありません: \(zone.prefix(140)) / no zone with flow meters")
      }
      let all = Set(members)
      out.sensors += members.filter { $0.quantity == .flow || !all.contains($0.sibling(.flow)) }
    }
    let all = Set(known)
    for text in texts {
      guard let id = SensorID(text), isWorkable(id), all.contains(id) else {
        throw PageRefusal(status: 404, code: "meter_unknown", detail: "流量計ではありません: \(text.prefix(300)) / no such flow meter")
      }
      out.named.append(id)
    }
    let covered = Set(out.sensors)
    out.sensors += out.named.filter { !covered.contains($0) }
    guard !out.sensors.isEmpty else {
      throw PageRefusal(status: 422, code: "sensors", detail: "zones か sensors に、どこの工事かを書いてください / name zones or sensors")
    }
    return out
  }

  private func isWorkable(_ id: SensorID) -> Bool { id.quantity == .flow || id.quantity == .total }

  private func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
