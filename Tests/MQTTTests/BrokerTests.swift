import Foundation
import Synchronization
import TestSupport
import Testing

@testable import MQTT

/// The subscriber against a real mosquitto.
@Suite(.serialized)
struct BrokerTests {
  /// Collects messages; commits as told.
  final class Handler: IngestHandler, @unchecked Sendable {
    // @unchecked: the subscriber's thread writes, tests read through the lock.
    struct State {
      var received: [String] = []
      var committed: [String] = []
      var commits = 0
      var states: [ConnectionState] = []
      var accepts = true
    }
    let state = Mutex(State())

    func receive(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool) {
      state.withLock { $0.received.append(String(decoding: payload, as: UTF8.self)) }
    }

    func commit() throws -> Bool {
      state.withLock { s in
        guard s.accepts else { return false }
        s.commits += 1
        s.committed += s.received
        s.received = []
        return true
      }
    }

    var wantsCommit: Bool { false }
    func tick() {}
    func connection(_ new: ConnectionState) { state.withLock { $0.states.append(new) } }

    func eventually(_ condition: (State) -> Bool, seconds: Double = 15) -> Bool {
      let end = Date().addingTimeInterval(seconds)
      while Date() < end {
        if state.withLock({ condition($0) }) { return true }
        usleep(20_000)
      }
      return false
    }
  }

  private func settings(_ broker: MosquittoBroker, _ id: String = "sub") -> BrokerSettings {
    var s = BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: id)
    s.subscriptions = ["t/#"]
    return s
  }

  private func run(_ s: BrokerSettings, _ handler: Handler) -> (Subscriber, DispatchSemaphore) {
    let subscriber = Subscriber(settings: s, handler: handler)
    let done = DispatchSemaphore(value: 0)
    Thread {
      try? subscriber.run()
      done.signal()
    }.start()
    return (subscriber, done)
  }

  private func publish(_ range: Range<Int>, _ broker: MosquittoBroker) throws {
    let p = Publisher(settings: BrokerSettings(host: "127.0.0.1", port: broker.port, clientID: "pub"))
    try p.connect()
    for n in range { try p.publish(topic: "t/x", payload: "\(n)") }
    try p.flush()
    p.disconnect()
  }

  @Test(arguments: [BrokerSettings.ProtocolVersion.v5, .v311])
  func inOrderThroughADefaultWindowOfTwenty(version: BrokerSettings.ProtocolVersion) throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 20000"])
    let handler = Handler()
    var s = settings(broker)
    s.protocolVersion = version
    let (subscriber, done) = run(s, handler)
    #expect(handler.eventually { $0.states.contains(.subscribed) })
    try publish(0..<4000, broker)
    #expect(handler.eventually({ $0.committed.count == 4000 }, seconds: 30))
    subscriber.stop()
    done.wait()
    let state = handler.state.withLock { $0 }
    #expect(state.committed == (0..<4000).map(String.init))
    // Grouped: far fewer commits than messages, even though the broker sends 20 at a time.
    #expect(state.commits <= 4000 / 10)
  }

  @Test func whatWasNotCommittedComesAgain() throws {
    let broker = try MosquittoBroker()
    let first = Handler()
    first.state.withLock { $0.accepts = false }
    let (a, aDone) = run(settings(broker), first)
    #expect(first.eventually { $0.states.contains(.subscribed) })
    try publish(0..<10, broker)
    #expect(first.eventually { $0.received.count == 10 })
    usleep(1_500_000)
    // The last chance to commit, at the stop, fails as well: nothing is acknowledged.
    a.stop()
    aDone.wait()
    let second = Handler()
    let (b, bDone) = run(settings(broker), second)
    #expect(second.eventually { $0.committed.count == 10 })
    b.stop()
    bDone.wait()
    // And what was committed does not.
    let third = Handler()
    let (c, cDone) = run(settings(broker), third)
    #expect(third.eventually { $0.states.contains(.subscribed) })
    usleep(500_000)
    c.stop()
    cDone.wait()
    #expect(third.state.withLock { $0.committed.isEmpty })
  }

  @Test func wrongPasswordIsSaidClearly() throws {
    // An empty password file knows nobody.
    let broker = try MosquittoBroker(lines: ["allow_anonymous false", "password_file $DIR/users"], files: ["users": ""])
    let handler = Handler()
    var s = settings(broker)
    s.username = "a"
    s.password = "b"
    let (subscriber, done) = run(s, handler)
    let refused = handler.eventually { state in
      state.states.contains { if case .refused(let text) = $0 { text.contains("broker.") || text.contains("ACL") } else { false } }
    }
    #expect(refused)
    subscriber.stop()
    done.wait()
  }

  @Test func clientCertificatesOverTLS() throws {
    let pki = try TemporaryDirectory()
    try PrivateCA.make(in: pki.path)
    let broker = try MosquittoBroker(lines: [
      "allow_anonymous true", "cafile \(pki.path)/ca.crt", "certfile \(pki.path)/server.crt", "keyfile \(pki.path)/server.key",
      "require_certificate true",
    ])
    let handler = Handler()
    var s = settings(broker)
    s.tls = .init(caFile: pki.path + "/ca.crt", certificateFile: pki.path + "/client.crt", keyFile: pki.path + "/client.key")
    let (subscriber, done) = run(s, handler)
    #expect(handler.eventually { $0.states.contains(.subscribed) })
    subscriber.stop()
    done.wait()
    // Without a certificate of ours there is no connection.
    let stranger = Handler()
    s.tls = .init(caFile: pki.path + "/ca.crt")
    s.clientID = "stranger"
    let (other, otherDone) = run(s, stranger)
    usleep(2_500_000)
    #expect(!stranger.state.withLock { $0.states.contains(.subscribed) })
    other.stop()
    otherDone.wait()
  }
}

/// A CA, a server and a client certificate made with openssl, as the guide says.
enum PrivateCA {
  static func make(in directory: String) throws {
    let script = """
      set -e
      cd "$1"
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test-ca -keyout ca.key -out ca.crt
      for name in server client; do
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=$name -keyout $name.key -out $name.csr
        printf 'subjectAltName=IP:127.0.0.1' > $name.ext
        openssl x509 -req -in $name.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile $name.ext -out $name.crt
      done
      """
    let p = Process()
    p.executableURL = URL(fileURLWithPath: "/bin/sh")
    p.arguments = ["-c", script, "sh", directory]
    p.standardError = FileHandle.nullDevice
    p.standardOutput = FileHandle.nullDevice
    try p.run()
    p.waitForEnd()
    try #require(p.terminationStatus == 0)
  }
}
