import Testing

@testable import MQTT

/// A cluster of three nodes: where the next attempt goes, and when.
struct ClusterMachineTests {
  private func machine(_ nodes: Int = 3) -> ConnectionMachine { ConnectionMachine(version: .v311, seed: 1, nodes: nodes) }

  private func goLive(_ m: inout ConnectionMachine, now: Int64) {
    _ = m.handle(.reached, now: now)
    _ = m.handle(.connack(code: 0, resumed: true), now: now)
    _ = m.handle(.suback([1]), now: now)
  }

  @Test func eachNodeIsTriedBeforeThereIsAPause() {
    var m = machine()
    _ = m.handle(.tick, now: 0)
    for round in 1...2 {
      let now = Int64(round) * 1000
      #expect(m.handle(.connectFailed("x"), now: now) == [.report(.lost("x")), .drop, .moveOn])
      #expect(m.handle(.tick, now: now).contains(.connect))
    }
    #expect(m.handle(.connectFailed("x"), now: 3000) == [.report(.lost("x")), .drop, .moveOn])
    #expect(m.handle(.tick, now: 3700) == [], "all have had their turn: 1 s ± 20 %")
    #expect(m.handle(.tick, now: 4200).contains(.connect))
  }

  @Test func aLostNodeIsLeftAtOnce() {
    var m = machine()
    _ = m.handle(.tick, now: 0)
    goLive(&m, now: 0)
    #expect(m.handle(.disconnected(code: 0, text: "gone"), now: 100_000) == [.report(.lost("gone")), .drop, .moveOn])
    #expect(m.handle(.tick, now: 100_000).contains(.connect))
  }

  /// Whoever is thrown out by every node within a minute must not knock once a second.
  @Test func shortLivesDoNotSkipThePause() {
    var m = machine()
    var now: Int64 = 0
    var pauses = 0
    _ = m.handle(.tick, now: now)
    for _ in 0..<9 {
      goLive(&m, now: now)
      _ = m.handle(.disconnected(code: 0x95, text: "x"), now: now + 100)
      if !m.handle(.tick, now: now + 700).contains(.connect) {
        pauses += 1
        now += 120_000
        #expect(m.handle(.tick, now: now).contains(.connect))
      } else {
        now += 700
      }
    }
    #expect(pauses == 3)
  }

  @Test func aTakeOverIsNotAnsweredAtTheNextNode() {
    var m = machine()
    _ = m.handle(.tick, now: 0)
    goLive(&m, now: 0)
    #expect(m.handle(.disconnected(code: 0x8e, text: ""), now: 9000).first == .report(.takenOver))
    #expect(m.handle(.tick, now: 9000 + 25_000) == [])
  }

  /// NATS: who comes back before `ack_wait` is sent new messages before the old ones.
  @Test func whoWaitsForRedeliveryStaysAwayAtFirstAndAfterAConnection() {
    var m = ConnectionMachine(version: .v311, seed: 1, nodes: 3, redeliveryWait: 6)
    #expect(m.handle(.tick, now: 100_000) == [], "another process may have had the session until now")
    #expect(m.handle(.tick, now: 105_999) == [])
    #expect(m.handle(.tick, now: 106_000).contains(.connect))
    #expect(m.handle(.connectFailed("x"), now: 106_100).contains(.moveOn))
    #expect(m.handle(.tick, now: 107_000).contains(.connect), "nothing came over a connection that was never made")
    goLive(&m, now: 107_000)
    _ = m.handle(.disconnected(code: 0, text: "gone"), now: 200_000)
    #expect(m.handle(.tick, now: 205_999) == [])
    #expect(m.handle(.tick, now: 206_000).contains(.connect))
  }

  @Test func aSingleBrokerIsNeverMovedOnFrom() {
    var m = machine(1)
    _ = m.handle(.tick, now: 0)
    #expect(m.handle(.connectFailed("x"), now: 0) == [.report(.lost("x")), .drop])
  }
}
