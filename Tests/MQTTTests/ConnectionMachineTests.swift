import Testing

@testable import MQTT

struct ConnectionMachineTests {
  private func live(_ version: BrokerSettings.ProtocolVersion = .v5) -> ConnectionMachine {
    var m = ConnectionMachine(version: version, seed: 1)
    _ = m.handle(.tick, now: 0)
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
    _ = m.handle(.connack(code: 0, resumed: false), now: 1)
    let actions = m.handle(.suback(granted), now: 2)
    #expect(actions.last == .drop && !m.isLive)
  }

  @Test func connectedButDeafIsAFault() {
    var m = ConnectionMachine(version: .v5, seed: 1)
    _ = m.handle(.tick, now: 0)
    _ = m.handle(.connack(code: 0, resumed: true), now: 10)
    #expect(m.handle(.tick, now: 10_009) == [])
    #expect(m.handle(.tick, now: 10_010).last == .drop)
    #expect(m.isIdle)
  }

  @Test(arguments: [
    ConnectionMachine.Event.connack(code: 0x84, resumed: false), .connack(code: 1, resumed: false), .disconnected(code: 0, text: ""),
  ])
  func fallsBackTo311(refusal: ConnectionMachine.Event) {
    var m = ConnectionMachine(version: .v5, seed: 1)
    _ = m.handle(.tick, now: 0)
    #expect(m.handle(refusal, now: 5) == [.report(.fallback), .drop, .useVersion311])
    #expect(m.handle(.tick, now: 5).contains(.connect))
    // Only once: a 3.1.1 refusal is a refusal.
    #expect(m.handle(.connack(code: 1, resumed: false), now: 6).last == .drop)
  }

  @Test func aWrongPasswordIsRefusedWithWords() {
    var m = ConnectionMachine(version: .v311, seed: 1)
    _ = m.handle(.tick, now: 0)
    guard case .report(.refused(let text)) = m.handle(.connack(code: 4, resumed: false), now: 1).first else {
      Issue.record("not refused")
      return
    }
    #expect(text.contains("password"))
  }

  @Test func takeOverIsReported() {
    var m = live()
    #expect(m.handle(.disconnected(code: 0x8e, text: ""), now: 9000) == [.report(.takenOver), .drop])
  }

  @Test func threeShortLivesAreATakeOverIn311() {
    var m = live(.v311)
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
