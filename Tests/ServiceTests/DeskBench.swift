import Dispatch
import Readings
import Settings
import Store
import Synchronization
import TestSupport
import Web

@testable import Service

/// The page over a real data directory, with a pipeline that a thread keeps turning as the ingest thread does.
final class DeskBench: @unchecked Sendable {
  // @unchecked: the pipeline is touched on `queue` alone.
  let settings: MizumoriSettings
  let page: PageBridge
  private let pipeline: Pipeline
  private let queue = DispatchQueue(label: "ingest")
  private let timer: any DispatchSourceTimer

  /// - Parameter yaml: the settings, without the data directory.
  init(_ home: TemporaryDirectory, _ yaml: String = "") throws {
    settings = try MizumoriSettings.parse("data: {directory: data}\n" + yaml, name: "s.yaml", directory: home.path)
    let pipeline = try Pipeline.open(settings.data.directory, settings: settings)
    self.pipeline = pipeline
    page = PageBridge(
      reader: try StoreReader(directory: settings.data.directory), engine: pipeline.engine, directory: pipeline.directory,
      counters: pipeline.counters, profiles: pipeline.profiles, live: pipeline.live, actions: pipeline.actions,
      works: pipeline.works, batteries: pipeline.batteries, desk: try DeskStore(directory: settings.data.directory), settings: settings,
      version: "1", writes: try DeskWrites(directory: settings.data.directory, committed: pipeline.committed))
    pipeline.counters.isSubscribed.store(true, ordering: .relaxed)
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now(), repeating: .milliseconds(20))
    timer.setEventHandler { [pipeline] in
      pipeline.takeActions()
      _ = try? pipeline.commit()
    }
    timer.activate()
  }

  deinit {
    timer.cancel()
    queue.sync {}
  }

  /// Does something where the ingest thread would.
  func ingest<T>(_ body: (Pipeline) throws -> T) throws -> T {
    try queue.sync {
      let result = try body(pipeline)
      guard try pipeline.commit() else { throw ActionError.notNow }
      return result
    }
  }

  /// Quarter-hourly readings with a day's course of these sensors, from `start` on; `extra` is added to the flow.
  func feed(_ sensors: [String], hours: Range<Int>, extra: (String, Int) -> Double = { _, _ in 0 }) throws {
    try ingest { p in
      for h in hours {
        for quarter in 0..<4 {
          let t = Self.start.milliseconds + Int64(h * 60 + quarter * 15) * 60_000
          for s in sensors {
            let flow = 20 + 8 * (h % 24 < 6 ? 0 : 1) + (h * 4 + quarter) % 3
            p.send("water/\(s)", "{\"ts\":\(t),\"value\":\(Double(flow) + extra(s, h))}")
          }
        }
        p.tick()
      }
    }
  }

  /// Monday the 28th of September 2026, 00:00 in Japan.
  static let start = Timestamp(milliseconds: 1_790_521_200_000)

  /// Local time so many hours after `start`, as the API takes it.
  static func time(_ hour: Int) -> String { start.adding(seconds: Int64(hour) * 3600).iso8601(offset: 32_400) }
}
