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
  /// Reads the series and runs the detector over them.
  ///
  /// Each file is in arrival order but does not tell arrival times: a row arrives at the newest time its file has shown so far. Rows of
  /// all members are merged by that time, members in the order of the manifest.
  /// - Parameter isTraced: keeps what a plot shows; asking the detector for its expectation changes nothing in it
  func run(settings: DetectorSettings, calendar: LocalCalendar, isTraced: Bool = false) throws(BacktestError) -> GroupResult {
    var rows: [[SeriesRow]] = []
    for m in members {
      do {
        rows.append(try SeriesFile.read(path: m.path, offset: calendar.offset))
      } catch {
        throw BacktestError(path: m.path, reason: error.line > 0 ? "line \(error.line): \(error.reason)" : error.reason)
      }
    }
    var detector = Detector(settings: settings, calendar: calendar)
    for m in members {
      let parent = m.parent.flatMap { name in members.firstIndex { $0.name == name } }
      _ = detector.addSensor(SensorProfile(expectedInterval: m.interval, parent: parent.map { SensorSlot($0) }))
    }
    var result = GroupResult()
    let merged = BacktestGroup.merge(rows)
    result.readings = merged.count
    if isTraced { result.traces = zip(members, rows).map { SeriesTrace($0, rows: $1) } }
    merged.withUnsafeBufferPointer { all in
      var from = 0
      while from < all.count {
        // In slices of an hour, so that silence of one meter is noticed while the others report.
        let hour = all[from].arrival.milliseconds / 3_600_000
        var to = from + 1
        while to < all.count, all[to].arrival.milliseconds / 3_600_000 == hour { to += 1 }
        if isTraced {
          // Before the hour's readings: what the engine expected, not what it made of them.
          let middle = Timestamp(milliseconds: hour * 3_600_000 + 1_800_000)
          for i in members.indices { result.traces[i].addBand(detector.expectation(SensorSlot(i), at: middle), at: middle) }
        }
        detector.process(UnsafeBufferPointer(rebasing: all[from..<to])) { result.transitions.append((Int($0.slot), $0)) }
        detector.advance(to: all[to - 1].arrival) { result.transitions.append((Int($0.slot), $0)) }
        from = to
      }
    }
    for (i, t) in result.transitions where isTraced { result.traces[i].transitions.append(t) }
    return result
  }

  static func merge(_ rows: [[SeriesRow]]) -> [Reading] {
    var out: [Reading] = []
    out.reserveCapacity(rows.reduce(0) { $0 + $1.count })
    var next = [Int](repeating: 0, count: rows.count)
    var arrival = rows.map { $0.first?.time ?? .distantPast }
    while true {
      var best = -1
      for i in rows.indices where next[i] < rows[i].count {
        arrival[i] = max(arrival[i], rows[i][next[i]].time)
        if best < 0 || arrival[i] < arrival[best] { best = i }
      }
      guard best >= 0 else { return out }
      let row = rows[best][next[best]]
      out.append(Reading(slot: SensorSlot(best), time: row.time, arrival: arrival[best], value: row.value))
      next[best] += 1
    }
  }
}
