import Detection
import Readings
import Series

/// The series of one utility that ran together: judged by one detector, merged by arrival.
struct BacktestGroup: Sendable {
  var name: String
  var members: [BacktestSeries]
}

/// One series: its name in alerts, its file, its interval in ms (0 = learnt).
public struct BacktestSeries: Hashable, Sendable {
  public var name: String
  public var path: String
  public var interval: Int64
  /// Name of the series of the meter upstream, in the same group.
  public var parent: String?
  /// From the manifest, for plots: its directory, the utility, the place, the first moment; empty or nil for a single file.
  public var set = ""
  public var network = ""
  public var facility = ""
  public var start: Timestamp?

  public init(name: String, path: String, interval: Int64 = 0, parent: String? = nil) {
    self.name = name
    self.path = path
    self.interval = interval
    self.parent = parent
  }
}

/// What came out of one group.
struct GroupResult: Sendable {
  var transitions: [(series: Int, transition: Transition)] = []
  var readings = 0
  /// One a member; none unless they were asked for.
  var traces: [SeriesTrace] = []
}

extension BacktestGroup {
  /// Readings that the detector is handed at a time.
  private static let batch = 2048

  /// Reads the series and runs the detector over them, merged by arrival (`RowMerge`).
  /// - Parameter isTraced: keeps what a plot shows, and all rows in memory for it; asking the detector for its expectation changes nothing
  ///   in it
  func run(
    settings: DetectorSettings, calendar: LocalCalendar, isTraced: Bool, ahead: ReadAhead, progress: BacktestProgress
  ) throws(BacktestError) -> GroupResult {
    var result = GroupResult()
    do {
      var feeds: [RowFeed] = []
      for m in members {
        if isTraced {
          let rows = try SeriesFile.read(path: m.path, offset: calendar.offset)
          result.traces.append(SeriesTrace(m, rows: rows))
          feeds.append(RowFeed(rows: rows, bytes: m.bytes, progress: progress))
        } else {
          feeds.append(try RowFeed(path: m.path, offset: calendar.offset, progress: progress))
        }
      }
      var detector = makeDetector(settings, calendar)
      try judge(feeds, &detector, &result, ahead, progress)
    } catch {
      throw BacktestError(error)
    }
    for (i, t) in result.transitions where isTraced { result.traces[i].transitions.append(t) }
    return result
  }

  private func makeDetector(_ settings: DetectorSettings, _ calendar: LocalCalendar) -> Detector {
    var detector = Detector(settings: settings, calendar: calendar)
    for m in members {
      let parent = m.parent.flatMap { name in members.firstIndex { $0.name == name } }
      _ = detector.addSensor(SensorProfile(expectedInterval: m.interval, parent: parent.map { SensorSlot($0) }))
    }
    return detector
  }

  private func judge(
    _ feeds: [RowFeed], _ detector: inout Detector, _ result: inout GroupResult, _ ahead: ReadAhead, _ progress: BacktestProgress
  ) throws(SeriesError) {
    var rows = RowMerge(feeds, ahead)
    try rows.begin()
    let batch = UnsafeMutableBufferPointer<Reading>.allocate(capacity: BacktestGroup.batch)
    defer { batch.deallocate() }
    // In slices of an hour, so that silence of one meter is noticed while the others report.
    while let first = rows.arrival {
      let hour = first / 3_600_000
      let middle = Timestamp(milliseconds: hour * 3_600_000 + 1_800_000)
      // Before the hour's readings: what the engine expected, not what it made of them.
      for i in result.traces.indices { result.traces[i].addBand(detector.expectation(SensorSlot(i), at: middle), at: middle) }
      // Division rounds towards 1970.
      let end = first >= 0 ? (hour + 1) * 3_600_000 : hour * 3_600_000 + 1
      var last = first
      while case let count = try rows.fill(batch, before: end), count > 0 {
        last = batch[count - 1].arrival.milliseconds
        detector.process(UnsafeBufferPointer(rebasing: batch[..<count])) { result.transitions.append((Int($0.slot), $0)) }
        result.readings += count
        progress.add(readings: count)
      }
      detector.advance(to: Timestamp(milliseconds: last)) { result.transitions.append((Int($0.slot), $0)) }
    }
  }
}
