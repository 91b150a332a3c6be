import Glibc
import Synchronization

/// Serves the queue of one endpoint, one delivery after the other, on a thread of its own: nobody else waits for a slow receiver.
public final class DeliveryWorker: Sendable {
  private let sink: any AlertSink
  private let queue: any DeliveryQueue
  private let wake = Gate()
  /// A wall clock that goes back by more than this, in ms, was set by hand or by the first answer of a time server. A step forward needs
  /// nothing: what waits is due earlier, once.
  private static let clockStep: Int64 = 60_000
  private let onResult: @Sendable (String, DeliveryMachine.Next) -> Void
  private let onError: @Sendable (any Error) -> Void

  /// - Parameters:
  ///   - onResult: told the endpoint's name and what came of each attempt.
  ///   - onError: told when the queue itself fails; the worker tries again after 5 s.
  public init(
    sink: any AlertSink, queue: any DeliveryQueue, onResult: @escaping @Sendable (String, DeliveryMachine.Next) -> Void,
    onError: @escaping @Sendable (any Error) -> Void
  ) {
    self.sink = sink
    self.queue = queue
    self.onResult = onResult
    self.onError = onError
  }

  /// There may be something new in the queue.
  public func poke() { wake.open() }
  public func stop() { wake.stop() }

  /// Works until `stop()`; an attempt under way has three seconds to end, then it is broken off and made again after the next start.
  public func run() {
    var offset = DeliveryWorker.now() - MonotonicClock.now()
    while !wake.isStopped {
      do {
        let back = offset - (DeliveryWorker.now() - MonotonicClock.now())
        if back > DeliveryWorker.clockStep { try queue.clockWentBack(endpoint: sink.name, by: back) }
        offset -= back
        while !wake.isStopped, let delivery = try queue.nextDue(endpoint: sink.name, now: DeliveryWorker.now()) {
          try attempt(delivery)
        }
        let next = try queue.nextTime(endpoint: sink.name)
        wake.wait(milliseconds: min(30_000, max(50, (next ?? .max) &- DeliveryWorker.now())))
      } catch {
        onError(error)
        wake.wait(milliseconds: 5000)
      }
    }
  }

  private func attempt(_ delivery: PendingDelivery) throws {
    let outcome = sink.send(delivery.notice, now: DeliveryWorker.now(), isGivenUp: { [wake] in wake.isOverdue })
    let now = DeliveryWorker.now()
    let next = DeliveryMachine.next(
      attempt: delivery.attempts + 1, outcome: outcome, now: now, seed: UInt64(bitPattern: delivery.id &* 31 &+ Int64(delivery.attempts)))
    try queue.record(delivery.id, endpoint: sink.name, next, now: now)
    onResult(sink.name, next)
  }

  /// Unix milliseconds.
  static func now() -> Int64 {
    var t = timespec()
    clock_gettime(CLOCK_REALTIME, &t)
    return Int64(t.tv_sec) * 1000 + Int64(t.tv_nsec) / 1_000_000
  }
}

/// Milliseconds for time limits: unaffected by jumps of the wall clock.
enum MonotonicClock {
  static func now() -> Int64 {
    var t = timespec()
    clock_gettime(CLOCK_MONOTONIC, &t)
    return Int64(t.tv_sec) * 1000 + Int64(t.tv_nsec) / 1_000_000
  }
}

/// A place to wait with a time limit, opened from any thread: a pipe and poll, so that neither wall-clock jumps nor a missed signal matter.
final class Gate: Sendable {
  private let ends: (read: Int32, write: Int32)
  /// Monotonic milliseconds of `stop()`; 0 before.
  private let stoppedAt = Atomic<Int64>(0)
  /// What is under way may go on for so long after `stop()`, ms.
  private static let grace: Int64 = 3000

  init() {
    var pair: [Int32] = [-1, -1]
    _ = pipe(&pair)
    for end in pair {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    ends = (pair[0], pair[1])
  }

  deinit {
    close(ends.read)
    close(ends.write)
  }

  var isStopped: Bool { stoppedAt.load(ordering: .acquiring) > 0 }
  var isOverdue: Bool {
    let t = stoppedAt.load(ordering: .acquiring)
    return t > 0 && MonotonicClock.now() - t > Gate.grace
  }

  func open() {
    var one: UInt8 = 1
    _ = write(ends.write, &one, 1)
  }

  func stop() {
    // The first call counts.
    _ = stoppedAt.compareExchange(expected: 0, desired: max(1, MonotonicClock.now()), ordering: .acquiringAndReleasing)
    open()
  }

  func wait(milliseconds: Int64) {
    var set = pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0)
    if poll(&set, 1, Int32(clamping: milliseconds)) > 0 {
      var buffer: (UInt64, UInt64) = (0, 0)
      while read(ends.read, &buffer, 16) > 0 {}
    }
  }
}
