import ArgumentParser
import Foundation
import MQTT

/// Where to publish.
struct BrokerOptions: ParsableArguments {
  @Option(help: "ブローカー / broker")
  var host = "127.0.0.1"

  @Option(help: "ポート / port")
  var port = 1883

  @Option(name: .customLong("client-id"), help: "ブローカーでの名前 / name at the broker")
  var clientID = "mizumori-sim-\(getpid())"

  @Option(help: "利用者名 / user name")
  var username: String?

  @Option(name: .customLong("password-file"), help: "パスワードのファイル / file with the password")
  var passwordFile: String?

  @Option(name: .customLong("ca-file"), help: "TLS: CA 証明書 / CA certificates")
  var caFile: String?

  @Option(name: .customLong("certificate-file"), help: "クライアント証明書 / client certificate")
  var certificateFile: String?

  @Option(name: .customLong("key-file"), help: "証明書の鍵 / key of the certificate")
  var keyFile: String?

  @Option(help: "0 か 1 / 0 or 1")
  var qos = 1

  func validate() throws {
    guard qos == 0 || qos == 1 else { throw ValidationError("--qos は 0 か 1 / must be 0 or 1") }
    guard (1...65_535).contains(port) else { throw ValidationError("--port: 1…65535") }
  }

  func publisher() throws -> Publisher {
    var s = BrokerSettings(host: host, port: port, clientID: clientID)
    s.username = username
    s.sessionExpiry = 0
    if let passwordFile {
      guard let text = try? String(contentsOfFile: passwordFile, encoding: .utf8) else {
        throw Failure.noInput("\(passwordFile): 読めません / cannot be read")
      }
      s.password = text.trimmingCharacters(in: .newlines)
    }
    if let caFile { s.tls = .init(caFile: caFile, certificateFile: certificateFile, keyFile: keyFile) }
    let publisher = Publisher(settings: s)
    do { try publisher.connect() } catch {
      throw Failure.unavailable("ブローカーにつながりません / cannot reach the broker: \(error)")
    }
    return publisher
  }
}
