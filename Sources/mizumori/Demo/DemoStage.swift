import Alerts
import Foundation
import Synchronization

/// The players of the demo and their order: broker, receiver, service, then the town.
final class DemoStage {
  let town: DemoTown
  let seed: UInt64
  let speed: Int
  /// Leaks told by webhook so far.
  let leaks: LeakCount
  private var players: [ChildProcess] = []
  private var receiver: Task<Void, any Error>?
  private var people: DemoPeople?

  init(town: DemoTown, seed: UInt64, speed: Int) {
    self.town = town
    self.seed = seed
    self.speed = speed
    leaks = LeakCount()
  }

  /// Starts everything; returns when the service is ready and the town begins to publish.
  func open() async throws {
    say("水守デモ: 準備しています / starting in \(town.directory)")
    try start("mosquitto", try DemoStage.find("mosquitto"), ["-c", town.path("mosquitto.conf")])
    try await wait(10, for: "ブローカー / the broker") { DemoStage.accepts(self.town.brokerPort) }
    let text = try String(contentsOfFile: town.path("webhook.secret"), encoding: .utf8)
    let secret = StandardWebhooks.Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
    let leaks = leaks
    receiver = Task.detached { [port = town.receiverPort] in
      try await Receiver(port: port, secret: secret) { event in
        if event.type == "leak.opened" { leaks.add() }
        if event.type != "leak.updated" { say("\n" + event.words) }
      }.run()
    }
    try await wait(10, for: "受信役 / the receiver") { DemoStage.accepts(self.town.receiverPort) }
    try town.addNames(try DemoStage.output(of: DemoStage.simulator, ["settings", "--end-now"]))
    try start("mizumori", DemoStage.own, ["run", "--settings", town.path("mizumori.yaml")])
    try await wait(20, for: "水守 / the service") { await DemoStage.isReady(self.town.pagePort) }
    try start(
      "mizumori-sim", DemoStage.simulator,
      [
        "run", "--host", "127.0.0.1", "--port", String(town.brokerPort), "--seed", String(seed), "--speed", String(speed), "--end-now",
        "--people", "--pause", "5",
      ])
    people = DemoPeople(town: players.last, log: log("mizumori-sim"), pagePort: town.pagePort)
  }

  /// Watches until the time is over, the user interrupts or a player has fallen.
  func play(until end: ContinuousClock.Instant?, interrupted: InterruptSignals) async throws {
    while !interrupted.isSet {
      if let end, ContinuousClock.now >= end { return }
      for p in players where !p.isRunning && !(p.name == "mizumori-sim" && p.exitCode == 0) {
        throw Failure(.unavailable, "\(p.name) が止まりました（終了コード \(p.exitCode)） / \(p.name) ended with code \(p.exitCode)")
      }
      people?.look()
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Stops everything, last started first.
  func close() async {
    for p in players.reversed() { await p.stop() }
    receiver?.cancel()
    _ = await receiver?.result
  }

  /// The last lines of each player, for when something went wrong.
  func showLogs() {
    for p in players {
      guard let text = try? String(contentsOfFile: log(p.name), encoding: .utf8) else { continue }
      FileHandle.standardError.write(Data("--- \(p.name)\n\(text.suffix(4000))\n".utf8))
    }
  }

  private func start(_ name: String, _ executable: String, _ arguments: [String]) throws {
    players.append(try ChildProcess(name, executable: executable, arguments: arguments, log: log(name)))
  }

  private func log(_ name: String) -> String { town.path("\(name).log") }

  private func wait(_ seconds: Int, for what: String, _ condition: () async -> Bool) async throws {
    for _ in 0..<(seconds * 20) {
      if await condition() { return }
      if let p = players.last, !p.isRunning { throw Failure(.unavailable, "\(what): \(p.name) が終了 / ended with code \(p.exitCode)") }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw Failure(.unavailable, "\(what) が \(seconds) 秒たっても応じません / did not answer within \(seconds) s")
  }
}

/// Counts from the receiver's tasks.
final class LeakCount: Sendable {
  private let count = Atomic<Int>(0)
  func add() { count.add(1, ordering: .relaxed) }
  func load(ordering: AtomicLoadOrdering) -> Int { count.load(ordering: .relaxed) }
}
