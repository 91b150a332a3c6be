import Foundation
import TestSupport
import Testing

@testable import MQTT

/// The subscriber against a real mosquitto.
@Suite(.serialized)
struct BrokerTests {
  @Test(arguments: [BrokerSettings.ProtocolVersion.v5, .v311], [true, false])
  func inOrderThroughADefaultWindowOfTwenty(version: BrokerSettings.ProtocolVersion, isDirect: Bool) throws {
    let broker = try MosquittoBroker(lines: ["allow_anonymous true", "max_queued_messages 20000"])
    var s = BrokerSettings.test(broker.port)
    s.protocolVersion = version
    s.receivesDirectly = isDirect
    let subscriber = RunningSubscriber(s)
    let handler = subscriber.handler
    #expect(handler.eventually { $0.states.contains(.subscribed) })
    try publish(0..<20_000, port: broker.port)
    #expect(handler.eventually({ $0.committed.count == 20_000 }, seconds: 120))
    subscriber.stop()
    let state = handler.snapshot
    #expect(state.committed == (0..<20_000).map(String.init))
    // Grouped: far fewer commits than messages, even though the broker sends 20 at a time.
    #expect(state.commits <= 20_000 / 10)
  }

  @Test(arguments: [true, false])
  func whatWasNotCommittedComesAgain(isDirect: Bool) throws {
    let broker = try MosquittoBroker()
    let full = RecordingHandler()
    full.accepts(false)
    var s = BrokerSettings.test(broker.port)
    s.receivesDirectly = isDirect
    let first = RunningSubscriber(s, handler: full)
    #expect(full.eventually { $0.states.contains(.subscribed) })
    try publish(0..<10, port: broker.port)
    #expect(full.eventually { $0.received.count == 10 && $0.refusedCommits > 0 })
    // The last chance to commit, at the stop, fails as well: nothing is acknowledged.
    first.stop()
    let second = RunningSubscriber(s)
    #expect(second.handler.eventually { $0.committed.count == 10 })
    second.stop()
    // And what was committed does not come a third time.
    let third = RunningSubscriber(s)
    #expect(third.handler.eventually { $0.states.contains(.subscribed) })
    usleep(500_000)
    third.stop()
    #expect(third.handler.snapshot.committed.isEmpty)
  }

  @Test func wrongPasswordIsSaidClearly() throws {
    // An empty password file knows nobody.
    let broker = try MosquittoBroker(lines: ["allow_anonymous false", "password_file $DIR/users"], files: ["users": ""])
    var s = BrokerSettings.test(broker.port)
    s.username = "a"
    s.password = "b"
    let subscriber = RunningSubscriber(s)
    let refused = subscriber.handler.eventually { state in
      state.states.contains { if case .refused(let text) = $0 { text.contains("broker.") || text.contains("ACL") } else { false } }
    }
    #expect(refused)
    subscriber.stop()
  }

  @Test func clientCertificatesOverTLS() throws {
    let pki = try TemporaryDirectory()
    try PrivateCA.make(in: pki.path)
    let broker = try MosquittoBroker(lines: [
      "allow_anonymous true", "cafile \(pki.path)/ca.crt", "certfile \(pki.path)/server.crt", "keyfile \(pki.path)/server.key",
      "require_certificate true",
    ])
    var s = BrokerSettings.test(broker.port)
    s.tls = .init(caFile: pki.path + "/ca.crt", certificateFile: pki.path + "/client.crt", keyFile: pki.path + "/client.key")
    let subscriber = RunningSubscriber(s)
    #expect(subscriber.handler.eventually { $0.states.contains(.subscribed) })
    subscriber.stop()
    // Without a certificate of ours there is no connection, and the reason is TLS, not the version of MQTT.
    s.tls = .init(caFile: pki.path + "/ca.crt")
    s.clientID = "stranger"
    let stranger = RunningSubscriber(s)
    #expect(stranger.handler.eventually { $0.losses >= 2 })
    stranger.stop()
    let states = stranger.handler.snapshot.states
    #expect(!states.contains(.subscribed) && !states.contains(.fallback))
    // A broker signed by another CA is not trusted, and OpenSSL's words say so.
    let others = try TemporaryDirectory()
    try PrivateCA.make(in: others.path)
    s.tls = .init(caFile: others.path + "/ca.crt")
    let deceived = RunningSubscriber(s)
    let saysWhy = deceived.handler.eventually { state in
      state.states.contains { if case .lost(let text) = $0 { text.contains("certificate verify failed") } else { false } }
    }
    #expect(saysWhy)
    deceived.stop()
    #expect(!deceived.handler.snapshot.states.contains(.fallback))
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
    try #require(p.exitCode() == 0)
  }
}
