import Glibc

/// A pipe that another thread writes to wake a poll.
final class WakeUp: Sendable {
  /// The end to poll.
  let descriptor: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    // Without a pipe a stop is seen at the next tick, a second later.
    _ = pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    close(descriptor)
    close(writeEnd)
  }

  func signal() {
    var one: UInt8 = 1
    _ = write(writeEnd, &one, 1)
  }

  func clear() {
    var buffer: (UInt64, UInt64) = (0, 0)
    while read(descriptor, &buffer, 16) > 0 {}
  }
}

/// Monotonic milliseconds.
func monotonicMilliseconds() -> Int64 {
  var t = timespec()
  clock_gettime(CLOCK_MONOTONIC, &t)
  return Int64(t.tv_sec) * 1000 + Int64(t.tv_nsec) / 1_000_000
}
