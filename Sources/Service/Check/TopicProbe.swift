import Codecs
import Glibc
import MQTT
import Readings
import Settings
import Synchronization

/// Listens for a while under a name of its own and tells which topics come, and what the decoders say of their payloads.
public final class TopicProbe: IngestHandler, @unchecked Sendable {
  // @unchecked: used by the subscriber's thread alone until `run` has joined it.
  private struct Seen {
    var count = 0
    var example = ""
    var topics: Set<String> = []
  }
  /// More names than this are not remembered: a broker may have any number of topics.
  private static let maximumTopics = 10_000

  private let inputs: [Input]
  private var accepted: [Int: Seen] = [:]
  private var refused: [String: Seen] = [:]
  private var others = Seen()
  private var trouble: String?

  private init(inputs: [Input]) { self.inputs = inputs }

  /// What came within `seconds` on the topics of the settings; if nothing did, what else the broker has.
  /// - Parameter name: of the client at the broker, unlike the service's.
  public static func findings(_ settings: MizumoriSettings, name: String, seconds: Int) -> [Finding] {
    let probe = TopicProbe(inputs: settings.inputs)
    probe.listen(settings, name: name, filters: settings.topics.map(\.pattern.subscription), seconds: seconds)
    if let trouble = probe.trouble {
      return [
        .problem(
          .topics, "トピック / topics", trouble, "ブローカーの権限（ACL）で、この利用者に購読を許してください / let this user subscribe in the broker's ACL")
      ]
    }
    var out = settings.topics.indices.map { probe.pattern($0, settings.topics[$0].pattern.text, seconds) }
    out += probe.refused.sorted { $0.key < $1.key }.map { code, seen in
      .warning(
        .topics, "トピック / topic \(seen.example)", "\(code): \(seen.count) 件を受け付けられません / messages refused",
        "送る側の形を確かめてください。符号の意味は docs/troubleshooting にあります / look at the sender; docs/troubleshooting tells what the code means")
    }
    if probe.accepted.isEmpty, probe.refused.isEmpty, probe.others.count == 0 {
      probe.listen(settings, name: name, filters: ["#"], seconds: max(2, seconds / 2))
    }
    // What alerts publish matches a wide subscription too.
    let others = probe.others.topics.filter { !Input.isBesideReadings($0.utf8) }
    if !others.isEmpty {
      out.append(
        .warning(
          .topics, "ほかのトピック / other topics", others.sorted().prefix(5).joined(separator: " "),
          "センサーのものなら topics の pattern に書いてください / if these are sensors, write a pattern under topics"))
    }
    return out
  }

  private func pattern(_ n: Int, _ text: String, _ seconds: Int) -> Finding {
    let name = "トピック / topic \(text)"
    guard let seen = accepted[n] else {
      return .warning(
        .topics, name, "\(seconds) 秒のうちに何も来ませんでした / nothing came within \(seconds) s",
        "計測の間隔が長ければ --listen 900 のように延ばしてください。それでも来なければ pattern と送る側を確かめてください / listen longer, then look at the pattern and the sender")
    }
    return .ok(.topics, name, "\(seen.count) 件、\(seen.topics.count) トピック / \(seen.count) messages, \(seen.topics.count) topics")
  }

  private func listen(_ settings: MizumoriSettings, name: String, filters: [String], seconds: Int) {
    var b = settings.brokerSettings
    b.redeliveryWait = 0
    b.clientID = name
    b.keepsSession = false
    b.sessionExpiry = 0
    b.statusTopic = nil
    b.subscriptions = filters
    let subscriber = Subscriber(settings: b, handler: self)
    let threads = ServiceThreads()
    threads.start("topics") { try? subscriber.run() }
    sleep(UInt32(seconds))
    subscriber.stop()
    threads.join()
  }

  // MARK: - IngestHandler

  public func receive(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool) {
    let name = String(decoding: topic, as: UTF8.self)
    for (n, input) in inputs.enumerated() {
      switch input.pattern.match(topic) {
      case .sensor(let id):
        if let error = input.look(payload, sensor: id, now: Clocks.wall()) {
          note(&refused[error.code, default: Seen()], name)
        } else {
          note(&accepted[n, default: Seen()], name)
        }
        return
      case .failure(let error): return note(&refused[error.code, default: Seen()], name)
      case .other: continue
      }
    }
    note(&others, name)
  }

  private func note(_ seen: inout Seen, _ topic: String) {
    seen.count += 1
    if seen.example.isEmpty { seen.example = topic }
    if seen.topics.count < TopicProbe.maximumTopics { seen.topics.insert(topic) }
  }

  public func commit() throws -> Bool { true }
  public var wantsCommit: Bool { false }
  public func tick() {}

  public func connection(_ state: ConnectionState) {
    if case .refused(let text) = state { trouble = text }
  }
}
