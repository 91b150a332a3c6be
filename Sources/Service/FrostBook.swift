import Readings
import Settings
import Store

/// Times of freeze mode (凍結モード), as they stand among the events.
struct FrostBook: Sendable {
  /// Days after it in which many small leaks are looked for.
  static let thawDays = 5

  private let reader: StoreReader
  private let profiles: ProfileBook

  init(_ reader: StoreReader, _ profiles: ProfileBook) {
    self.reader = reader
    self.profiles = profiles
  }

  /// The days whose night lies in freeze mode, by municipality.
  func nights(_ days: Range<Int>) throws(StoreError) -> [String: Set<Int>] {
    let detection = profiles.settings.detection
    let (start, end) = (Int64(detection.nightStart) * 60_000, Int64(detection.nightEnd) * 60_000)
    var out: [String: Set<Int>] = [:]
    for e in try events(from: profiles.calendar.midnight(ofDay: days.lowerBound)) {
      // The first night that had not ended at its beginning, and the last one that had begun by its end.
      let first = profiles.calendar.day(of: e.last.onset.adding(milliseconds: -end)) + 1
      let last = e.closed.map { profiles.calendar.day(of: $0.adding(milliseconds: -start - 1)) } ?? days.upperBound
      guard first <= last else { continue }
      out[e.sensor.municipality, default: []].formUnion((first...last).filter { days.contains($0) })
    }
    return out
  }

  /// Freeze mode that is on, or was on in the days before `now`, the newest of each municipality.
  func present(_ now: Timestamp) throws(StoreError) -> [StoredEvent] {
    var newest: [String: StoredEvent] = [:]
    for e in try events(from: now.adding(seconds: -Int64(FrostBook.thawDays) * 86_400)) where newest[e.sensor.municipality] == nil {
      newest[e.sensor.municipality] = e
    }
    return newest.sorted { $0.key < $1.key }.map(\.value)
  }

  private func events(from: Timestamp) throws(StoreError) -> [StoredEvent] {
    var filter = StoreReader.EventFilter()
    filter.kind = .freezing
    filter.from = from
    filter.limit = 10_000
    return try reader.events(filter)
  }
}
