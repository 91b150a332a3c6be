import Foundation
import MQTT
import Readings
import TestSupport
import Testing

@testable import Alerts

/// What stands at the other end of a sink.
enum FarEnd: Sendable {
  /// Takes everything.
  case accepting
  /// Refuses the first `n` attempts and takes the next.
  case refusing(Int)
  /// Does not answer within the sink's time limit.
  case hanging
  /// Is not there.
  case absent
}

/// One attempt as it arrived: what names the notice, and the body.
struct Arrival: Equatable {
  let id: String
  let body: [UInt8]
}

/// Every sink that there is.
enum SinkKind: String, CaseIterable, Sendable {
  case webhook, cloudevents, teams, slack, line, command, mqtt

  static let http = allCases.filter { $0 != .command && $0 != .mqtt }

  /// The most that the other side takes, bytes.
  var bodyLimit: Int {
    switch self {
    case .webhook, .cloudevents, .command, .mqtt: 20_000
    case .teams: 28_000
    case .slack: 40_000
    case .line: 40_000
    }
  }

  /// What must never be told: a key in the URL, or a token.
  static let key = "Kx7QpZ92mfT4vLs8"

  /// A sink of this kind over HTTP.
  /// - Parameter timeout: seconds; ample unless it is what is tested, for the machine may be busy.
  func sink(
    port: Int, timeout: Int = 15, language: Language = .ja, publicURL: String? = nil,
    policy: AddressPolicy = AddressPolicy(listed: ["127.0.0.1"])
  ) throws -> any AlertSink {
    let client = HTTPClient(timeout: timeout, policy: policy)
    let base = "http://127.0.0.1:\(port)"
    let url = "\(base)/services/\(SinkKind.key)?sig=\(SinkKind.key)%2B"
    let secret = try #require(StandardWebhooks.Secret("whsec_" + Data((SinkKind.key + SinkKind.key).utf8).base64EncodedString()))
    switch self {
    case .webhook: return WebhookSink(name: "s", url: url, secrets: [secret], client: client)
    case .cloudevents: return WebhookSink(name: "s", url: url, secrets: [secret], format: .cloudevents, client: client)
    case .teams: return TeamsSink(name: "s", url: url, language: language, publicURL: publicURL, client: client)
    case .slack: return SlackSink(name: "s", url: url, language: language, publicURL: publicURL, client: client)
    case .line:
      return LINESink(
        name: "s", to: "U" + String(repeating: "0", count: 32), token: SinkKind.key, language: language, publicURL: publicURL,
        baseURL: base, client: client)
    case .command, .mqtt: throw NotHTTP()
    }
  }

  private struct NotHTTP: Error {}
}

/// A sink and its far end: a real receiver on the loopback, or a real program.
final class SinkBench {
  let sink: any AlertSink
  let kind: SinkKind
  private let receiver: HTTPReceiver?
  private let broker: BrokerEnd?
  private let home: TemporaryDirectory

  /// - Parameter limit: seconds of an attempt; nil = ample, and one second where the far end hangs.
  init(_ kind: SinkKind, _ end: FarEnd, timeout limit: Int? = nil) throws {
    self.kind = kind
    let usual = if case .hanging = end { 1 } else { 15 }
    let timeout = limit ?? usual
    home = try TemporaryDirectory()
    if kind == .mqtt {
      receiver = nil
      let end = try BrokerEnd(end)
      broker = end
      sink = MQTTSink(
        name: "s", broker: BrokerSettings(host: "127.0.0.1", port: end.port, clientID: "sink"), prefix: "water", discovery: nil,
        statusTopic: nil, timeout: timeout)
      return
    }
    broker = nil
    if kind == .command {
      receiver = nil
      let script = try SinkBench.script(end, in: home.path)
      sink = CommandSink(
        name: "s", program: script == nil ? home.path + "/none" : "/bin/sh", arguments: [script ?? "", home.path], timeout: timeout)
      return
    }
    switch end {
    case .accepting: receiver = try HTTPReceiver([.init(200)])
    case .refusing(let n): receiver = try HTTPReceiver(Array(repeating: .init(500), count: n) + [.init(200)])
    case .hanging: receiver = try HTTPReceiver([.init(200, delay: 25)])
    case .absent: receiver = nil
    }
    sink = try kind.sink(port: try receiver?.port ?? FreePort.next(), timeout: timeout)
  }

  /// Keeps each input in a file of its own and ends as the far end says. Read by a shell and not run itself: a file that was just written is
  /// busy as long as any child that another test starts at this moment has its descriptor.
  private static func script(_ end: FarEnd, in directory: String) throws -> String? {
    let path = directory + "/script"
    let ending =
      switch end {
      case .accepting: "exit 0"
      case .refusing(let n): "[ $n -ge \(n) ] || { echo 'not now' >&2; exit 75; }"
      case .hanging: "sleep 30"
      case .absent: ""
      }
    if case .absent = end { return nil }
    try """
    n=$(ls "$1" | grep -c '^in-')
    { echo "$MIZUMORI_ID"; cat; } > "$1/in-$n"
    \(ending)
    """.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// What has arrived, in order.
  var arrivals: [Arrival] {
    if let broker { return broker.arrivals }
    guard kind == .command else {
      return receiver?.requests.map { Arrival(id: $0.headers[kind == .line ? "x-line-retry-key" : "webhook-id"] ?? "", body: $0.body) }
        ?? []
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: home.path)) ?? []
    return names.filter { $0.hasPrefix("in-") }.sorted().map { name in
      let all = [UInt8](FileManager.default.contents(atPath: "\(home.path)/\(name)") ?? Data())
      let end = all.firstIndex(of: 10) ?? 0
      return Arrival(id: String(decoding: all[..<end], as: UTF8.self), body: Array(all[(end + 1)...]))
    }
  }

  /// What the schedule makes of one attempt, the first unless said otherwise.
  func next(_ notice: Notice = .alert(message()), attempt: Int = 1) -> DeliveryMachine.Next {
    broker?.prepare(attempt: attempt)
    return DeliveryMachine.next(attempt: attempt, outcome: sink.send(notice, now: SinkBench.now), now: SinkBench.now, seed: 1)
  }

  static let now: Int64 = 1_760_000_000_000
}

/// A broker at the other end of a sink, and somebody who listens there to everything.
final class BrokerEnd {
  let port: Int
  private let refusals: Int
  private var broker: MosquittoBroker?
  private var ear: Process?
  private let file: String
  private let home: TemporaryDirectory

  init(_ end: FarEnd) throws {
    home = try TemporaryDirectory()
    file = home.path + "/heard"
    switch end {
    case .accepting:
      broker = try MosquittoBroker()
      (port, refusals) = (broker!.port, 0)
      try listen()
    // A broker that refuses is one that is not there yet.
    case .refusing(let n):
      broker = try MosquittoBroker()
      (port, refusals) = (broker!.port, n)
      broker?.stop()
    case .absent: (port, refusals) = (try FreePort.next(), 0)
    case .hanging:
      // Takes the connection, for the backlog of the socket does, and never says a word.
      hung = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      (port, refusals) = (try FreePort.listen(hung), 0)
    }
  }

  private var hung: Int32 = -1

  deinit {
    if hung >= 0 { close(hung) }
    if let ear, ear.isRunning { ear.terminate() }
  }

  /// Before an attempt: the broker comes up once it has been away for as many as it should.
  func prepare(attempt: Int) {
    guard refusals > 0, attempt > refusals, ear == nil else { return }
    try? broker?.start()
    try? listen()
  }

  /// Everything that is published, a line each: topic, tab, payload in hexadecimal.
  private func listen() throws {
    let p = Process()
    p.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_sub")
    p.arguments = ["-p", "\(port)", "-t", "#", "-q", "1", "-F", "%t\t%r\t%x"]
    _ = FileManager.default.createFile(atPath: file, contents: nil)
    p.standardOutput = FileHandle(forWritingAtPath: file)
    p.standardError = FileHandle.nullDevice
    p.standardInput = FileHandle.nullDevice
    try p.runUnmasked()
    ear = p
    // It hears once a message of ours comes back.
    let probe = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: port, clientID: "probe"))
    try probe.connect()
    for _ in 0..<200 where heard().isEmpty {
      try probe.publish(topic: "probe", payload: "x")
      try probe.flush()
      usleep(20_000)
    }
    probe.disconnect()
  }

  private func heard() -> [(topic: String, isRetained: Bool, payload: [UInt8])] {
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let p = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard p.count == 3 else { return nil }
      let hex = Array(p[2].utf8)
      let bytes = stride(from: 0, to: hex.count - 1, by: 2).compactMap {
        UInt8(String(decoding: hex[$0...($0 + 1)], as: UTF8.self), radix: 16)
      }
      return (String(p[0]), p[1] == "1", bytes)
    }
  }

  /// Events as they arrived: the acknowledgement may be faster than the listener.
  var arrivals: [Arrival] {
    var last = -1
    for _ in 0..<50 {
      let now = heard().count
      if now == last, now > 0 { break }
      last = now
      usleep(50_000)
    }
    return heard().filter { $0.topic.hasSuffix("/event") }.map { m in
      let body = try? JSONSerialization.jsonObject(with: Data(m.payload)) as? [String: Any]
      return Arrival(id: (body?["data"] as? [String: Any])?["id"] as? String ?? "", body: m.payload)
    }
  }
}

extension AlertMessage {
  /// A message with the longest codes and names that the settings allow, of characters that JSON must escape or that take four bytes.
  static func longest(_ kind: EventKind, _ change: EventChange, filler: String, number: Int = 0) -> AlertMessage {
    let code = String(repeating: "x", count: 61) + String(100 + number)
    let name = String(repeating: filler, count: 200)
    let m = message(kind, change)
    let id = SensorID(municipality: code, zone: code, sensor: code, quantity: .flow) ?? m.sensor
    var t = m.transition
    t.evidence = Evidence(rawValue: .max)
    return AlertMessage(
      seq: 1, eventKey: t.eventKey(sensor: id), transitionKey: t.transitionKey(sensor: id), sensor: id,
      names: PlaceNames(municipality: name, zone: name, sensor: name), transition: t, yenPerCubicMetre: 100_000, calendar: .japan)
  }
}
