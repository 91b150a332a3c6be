/// Where alerts go. The queue, the schedule and the threads are the same for all (`DeliveryWorker`); a sink knows only how a notice
/// becomes a request or a process, and how the answer becomes an outcome.
public protocol AlertSink: Sendable {
  /// Names the sink's queue: stable, unique among all sinks.
  var name: String { get }

  /// Makes one attempt. Blocks, at most the sink's time limit, and at most about a second after `isGivenUp` has become true.
  ///
  /// Each attempt to deliver the same notice carries the same id, so that the other side can tell a repetition.
  /// - Parameters:
  ///   - now: Unix milliseconds.
  ///   - isGivenUp: asked now and then; true breaks the attempt off, which is then one that failed.
  func send(_ notice: Notice, now: Int64, isGivenUp: @escaping @Sendable () -> Bool) -> AttemptOutcome
}

extension AlertSink {
  /// An attempt that nobody breaks off.
  public func send(_ notice: Notice, now: Int64) -> AttemptOutcome { send(notice, now: now, isGivenUp: { false }) }
}
