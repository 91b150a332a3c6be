import Detection
import Foundation
import MQTT
import Readings
import Store
import Synchronization

/// What the threads and tasks of the service share.
struct Shared: Sendable {
  let engine: Engine
  let directory = SensorDirectory()
  let counters = Counters()
  let committed = CommitSignal()
  let live = LiveHub()
  let actions = ActionDesk()
  let works = WorkBook()
  let batteries = BatteryBook()
  /// Of the ingest thread: once a second while it is not stuck in a commit.
  let heartbeat = Heartbeat()

  init(engine: Engine, sensors: [StoredSensor]) {
    self.engine = engine
    directory.append(contentsOf: sensors.map(\.id))
  }
}

/// Threads of its own for what blocks: the cooperative pool has only as many threads as cores.
final class ServiceThreads: Sendable {
  private let group = DispatchGroup()

  func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
    group.enter()
    let thread = Thread { [group] in
      body()
      group.leave()
    }
    thread.name = name
    thread.start()
  }

  /// Waits for all of them.
  func join() { group.wait() }
}

/// The ingest thread: subscriber and pipeline run on it and nowhere else.
final class IngestBox: @unchecked Sendable {
  // @unchecked: the pipeline is touched by the one thread that `run` starts; `finished` only waits for its end.
  private let subscriber: Subscriber
  private let pipeline: Pipeline
  private let done = DispatchSemaphore(value: 0)

  private let prepare: @Sendable () -> Void

  /// - Parameter prepare: called on the thread before anything is received; may block.
  init(subscriber: Subscriber, pipeline: Pipeline, prepare: @escaping @Sendable () -> Void) {
    self.subscriber = subscriber
    self.pipeline = pipeline
    self.prepare = prepare
  }

  func run() async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let thread = Thread { [self] in
        // Foundation's name stays within the process; this one shows in `top -H`, and the bench finds it.
        if let name = fopen("/proc/thread-self/comm", "we") {
          fputs("ingest", name)
          fclose(name)
        }
        prepare()
        let result = Result { try subscriber.run() }
        if case .success = result { pipeline.lastCheckpoint() } else { pipeline.dropSaver() }
        pipeline.actions.close()
        done.signal()
        continuation.resume(with: result)
      }
      thread.name = "ingest"
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  /// Returns when the thread has ended. For a thread that waits, not for the cooperative pool's sake: at most a few seconds.
  func finished() async {
    await withCheckedContinuation { continuation in
      Thread { [done] in
        done.wait()
        done.signal()
        continuation.resume()
      }.start()
    }
  }
}
