import Readings
import Series
import Settings
import Store

/// What the data directory has of a series already.
public struct ImportSurvey: Sendable {
  public let id: SensorID
  /// Rows of times that the sensor has no reading of.
  public let fresh: [SeriesRow]
  /// Rows of times that are in the history.
  public let stored: Int
  /// Newest reading of the sensor before the import; nil for a new one.
  public let newest: Timestamp?

  /// Fresh rows that the detector has passed.
  public var older: Int { fresh.count(where: isOlder) }

  func isOlder(_ r: SeriesRow) -> Bool { newest.map { r.time <= $0 } ?? false }

  /// - Parameter offset: seconds east of UTC, for the message.
  public func refusal(offset: Int) -> ImportError {
    .olderRows(sensor: id, count: older, newest: newest?.iso8601(offset: offset) ?? "")
  }
}

extension HistoryImport {
  /// Looks at what an import would find, without the directory's lock and without writing; all rows are fresh where there is no data yet.
  public func survey(_ series: [ImportSeries]) throws(StoreError) -> [ImportSurvey] {
    guard let reader = try StoreReader.ifPresent(directory: settings.data.directory) else {
      return series.map { ImportSurvey(id: $0.id, fresh: $0.rows, stored: 0, newest: nil) }
    }
    var slots: [SensorID: SensorSlot] = [:]
    for s in try reader.sensors() { slots[s.id] = s.slot }
    var out: [ImportSurvey] = []
    for s in series { out.append(try survey(s, slot: slots[s.id], reader)) }
    return out
  }

  /// A time that is stored counts as the same reading, whatever its sequence number: files have none.
  func survey(_ s: ImportSeries, slot: SensorSlot?, _ reader: StoreReader) throws(StoreError) -> ImportSurvey {
    guard let slot, let extent = try reader.extent(slot), let first = s.rows.first, first.time <= extent.last else {
      return ImportSurvey(id: s.id, fresh: s.rows, stored: 0, newest: nil)
    }
    let history = try reader.history(slot, from: first.time, to: extent.last.adding(milliseconds: 1))
    let times = Set(history.map(\.time))
    let fresh = s.rows.filter { !times.contains($0.time) }
    return ImportSurvey(id: s.id, fresh: fresh, stored: s.rows.count - fresh.count, newest: extent.last)
  }
}
