import Testing

@testable import MQTT

/// Commits of a trickle are spaced, and nobody waits for long because of it.
struct CommitPaceTests {
  /// A service of which the time is played: messages come one by one at `gap` ms, and it looks each `step` ms.
  private struct Trickle {
    var policy = GroupCommitPolicy()
    var commits: [(at: Int64, size: Int)] = []
    /// How long the oldest message of a commit waited.
    var longest: Int64 = 0

    init(period: Int64) {
      policy.fewDelay = 2000
      policy.period = period
    }

    mutating func run(gap: Int64, from start: Int64, through end: Int64, step: Int64 = 10, urgentEvery: Int64? = nil) {
      var next = start
      var first: Int64?
      for now in stride(from: start, through: end, by: Int.Stride(step)) {
        while next <= now {
          policy.received(1, now: now)
          first = first ?? now
          next += gap
        }
        let isUrgent = urgentEvery.map { now % $0 == 0 } ?? false
        guard policy.pending > 0, policy.isDue(now: now, urgent: isUrgent) else { continue }
        commits.append((now, policy.pending))
        longest = max(longest, now - (first ?? now))
        first = nil
        policy.committed(now: now)
      }
    }
  }

  @Test func aDaysTrickleIsCommittedEachPeriod() {
    var t = Trickle(period: 10_000)
    t.run(gap: 300, from: 0, through: 86_400_000, step: 20)
    // 8,640 periods, and what was saved at the start.
    #expect(t.commits.count >= 8640 && t.commits.count <= 8640 + 121)
    #expect(t.longest <= 10_020)
    let later = t.commits.dropFirst(200)
    #expect(later.allSatisfy { $0.size >= 33 && $0.size <= 34 })
    // At first they come as before: two seconds after the first message.
    #expect(t.commits[0].at <= 2020)
  }

  @Test func withoutAPeriodTheyComeAsBefore() {
    var t = Trickle(period: 0)
    t.run(gap: 300, from: 0, through: 600_000)
    #expect(t.commits.allSatisfy { $0.size == 7 })
  }

  @Test func fewMessagesAreSeenAtOnceAllDay() {
    var t = Trickle(period: 10_000)
    t.run(gap: 15_000, from: 0, through: 86_400_000, step: 100)
    #expect(t.longest <= 2100 && t.commits.allSatisfy { $0.size == 1 })
  }

  @Test func anAlertNeverWaits() {
    var t = Trickle(period: 10_000)
    t.run(gap: 300, from: 0, through: 3_000_000)
    let before = t.commits.count
    t.run(gap: 300, from: 3_000_300, through: 4_000_000, urgentEvery: 50_000)
    for n in stride(from: Int64(3_050_000), through: 4_000_000, by: 50_000) { #expect(t.commits.contains { $0.at == n }) }
    // They count: others come so much later.
    #expect(t.commits.count - before <= 100 + 2)
  }

  /// A night of silence saves as much as the start had, and no more.
  @Test func whatIsSavedIsBounded() {
    var pace = CommitPace()
    pace.period = 10_000
    #expect(pace.next == .min)
    for n in 0..<120 { pace.committed(now: Int64(n)) }
    #expect(pace.next > 9000)
    pace.committed(now: 1_000_000_000)
    for n in 1..<119 {
      #expect(pace.next <= 1_000_000_000 + Int64(n))
      pace.committed(now: 1_000_000_000 + Int64(n))
    }
    for n in 119..<122 { pace.committed(now: 1_000_000_000 + Int64(n)) }
    #expect(pace.next > 1_000_009_000)
  }
}
