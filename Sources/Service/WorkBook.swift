import Readings
import Settings
import Store
import Synchronization

/// Works that recur and were entered on the page. Safe from any thread: the page writes, the ingest thread plans.
final class WorkBook: Sendable {
  private struct State {
    var works: [StoredWork] = []
    var ended: [StoredWork] = []
    var isChanged = false
  }
  private let state = Mutex(State())
  /// That may be entered at a time.
  static let limit = 500

  /// Takes over what the store holds, at a start.
  func load(_ works: [StoredWork]) { state.withLock { $0 = State(works: works) } }

  /// Oldest first; without those that have been ended.
  var all: [StoredWork] { state.withLock { $0.works } }

  func add(_ work: StoredWork) {
    state.withLock { s in
      s.works.append(work)
      s.isChanged = true
    }
  }

  /// Its windows that have not begun are cancelled at the ingest thread's next tick.
  func end(_ id: Int64) {
    state.withLock { s in
      s.ended += s.works.filter { $0.id == id }
      s.works.removeAll { $0.id == id }
      s.isChanged = true
    }
  }

  /// Whether works were added or ended since the last call, and which were ended.
  func takeChanges() -> (isChanged: Bool, ended: [StoredWork]) {
    state.withLock { s in
      defer { (s.isChanged, s.ended) = (false, []) }
      return (s.isChanged, s.ended)
    }
  }
}

/// Works that recur, from the settings or the page, as they are planned.
struct RecurringPlan {
  let name: String
  let recurrence: Recurrence
  /// When it was entered, wall clock; nil of the settings.
  let added: Timestamp?
  private let zones: [String]
  private let sensors: [SensorID]

  init(_ work: MizumoriSettings.RecurringWork) {
    (name, recurrence, added) = (work.name, work.recurrence, nil)
    (zones, sensors) = (work.zones, work.sensors)
  }

  init(_ work: StoredWork) {
    (name, recurrence, added) = (work.name, work.recurrence, work.added)
    (zones, sensors) = (work.zones, work.sensors)
  }

  /// Whether it is about this sensor. Flow meters and totalizers only: nothing else is judged for leaks.
  func covers(_ id: SensorID) -> Bool {
    (id.quantity == .flow || id.quantity == .total) && (sensors.contains(id) || zones.contains("\(id.municipality)/\(id.zone)"))
  }
}

/// Why a recurring work was not taken.
public enum WorkError: String, Error, Hashable, CustomStringConvertible, Sendable {
  /// A name that is empty, too long or holds control characters.
  case badText = "text"
  /// Neither zones nor meters, or what is no zone or flow meter.
  case badPlace = "place"
  /// Hours, weekdays, weeks, days or dates that are not possible.
  case badTime = "time"
  case tooMany = "too_many"

  public var code: String { rawValue }

  public var description: String {
    switch self {
    case .badText: "名前は 1 行 1〜100 字です / the name must have 1 to 100 characters on one line"
    case .badPlace:
      "区域（市町村/区域）か流量計（市町村/区域/センサー/flow）を選んでください / choose zones (municipality/zone) or flow meters"
    case .badTime: "時刻・曜日・週・日・期間を確かめてください / check hours, weekdays, weeks, days and dates"
    case .tooMany: "定期の工事は \(WorkBook.limit) 件までです / at most \(WorkBook.limit) recurring works"
    }
  }
}

extension StoredWork {
  func check() throws(WorkError) {
    let controls = name.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
    guard !name.isEmpty, name.count <= 100, person.count <= 100, !controls, !person.contains("\n") else { throw .badText }
    let areZones = zones.allSatisfy { z in
      let parts = z.split(separator: "/", omittingEmptySubsequences: false)
      return parts.count == 2 && parts.allSatisfy { SensorID.isSegment(String($0)) }
    }
    guard !(zones.isEmpty && sensors.isEmpty), areZones, zones.count + sensors.count <= 1000,
      sensors.allSatisfy({ $0.quantity == .flow || $0.quantity == .total })
    else { throw .badPlace }
    let r = recurrence
    guard (0..<1440).contains(r.start), (1...1440).contains(r.length), r.weekdays.allSatisfy((0...6).contains),
      r.weeks.allSatisfy((1...5).contains), r.days.allSatisfy((1...31).contains), (r.first ?? .min) <= (r.last ?? .max)
    else { throw .badTime }
  }
}
