import Detection
import Readings
import Store
import Web

/// The graph of a meter.
extension PageBridge {
  func series(_ id: String, from: Int64?, to: Int64?, points: Int) throws -> MeterSeries? {
    guard let sensor = SensorID(id), let slot = directory.slot(of: sensor) else { return nil }
    guard let extent = try reader.extent(slot) else { return MeterSeries(from: 0, to: 0, rows: [], events: []) }
    let end = to.map { Timestamp(milliseconds: $0) } ?? extent.last.adding(milliseconds: 1)
    let start = from.map { Timestamp(milliseconds: $0) } ?? end.adding(seconds: -7 * 86_400)
    let first = max(start, extent.first)
    let last = min(end, extent.last.adding(milliseconds: 1))
    let buckets =
      sensor.quantity == .total
      ? try reader.buckets(slot, from: first, to: last, points: points, register: RegisterSteps.self)
      : try reader.buckets(slot, from: first, to: last, points: points)
    let step = max(1, (last.since(first) + Int64(points) - 1) / Int64(points))
    var filter = StoreReader.EventFilter()
    filter.slot = slot
    filter.from = start
    filter.to = end
    filter.limit = 1000
    var series = MeterSeries(
      from: start.milliseconds, to: end.milliseconds,
      rows: zip(buckets, bands(slot, buckets, step)).map { b, band in
        [Double(b.time.milliseconds), b.minimum, b.mean, b.maximum, band?.low, band?.expected, band?.high]
      }, events: try reader.events(filter).map(summary))
    series.step = step
    let records = try reader.actions(slot: slot, limit: 10_000)
    series.works = works(records, start, end)
    series.actions = records.filter { touches($0, start, end) }.prefix(1000).map { summary($0, sensor) }
    return series
  }

  /// What is expected of each bucket. Of one that is longer than an hour: the lowest and highest of its hours, as its readings' minimum and
  /// maximum are, and the mean between.
  private func bands(
    _ slot: SensorSlot, _ buckets: [HistoryBucket], _ step: Int64
  ) -> [(low: Double, expected: Double, high: Double)?] {
    let count = Int64(min(24, max(1, step / 3_600_000)))
    let times = buckets.flatMap { b in (0..<count).map { b.time.adding(milliseconds: step * $0 / count) } }
    let all = engine.expectations(slot, at: times)
    return buckets.indices.map { n in
      let own = all[n * Int(count)..<(n + 1) * Int(count)].compactMap { $0 }
      guard let low = own.map(\.low).min(), let high = own.map(\.high).max() else { return nil }
      return (low, own.reduce(0) { $0 + $1.expected } / Double(own.count), high)
    }
  }

  /// Windows that were planned and not cancelled.
  private func works(_ records: [ActionRecord], _ from: Timestamp, _ to: Timestamp) -> [WorkSpan] {
    let planned = records.filter { $0.action.kind == .plannedWork && $0.action.from < $0.action.to }
    let cancelled = records.filter { $0.action.kind == .workCancelled }
    return WorkLedger.groups(planned: planned, cancelled: cancelled) { _ in true }
      .filter { !$0.isCancelled && $0.window.lowerBound < to && $0.window.upperBound > from }
      .map { WorkSpan(from: $0.window.lowerBound.milliseconds, to: $0.window.upperBound.milliseconds, by: $0.person, note: $0.note) }
  }

  private func touches(_ r: ActionRecord, _ from: Timestamp, _ to: Timestamp) -> Bool {
    r.action.kind.hasWindow ? r.action.from < to && r.action.to > from : r.action.time >= from && r.action.time < to
  }
}
