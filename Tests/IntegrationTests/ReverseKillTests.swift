import Foundation
import MQTT
import Readings
import Store
import TestSupport
import Testing

/// The service is killed by SIGKILL at its commits and acknowledgements while a meter runs backwards. What was refused is kept once, and 逆流 is
/// told once.
@Suite(.serialized)
struct ReverseKillTests {
  private static let usual = 60
  private static let reversed = 600

  @Test(arguments: ["fdatasync", "sendto"]) func refusedFlowIsKeptOnceAndToldOnce(call: String) throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_inflight_messages 500", "max_queued_messages 100000"])
    let home = try TemporaryDirectory()
    let service = try RunningService(directory: home.path, brokerPort: broker.port)
    // The session must exist before anything is published.
    try service.start()
    #expect(service.waitReady())
    #expect(service.stop() == 0)

    let publisher = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "reverse-publisher"))
    try publisher.connect()
    var published = 0
    func publish(_ count: Int, sign: Int) throws {
      for n in published..<published + count {
        let time = KillTests.start.adding(seconds: Int64(n) * 60).seconds
        try publisher.publish(
          topic: "water/test/zone/meter/flow", payload: "{\"ts\":\(time),\"value\":\(sign * (10 + n % 7)),\"seq\":\(n)}")
      }
      published += count
      try publisher.flush()
    }
    try publish(Self.usual, sign: 1)
    var kills = 0
    for round in 0..<4 {
      try publish(Self.reversed / 4, sign: -1)
      let injections =
        call == "fdatasync"
        ? ["fdatasync:signal=SIGKILL:when=\(2 + round)", "pwrite64:delay_enter=20000"]
        : ["sendto:signal=SIGKILL:when=\(5 + round)", "fdatasync:delay_exit=200000"]
      try service.start(injections: injections, arguments: ["--set", "data.commit_readings=50"])
      kills += service.wasKilled(within: 40) ? 1 : 0
    }
    #expect(kills >= 3, "the injection must really have killed the service: \(kills) of 4 (\(service.log.suffix(500)))")

    try service.start()
    try publish(30, sign: 1)
    let reader = try StoreReader(directory: service.dataDirectory)
    let hasEnded = try eventually(seconds: 60) { try reader.outbox(after: 0, limit: 1000).contains { $0.transition.change == .closed } }
    #expect(hasEnded, service.said)
    #expect(service.stop() == 0)
    var refused: [Reading] = []
    try reader.replay(after: 0, through: .max) { if case .reverse(let r) = $0 { refused.append(r) } }
    #expect(refused.map { $0.time.since(KillTests.start) / 60_000 } == (Self.usual..<Self.usual + Self.reversed).map(Int64.init))
    let last = KillTests.start.adding(seconds: 10_000_000)
    #expect(try reader.history(0, from: KillTests.start, to: last).count == Self.usual + 30)
    let told = try reader.outbox(after: 0, limit: 1000).map(\.transition)
    #expect(told.map(\.kind) == [.reverseFlow, .reverseFlow] && told.map(\.change) == [.opened, .closed], "\(told)")
    let lines = try String(contentsOfFile: service.dataDirectory + "/events.jsonl", encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 2, "\(lines)")
  }
}
