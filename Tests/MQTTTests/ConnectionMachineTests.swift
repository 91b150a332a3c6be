import Testing

@testable import MQTT

struct ConnectionMachineTests {
  private func live(_ version: BrokerSettings.ProtocolVersion = .v5) -> ConnectionMachine {
    var m = ConnectionMachine(version: version, seed: 1)
    _ = m.handle(.tick, now: 0)
    _ = m.handle(.reached, now: 0)
    _ = m.handle(.connack(code: 0, resumed: true), now: 1)
    _ = m.handle(.suback([1]), now: 2)
    return m
  }

  @Test func theUsualWay() {
    var m = ConnectionMachine(version: .v5, seed: 1)
    #expect(m.handle(.tick, now: 0) == [.report(.connecting(attempt: 1)), .connect])
    #expect(m.handle(.connack(code: 0, resumed: false), now: 1) == [.report(.connected(resumed: false)), .subscribe])
    #expect(m.handle(.suback([1, 1]), now: 2) == [.announceOnline, .report(.subscribed)])
    #expect(m.isLive)
  }

  @Test func subscribesAgainAfterEveryConnack() {
    var m = live()
    #expect(m.handle(.disconnected(code: 0, text: "gone"), now: 70_000) == [.report(.lost("gone")), .drop])
    #expect(m.handle(.tick, now: 70_100) == [])
    #expect(m.handle(.tick, now: 72_000).contains(.connect))
    #expect(m.handle(.connack(code: 0, resumed: true), now: 72_100).contains(.subscribe))
  }

  @Test(arguments: [[0x80], [1, 0x87], []])
  func aRefusedSubscriptionIsNotLive(granted: [Int]) {
    var m = ConnectionMachine(version: .v5, seed: 1)
    _ = m.handle(.tick, now: 0)
    _ = m.handle(.reached, now: 0)
    _ = m.handle(.connack(code: 0, resumed: false), now: 1)
    let actions = m.handle(.suback(granted), now: 2)
    #expect(actions.last == .drop && !m.isLive)
  }

  @Test func connectedButDeafIsAFault() {
    var m = ConnectionMachine(version: .v5, seed: 1)
    _ = m.handle(.tick, now: 0)
    _ = m.handle(.reached, now: 0)
    _ = m.handle(.connack(code: 0, resumed: true), now: 10)
    #expect(m.handle(.tick, now: 10_009) == [])
    #expect(m.handle(.tick, now: 10_010).last == .drop)
    #expect(m.isIdle)
  }

  @Test func aBacklogBeforeTheSubackIsNoDeafness() {
    var m = ConnectionMachine(version: .v5, seed: 1)
    _ = m.handle(.tick, now: 0)
    _ = m.handle(.reached, now: 0)
    _ = m.handle(.connack(code: 0, resumed: true), now: 10)
    for second in 1...60 {
      _ = m.handle(.heard, now: Int64(second) * 1000)
      #expect(m.handle(.tick, now: Int64(second) * 1000 + 500) == [])
    }
    #expect(m.handle(.suback([1]), now: 61_000).last == .report(.subscribed) && m.isLive)
  }

  private func asked(_ version: BrokerSettings.ProtocolVersion = .v5) -> ConnectionMachine {
    var m = ConnectionMachine(version: version, seed: 1)
    _ = m.handle(.tick, now: 0)
    _ = m.handle(.reached, now: 0)
    return m
  }

  @Test(arguments: [0x84, 1])
  func aRefusalOfVersionFiveIsForGood(code: Int) {
    var m = asked()
    #expect(m.handle(.connack(code: code, resumed: false), now: 5) == [.report(.fallback), .drop, .use(.v311)])
    #expect(m.handle(.tick, now: 5).contains(.connect))
    _ = m.handle(.reached, now: 6)
    // Only once: a 3.1.1 refusal is a refusal, and 5 is not tried again.
    let actions = m.handle(.connack(code: 1, resumed: false), now: 7)
    #expect(actions.last == .drop && actions.count == 2)
  }

  @Test func aBrokerThatClosesWithoutAnAnswerGets311OnTrial() {
    var m = asked()
    #expect(m.handle(.disconnected(code: 0, text: "closed"), now: 5) == [.drop, .use(.v311)])
    #expect(m.handle(.tick, now: 5).contains(.connect))
    _ = m.handle(.reached, now: 6)
    #expect(
      m.handle(.connack(code: 0, resumed: false), now: 7) == [.report(.fallback), .report(.connected(resumed: false)), .subscribe])
    _ = m.handle(.suback([1]), now: 8)
    // The next connection asks for 5 again.
    #expect(m.handle(.disconnected(code: 0, text: "gone"), now: 90_000) == [.report(.lost("gone")), .drop, .use(.v5)])
  }

  @Test func aBrokerThatClosesOnBothVersionsIsLostAndNotRefusingFive() {
    var m = asked()
    _ = m.handle(.disconnected(code: 0, text: "closed"), now: 5)
    _ = m.handle(.tick, now: 5)
    _ = m.handle(.reached, now: 6)
    #expect(m.handle(.disconnected(code: 0, text: "closed"), now: 7) == [.report(.lost("closed")), .drop, .use(.v5)])
    #expect(m.handle(.tick, now: 8) == [])
  }

  @Test func makingTheTCPConnectionHasNoLimitOfItsOwn() {
    var m = ConnectionMachine(version: .v5, seed: 1)
    _ = m.handle(.tick, now: 0)
    #expect(m.handle(.tick, now: 120_000) == [])
    _ = m.handle(.reached, now: 120_001)
    #expect(m.handle(.tick, now: 130_000) == [])
    #expect(m.handle(.tick, now: 130_001).last == .drop)
  }

  /// (keep-alive in s, ticks without a sign of life until the line is given up)
  @Test(arguments: [(15, 26), (5, 8), (60, 105)])
  func aSilentLineIsGivenUp(keepAlive: Int, ticks: Int) {
    var m = live()
    m.keepAlive = keepAlive
    for n in 1..<ticks { #expect(m.handle(.tick, now: Int64(n) * 1000) == []) }
    #expect(m.handle(.tick, now: Int64(ticks) * 1000).last == .drop)
    #expect(m.isIdle)
  }

  @Test func aSignOfLifeStartsTheCountAnewAndALongPauseCountsOnce() {
    var m = live()
    for n in 1..<26 { _ = m.handle(.tick, now: Int64(n) * 1000) }
    _ = m.handle(.heard, now: 25_500)
    // A commit of two minutes: the socket was not looked at.
    #expect(m.handle(.tick, now: 145_500) == [])
    #expect(m.isLive)
  }

  @Test func withoutKeepAliveSilenceIsNoFault() {
    var m = live()
    m.keepAlive = 0
    for n in 1..<1000 { #expect(m.handle(.tick, now: Int64(n) * 1000) == []) }
  }

  @Test func aWrongPasswordIsRefusedWithWords() {
    var m = ConnectionMachine(version: .v311, seed: 1)
    _ = m.handle(.tick, now: 0)
    _ = m.handle(.reached, now: 0)
    guard case .report(.refused(let text)) = m.handle(.connack(code: 4, resumed: false), now: 1).first else {
      Issue.record("not refused")
      return
    }
    #expect(text.contains("password"))
  }

  @Test func takeOverIsReported() {
    var m = live()
    #expect(m.handle(.disconnected(code: 0x8e, text: ""), now: 9000) == [.report(.takenOver), .drop])
    // Who took it may be our successor: the next attempt is 32 s ± 20 % away.
    #expect(m.handle(.tick, now: 9000 + 25_000) == [])
    #expect(m.handle(.tick, now: 9000 + 38_400).contains(.connect))
  }

  @Test func closesWithAReasonAreNoTakeOver() {
    var m = live()
    var now: Int64 = 100
    for _ in 0..<5 {
      #expect(m.handle(.disconnected(code: 0x95, text: "too large"), now: now).first == .report(.lost("too large")))
      now += 70_000
      _ = m.handle(.tick, now: now)
      _ = m.handle(.reached, now: now)
      _ = m.handle(.connack(code: 0, resumed: true), now: now)
      _ = m.handle(.suback([1]), now: now)
      now += 100
    }
  }

  @Test func anUnreachableBrokerIsNoTakeOver() {
    var m = live()
    var now: Int64 = 100
    for _ in 0..<5 {
      #expect(m.handle(.disconnected(code: 0, text: "x"), now: now).first == .report(.lost("x")))
      now += 70_000
      _ = m.handle(.tick, now: now)
      _ = m.handle(.connectFailed("refused"), now: now)
      now += 70_000
      _ = m.handle(.tick, now: now)
      _ = m.handle(.reached, now: now)
      _ = m.handle(.connack(code: 0, resumed: true), now: now)
      _ = m.handle(.suback([1]), now: now)
      now += 100
    }
  }

  /// Brokers that say nothing when another client takes the session: each life is ended by a bare close.
  @Test(arguments: [BrokerSettings.ProtocolVersion.v5, .v311])
  func threeShortLivesAreATakeOver(version: BrokerSettings.ProtocolVersion) {
    var m = live(version)
    var now: Int64 = 100
    for round in 0..<3 {
      let actions = m.handle(.disconnected(code: 0, text: "x"), now: now)
      #expect((actions.first == .report(.takenOver)) == (round == 2))
      now += 70_000
      _ = m.handle(.tick, now: now)
      _ = m.handle(.connack(code: 0, resumed: true), now: now)
      _ = m.handle(.suback([1]), now: now)
      now += 100
    }
  }
}
