import Glibc
import TestSupport
import Testing

@testable import MQTT

/// A broker that lets only some messages be in flight is not held up, and one that lets enough is not taken for such.
struct BrokerWindowTests {
  /// A broker with `window` messages in flight at most and one message each `gap` ms, and the service's commits, which take 5 ms.
  private struct Line {
    let window: Int
    let gap: Int64
    let trip: Int64
    var policy = GroupCommitPolicy()
    var commits = 0
    var delivered = 0
    var longest: Int64 = 0
    private var now: Int64 = 0
    private var queue: [Int64] = []
    private var pending: [Int64] = []
    /// When the broker sends again, and when the next message comes to it.
    private var (sends, next): (Int64, Int64) = (0, 0)

    init(window: Int, gap: Int64, trip: Int64 = 2) {
      (self.window, self.gap, self.trip) = (window, gap, trip)
      policy.fewDelay = 2000
      policy.period = 10_000
    }

    mutating func run(through end: Int64, backlog: Int = 0) {
      queue += [Int64](repeating: now, count: backlog)
      while now <= end {
        while next <= now {
          queue.append(next)
          next += gap
        }
        if now >= sends, !queue.isEmpty, pending.count < window {
          let n = min(window - pending.count, queue.count)
          pending += queue.prefix(n)
          queue.removeFirst(n)
          policy.received(n, now: now)
        }
        if policy.isDue(now: now, urgent: false), policy.pending > 0 {
          now += 5
          commits += 1
          delivered += pending.count
          longest = max(longest, now - (pending.first ?? now))
          pending = []
          policy.committed(now: now)
          sends = now + trip
        }
        now += 1
      }
    }
  }

  /// A backlog goes through at the pace of the line, whatever the window.
  @Test(arguments: [1, 2, 5, 10, 15, 20], [2, 80] as [Int64])
  func aBacklogIsNotHeldUp(window: Int, trip: Int64) {
    var line = Line(window: window, gap: 300, trip: trip)
    // What is saved is used up first.
    line.run(through: 400_000)
    let before = line.delivered
    line.run(through: 520_000, backlog: window * 200)
    #expect(line.delivered - before >= window * 200, "\(line.delivered - before) of \(window * 200) in two minutes")
  }

  /// In the long run all that comes is taken, and nothing waits for more than a period beyond its time in the broker.
  @Test(arguments: [1, 2, 5, 10, 20, 500]) func aTrickleIsTakenWhole(window: Int) {
    var line = Line(window: window, gap: 300)
    line.run(through: 7_200_000)
    #expect(line.delivered >= 7_200_000 / 300 - 40)
    #expect(line.longest <= 21_000, "\(line.longest)")
  }

  /// Where the window is large enough, messages that come by chance soon after a commit do not look like a broker that was held up.
  @Test(arguments: [1, 2, 3]) func chanceIsNoWindow(seed: UInt64) {
    var policy = GroupCommitPolicy()
    policy.fewDelay = 2000
    policy.period = 10_000
    var g = SeededGenerator(seed: seed)
    var (now, commits) = (Int64(0), 0)
    var next = Int64(0)
    while now < 14_400_000 {
      if next <= now {
        policy.received(1, now: now)
        next = now + Int64(-300 * log(Double.random(in: 1e-12...1, using: &g)))
      }
      if policy.pending > 0, policy.isDue(now: now, urgent: false) {
        commits += 1
        policy.committed(now: now + 5)
      }
      now += 5
    }
    // 1,440 periods and what was saved; some come early by chance.
    #expect(commits <= 1440 + 120 + 140, "seed \(seed): \(commits)")
  }
}
