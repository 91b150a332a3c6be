import Testing

@testable import MQTT

struct GroupCommitPolicyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// (count, at ms)
    var received: [(Int, Int64)]
    var now: Int64
    var urgent = false
    var few: Int64?
    var isDue: Bool
  }

  @Test(arguments: [
    Case(testDescription: "nothing pending", received: [], now: 10_000, isDue: false),
    Case(testDescription: "one message waits", received: [(1, 0)], now: 999, isDue: false),
    Case(testDescription: "one message after a second", received: [(1, 0)], now: 1000, isDue: true),
    Case(testDescription: "the second counts from the first message", received: [(1, 0), (1, 900)], now: 1000, isDue: true),
    Case(testDescription: "a full batch", received: [(500, 0)], now: 0, isDue: true),
    Case(testDescription: "almost full, still flowing", received: [(499, 5)], now: 5, isDue: false),
    Case(testDescription: "a broker's window of 20, then quiet", received: [(20, 0)], now: 10, isDue: true),
    Case(testDescription: "a window behind a message that waits", received: [(1, 0), (19, 400)], now: 410, isDue: true),
    Case(testDescription: "a window in two parts", received: [(12, 400), (8, 430)], now: 440, isDue: true),
    Case(testDescription: "twenty that trickled in", received: [(10, 0), (10, 51)], now: 61, isDue: true),
    Case(testDescription: "twenty that trickle in still", received: [(10, 0), (10, 51)], now: 60, isDue: false),
    Case(testDescription: "a few, then quiet", received: [(15, 0)], now: 10, isDue: false),
    Case(testDescription: "a transition came out", received: [(1, 0)], now: 0, urgent: true, isDue: true),
    Case(testDescription: "a tick's transition without messages", received: [], now: 0, urgent: true, isDue: true),
    Case(testDescription: "nine are few and wait", received: [(9, 0)], now: 1999, few: 2000, isDue: false),
    Case(testDescription: "nine have waited", received: [(9, 0)], now: 2000, few: 2000, isDue: true),
    Case(testDescription: "ten are not few", received: [(9, 0), (1, 900)], now: 1000, few: 2000, isDue: true),
    Case(testDescription: "few, and a transition", received: [(1, 0)], now: 0, urgent: true, few: 2000, isDue: true),
    Case(testDescription: "few never wait shorter than many", received: [(1, 0)], now: 999, few: 10, isDue: false),
  ])
  func due(_ c: Case) {
    var p = GroupCommitPolicy()
    if let few = c.few { p.fewDelay = few }
    for (n, at) in c.received { p.received(n, now: at) }
    #expect(p.isDue(now: c.now, urgent: c.urgent) == c.isDue)
  }

  /// Commits have come as often as they may: so many messages wait for the pace, but not when the broker says nothing any more.
  @Test func manyOneByOneWaitForThePaceWhileTheyCome() {
    var p = GroupCommitPolicy()
    p.period = 10_000
    var now: Int64 = 0
    for _ in 0..<200 {
      now += 1
      p.received(1, now: now)
      p.committed(now: now)
    }
    for _ in 0..<20 {
      now += 100
      p.received(1, now: now)
    }
    #expect(!p.isDue(now: now + 1999, urgent: false))
    #expect(p.isDue(now: now + 2000, urgent: false))
  }

  @Test func waitingEndsWhenACommitIsDue() {
    var p = GroupCommitPolicy()
    #expect(p.wait(now: 0, limit: 700) == 700)
    p.received(1, now: 0)
    #expect(p.wait(now: 400, limit: 5000) == 600)
    p.received(20, now: 400)
    #expect(p.wait(now: 400, limit: 5000) == 10)
    p.committed(now: 410)
    #expect(p.pending == 0)
  }

  @Test func backoffDoublesToAMinuteAndStartsAnewAfterAStableOne() {
    var b = Backoff(seed: 7)
    let delays = (0..<9).map { _ in b.next() }
    for (n, d) in delays.enumerated() {
      let base = min(60_000, Int64(1000) << Int64(min(n, 6)))
      #expect(d >= base * 8 / 10 && d <= base * 12 / 10)
    }
    b.ended(after: 59_999)
    #expect(b.attempts == 9)
    b.ended(after: 60_000)
    #expect(b.attempts == 0)
  }
}
