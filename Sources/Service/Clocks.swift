import Foundation
import Readings

/// The two clocks of the service. Only the service reads clocks; the core is given times.
enum Clocks {
  /// Wall clock, for arrival times and for refusing readings from the future.
  static func wall() -> Timestamp { Timestamp(milliseconds: nanoseconds(CLOCK_REALTIME) / 1_000_000) }
  /// Monotonic milliseconds, for timers: unaffected by jumps of the wall clock.
  static func monotonic() -> Int64 { nanoseconds(CLOCK_MONOTONIC) / 1_000_000 }

  /// Both clocks at a time.
  struct Moment {
    let monotonic = Clocks.monotonic()
    let wall = Clocks.wall()
  }

  /// Monotonic nanoseconds, for how long something takes.
  static func nanoseconds() -> Int64 { nanoseconds(CLOCK_MONOTONIC) }

  private static func nanoseconds(_ id: clockid_t) -> Int64 {
    var t = timespec()
    clock_gettime(id, &t)
    return Int64(t.tv_sec) * 1_000_000_000 + Int64(t.tv_nsec)
  }
}
