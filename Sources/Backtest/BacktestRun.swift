import Detection
import Foundation
import Readings
import Series
import Synchronization

/// The engine of the service over history: files, or a set with a manifest.
public struct BacktestRun: Sendable {
  public var settings: DetectorSettings
  public var calendar: LocalCalendar
  /// Threads; the result does not depend on it.
  public var workers: Int
  /// Keeps what a plot shows (`BacktestResult.traces`); alerts do not depend on it.
  public var isTraced = false
  private var groups: [BacktestGroup] = []

  public init(settings: DetectorSettings = .init(), calendar: LocalCalendar = .japan, workers: Int? = nil) {
    self.settings = settings
    self.calendar = calendar
    self.workers = max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  /// Adds one file as a utility of its own; its name in alerts is the file's name without `.csv` or `.csv.gz`.
  public mutating func add(file path: String) {
    var name = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [".gz", ".csv"] where name.hasSuffix(ending) { name.removeLast(ending.count) }
    groups.append(BacktestGroup(name: name, members: [BacktestSeries(name: name, path: path)]))
  }

  /// Adds a set: a directory with `manifest.json` and `series/<id>.csv.gz` (or `.csv`). Series of the same network, start and interval ran
  /// together and are one utility.
  public mutating func add(set directory: String) throws(BacktestError) {
    let manifest = try BacktestRun.manifest(in: directory)
    var place: [String: Int] = [:]
    for s in manifest.series {
      var series = BacktestSeries(
        name: s.series, path: BacktestRun.path(of: s.series, in: directory), interval: Int64(s.interval_min) * 60_000,
        parent: s.parent ?? manifest.outlet(above: s))
      (series.set, series.network, series.facility) = (directory, s.network, s.facility ?? "")
      series.start = Timestamp(iso8601: s.start, defaultOffset: calendar.offset)
      let key = "\(s.network)\n\(s.start)\n\(s.interval_min)"
      if let i = place[key] {
        groups[i].members.append(series)
      } else {
        place[key] = groups.count
        groups.append(BacktestGroup(name: s.network, members: [series]))
      }
    }
  }

  /// Runs all groups over the workers: a group is judged by one thread, in order; a thread without a group reads ahead for the others.
  ///
  /// Memory does not grow with the length of the series (some 100 kB a series of the groups that run), unless `isTraced`.
  /// - Parameter progress: told how far the run is.
  /// - Returns: in the order of groups, within a group as it came out, whatever the number of workers.
  public func run(progress: BacktestProgress = .init()) throws(BacktestError) -> BacktestResult {
    let began = DispatchTime.now().uptimeNanoseconds
    let sizes = groups.map { $0.bytes }
    progress.expect(bytes: sizes.reduce(0, +))
    // The largest first, so that at the end no thread is left alone with it.
    let order = groups.indices.sorted { (sizes[$0], $1) > (sizes[$1], $0) }
    let results = Mutex<[Result<GroupResult, BacktestError>?]>(Array(repeating: nil, count: groups.count))
    let next = Atomic<Int>(0)
    let ahead = ReadAhead(groups: groups.count)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while case let i = next.wrappingAdd(1, ordering: .relaxed).oldValue, i < order.count {
        let r = Result { () throws(BacktestError) in
          try groups[order[i]].run(settings: settings, calendar: calendar, isTraced: isTraced, ahead: ahead, progress: progress)
        }
        results.withLock { $0[order[i]] = r }
        ahead.groupEnded()
      }
      ahead.help()
    }
    var out = BacktestResult(offset: calendar.offset)
    for (group, r) in zip(groups, results.withLock { $0 }) {
      guard let r else { continue }
      out.append(try r.get(), of: group)
    }
    out.seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
    return out
  }
}

extension BacktestRun {
  private static func manifest(in directory: String) throws(BacktestError) -> SetManifest {
    let path = directory + "/manifest.json"
    do {
      return try JSONDecoder().decode(SetManifest.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw BacktestError(path: path, reason: String(describing: error))
    }
  }

  private static func path(of series: String, in directory: String) -> String {
    let plain = "\(directory)/series/\(series).csv"
    return FileManager.default.fileExists(atPath: plain) ? plain : plain + ".gz"
  }
}

/// What could not be read, and why.
public struct BacktestError: Error, CustomStringConvertible {
  public let path: String
  public let reason: String
  public var description: String { "\(path): \(reason)" }
}

extension BacktestError {
  init(_ e: SeriesError) { self.init(path: e.file, reason: e.line > 0 ? "line \(e.line): \(e.reason)" : e.reason) }
}

/// What a backtest found.
public struct BacktestResult: Sendable {
  public private(set) var transitions: [(series: String, transition: Transition)] = []
  public private(set) var readings = 0
  public private(set) var series = 0
  /// What a plot shows; empty unless `BacktestRun.isTraced`.
  public private(set) var traces: [SeriesTrace] = []
  /// Wall time of reading and judging.
  public internal(set) var seconds: Double = 0
  let offset: Int

  init(offset: Int) { self.offset = offset }

  mutating func append(_ r: GroupResult, of group: BacktestGroup) {
    readings += r.readings
    series += group.members.count
    traces += r.traces
    for t in r.transitions { transitions.append((group.members[t.series].name, t.transition)) }
  }

  /// The alerts as JSON lines.
  public var alertLines: String {
    var out = ""
    for t in transitions { out += AlertLine.text(t.transition, sensor: t.series, offset: offset) + "\n" }
    return out
  }
}
