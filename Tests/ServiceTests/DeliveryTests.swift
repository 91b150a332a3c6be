import Alerts
import Foundation
import Readings
import Settings
import Store
import TestSupport
import Testing

@testable import Service

/// Every kind of receiver on the durable queue, as the service puts them together: real settings, store, worker, receiver.
struct DeliveryTests {
  private static let id = SensorID("ina/nishi/m01/flow")
  private static let start = Timestamp(seconds: 1_760_000_000)

  private let home: TemporaryDirectory
  private let receiver: HTTPReceiver

  init() throws {
    home = try TemporaryDirectory()
    receiver = try HTTPReceiver([.init(503), .init(200)])
    for (name, text) in [
      ("url", "http://127.0.0.1:\(receiver.port)/hook\n"), ("token", "t0ken\n"), ("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"),
    ] {
      let made = FileManager.default.createFile(
        atPath: home.path + "/" + name, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
      try #require(made)
    }
  }

  private static func transition(_ change: EventChange, at second: Int64) -> Transition {
    Transition(
      slot: 0, kind: .burst, change: change, severity: .major, evidence: [.cusum], time: start.adding(seconds: second), onset: start,
      firstOnset: start, expected: 8, observed: 11, excess: 3, volume: 12, confidence: 0.9, isGrowing: false)
  }

  /// Settings with these receivers, and a store that holds one leak.
  private func prepare(_ sinks: String) throws -> (MizumoriSettings, Store) {
    let yaml = "data: {directory: data}\nalerts:\n" + sinks
    let settings = try MizumoriSettings.parse(yaml, name: "s.yaml", directory: home.path)
    let store = try Store(directory: settings.data.directory)
    var batch = IngestBatch()
    batch.newSensors = [(0, try #require(Self.id))]
    batch.transitions = [Self.transition(.opened, at: 60)]
    try store.commit(batch)
    return (settings, store)
  }

  /// Starts the workers on threads of their own; `stop` ends them and waits.
  private func serve(_ settings: MizumoriSettings, _ counters: Counters) throws -> (workers: [DeliveryWorker], stop: () -> Void) {
    let deliveries = try DeliveryStore(directory: settings.data.directory)
    for sink in settings.alerts.sinks { try deliveries.register(endpoint: sink.name, fromStart: true) }
    let workers = try MizumoriService.workers(
      settings, reader: try StoreReader(directory: settings.data.directory), messages: MessageMaker(profiles: ProfileBook(settings)),
      counters: counters, logger: .quiet)
    let threads = ServiceThreads()
    for w in workers { threads.start("delivery") { w.run() } }
    return (
      workers,
      {
        for w in workers { w.stop() }
        threads.join()
      }
    )
  }

  static let kinds = [
    "webhooks: [{name: a, url: \"http://127.0.0.1:PORT/hook\", secret_file: secret, allow_addresses: [127.0.0.1]}]",
    "webhooks: [{name: a, url: \"http://127.0.0.1:PORT/hook\", secret_file: secret, format: cloudevents, allow_addresses: [127.0.0.1]}]",
    "teams: [{name: a, url_file: url, group_wait_s: 0, allow_addresses: [127.0.0.1]}]",
    "slack: [{name: a, url_file: url, group_wait_s: 0, allow_addresses: [127.0.0.1]}]",
    "line: [{name: a, group_wait_s: 0, to: C0123456789abcdef0123456789abcdef, token_file: token, base_url: \"http://127.0.0.1:PORT\", allow_addresses: [127.0.0.1]}]",
  ]

  /// Refused once, it comes again after 5 s with the same body and id, and is done.
  @Test(arguments: kinds) func aRefusedAlertComesAgain(yaml: String) throws {
    let (settings, _) = try prepare("  " + yaml.replacingOccurrences(of: "PORT", with: "\(receiver.port)"))
    let counters = Counters()
    let (_, stop) = try serve(settings, counters)
    #expect(eventually(seconds: 40) { counters.deliveries["delivered"] == 1 })
    stop()
    #expect(counters.deliveries == ["retry": 1, "delivered": 1])
    let requests = receiver.requests
    try #require(requests.count == 2)
    #expect(requests[0].body == requests[1].body)
    for name in ["webhook-id", "x-line-retry-key"] { #expect(requests[0].headers[name] == requests[1].headers[name]) }
    #expect(try DeliveryStore(directory: settings.data.directory).nextTime(endpoint: "a") == nil)
  }

  @Test func aCommandIsRunOncePerTransition() throws {
    let script = home.path + "/script"
    try "cat >> \(home.path)/told".write(toFile: script, atomically: true, encoding: .utf8)
    let (settings, store) = try prepare(
      "  commands: [{name: a, program: /bin/sh, arguments: [\"\(script)\"], types: [leak.opened, leak.closed], group_wait_s: 0}]")
    let counters = Counters()
    let (workers, stop) = try serve(settings, counters)
    #expect(eventually(seconds: 20) { counters.deliveries["delivered"] == 1 })
    var batch = IngestBatch()
    batch.transitions = [Self.transition(.updated, at: 90), Self.transition(.closed, at: 120)]
    try store.commit(batch)
    for w in workers { w.poke() }
    #expect(eventually(seconds: 20) { counters.deliveries["delivered"] == 2 })
    stop()
    let told = try String(contentsOfFile: home.path + "/told", encoding: .utf8).split(separator: "\n")
    #expect(told.map { $0.prefix(21) } == ["{\"type\":\"leak.opened\"", "{\"type\":\"leak.closed\""])
  }

  /// One receiver hangs, one has gone for good: a third one notices nothing of it.
  @Test func oneReceiversTroubleIsNotAnothers() throws {
    let slow = try HTTPReceiver([.init(200, delay: 12)])
    let gone = try HTTPReceiver([.init(410)])
    func hook(_ name: String, _ port: Int) -> String {
      "    - {name: \(name), url: \"http://127.0.0.1:\(port)/\", secret_file: secret, allow_addresses: [127.0.0.1], timeout_s: 20}\n"
    }
    let (settings, store) = try prepare(
      "  webhooks:\n" + hook("slow", slow.port) + hook("gone", gone.port)
        + "  commands: [{name: good, program: /usr/bin/tee, arguments: [\"\(home.path)/told\"], group_wait_s: 0}]")
    let counters = Counters()
    let (workers, stop) = try serve(settings, counters)
    #expect(eventually(seconds: 10) { counters.deliveries == ["delivered": 1, "disabled": 1] })
    var batch = IngestBatch()
    batch.transitions = [Self.transition(.closed, at: 120)]
    try store.commit(batch)
    for w in workers { w.poke() }
    // Both are told before the slow one has answered the first.
    #expect(eventually(seconds: 10) { counters.deliveries == ["delivered": 2, "disabled": 1] })
    #expect(slow.requests.count == 1)
    stop()
    // Disabled: what came later is not sent, and the first one stands in the failed list.
    #expect(gone.requests.count == 1)
    let failed = try DeliveryStore(directory: settings.data.directory).failed(endpoint: "gone")
    #expect(failed.map(\.lastStatus) == [410])
  }
}
