import Readings
import Synchronization

/// What the service counts for `/metrics` and the system page. Safe from any thread.
public final class Counters: Sendable {
  let messages = Atomic<Int>(0)
  let readings = Atomic<Int>(0)
  let duplicates = Atomic<Int>(0)
  let retained = Atomic<Int>(0)
  let commits = Atomic<Int>(0)
  let commitFailures = Atomic<Int>(0)
  let transitions = Atomic<Int>(0)
  /// States of the detector that were saved.
  let checkpoints = Atomic<Int>(0)
  /// The longest time that saving a state held up the readings, ns.
  let checkpointPause = Atomic<Int64>(0)
  let reconnects = Atomic<Int>(0)
  let takeovers = Atomic<Int>(0)
  let isSubscribed = Atomic<Bool>(false)
  let wasSubscribed = Atomic<Bool>(false)
  /// The wall clock is plainly wrong: nothing is received until it is set.
  let isWaitingForClock = Atomic<Bool>(false)
  /// Unix milliseconds of the last accepted reading's arrival, 0 before the first.
  let lastArrival = Atomic<Int64>(0)
  /// How many readings came of late; fed by the tick of the ingest thread.
  let rate = RateRing()
  /// When this run began.
  let started = (wall: Clocks.wall(), monotonic: Clocks.monotonic())
  /// The present in event time, Unix ms, as silence is measured in; 0 before the first reading.
  let eventTime = Atomic<Int64>(0)
  /// The last reason for which there was no connection.
  let lastConnectionError = Mutex<String>("")
  private let rejectedByReason = Mutex<[String: Int]>([:])
  private let deliveriesByOutcome = Mutex<[String: Int]>([:])

  public init() {}

  /// Counts a rejected message and tells whether this one should go to the log: the 1st, 2nd, 4th, 8th … of its reason.
  func reject(_ reason: String) -> Bool {
    let n = rejectedByReason.withLock {
      $0[reason, default: 0] += 1
      return $0[reason, default: 0]
    }
    return n & (n - 1) == 0
  }

  /// Saving a state has held up the readings for `nanoseconds` at a stretch.
  func noteCheckpointPause(_ nanoseconds: Int64) { _ = checkpointPause.max(nanoseconds, ordering: .relaxed) }

  func delivered(_ outcome: String) { deliveriesByOutcome.withLock { $0[outcome, default: 0] += 1 } }

  var rejected: [String: Int] { rejectedByReason.withLock { $0 } }
  var deliveries: [String: Int] { deliveriesByOutcome.withLock { $0 } }

  /// Prometheus text format 0.0.4.
  func prometheus(extra: [(name: String, help: String, type: String, value: Double)]) -> String {
    var out = ""
    func head(_ name: String, _ help: String, _ type: String) { out += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n" }
    func counter(_ name: String, _ help: String, _ value: Int) {
      head(name, help, "counter")
      out += "\(name) \(value)\n"
    }
    counter("mizumori_messages_total", "MQTT messages received.", messages.load(ordering: .relaxed))
    counter("mizumori_readings_total", "Readings accepted.", readings.load(ordering: .relaxed))
    counter("mizumori_duplicate_readings_total", "Readings that were already known.", duplicates.load(ordering: .relaxed))
    counter("mizumori_retained_messages_total", "Messages that the broker had retained.", retained.load(ordering: .relaxed))
    counter("mizumori_commits_total", "Transactions committed by the ingest thread.", commits.load(ordering: .relaxed))
    counter("mizumori_commit_failures_total", "Commits put off because the disk was full.", commitFailures.load(ordering: .relaxed))
    counter("mizumori_transitions_total", "Event transitions emitted.", transitions.load(ordering: .relaxed))
    counter("mizumori_checkpoints_total", "States of the detector saved.", checkpoints.load(ordering: .relaxed))
    head("mizumori_checkpoint_pause_seconds_max", "The longest time that saving a state held up the readings.", "gauge")
    out += "mizumori_checkpoint_pause_seconds_max \(Double(checkpointPause.load(ordering: .relaxed)) / 1e9)\n"
    counter("mizumori_reconnects_total", "Connections to the broker lost.", reconnects.load(ordering: .relaxed))
    counter("mizumori_takeovers_total", "Connections taken by another client with our id.", takeovers.load(ordering: .relaxed))
    head("mizumori_rejected_messages_total", "Messages rejected, by reason.", "counter")
    for (reason, n) in rejected.sorted(by: { $0.key < $1.key }) { out += "mizumori_rejected_messages_total{reason=\"\(reason)\"} \(n)\n" }
    head("mizumori_deliveries_total", "Delivery attempts, by outcome.", "counter")
    for (outcome, n) in deliveries.sorted(by: { $0.key < $1.key }) { out += "mizumori_deliveries_total{outcome=\"\(outcome)\"} \(n)\n" }
    head("mizumori_subscribed", "1 while the broker has confirmed every subscription.", "gauge")
    out += "mizumori_subscribed \(isSubscribed.load(ordering: .relaxed) ? 1 : 0)\n"
    for e in extra {
      head(e.name, e.help, e.type)
      out += "\(e.name) \(e.value == e.value.rounded() && abs(e.value) < 1e15 ? String(Int(e.value)) : String(e.value))\n"
    }
    return out
  }
}
