import Foundation

/// The temporary directory of one demo: broker, settings, secrets, data, logs. Removed at the end.
struct DemoTown {
  let directory: String
  let brokerPort: Int
  let receiverPort: Int
  let pagePort: Int
  /// Where nobody listens: a receiver that is out of order.
  let deadPort: Int

  init(brokerPort: Int, receiverPort: Int, pagePort: Int, deadPort: Int) throws {
    directory = NSTemporaryDirectory() + "mizumori-demo-\(ProcessInfo.processInfo.processIdentifier)"
    self.brokerPort = brokerPort
    self.receiverPort = receiverPort
    self.pagePort = pagePort
    self.deadPort = deadPort
    let files = FileManager.default
    try files.createDirectory(
      atPath: directory + "/broker", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try write("mosquitto.conf", PrivateBroker.configuration(port: brokerPort, directory: directory + "/broker/"))
    try write("webhook.secret", DemoTown.newSecret(), mode: 0o600)
  }

  func path(_ name: String) -> String { directory + "/" + name }

  /// Adds what the simulator calls its meters and zones to the settings.
  func addNames(_ yaml: String) throws { try write("mizumori.yaml", settings + yaml) }

  func remove() { try? FileManager.default.removeItem(atPath: directory) }

  private func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
    guard FileManager.default.createFile(atPath: path(name), contents: Data(text.utf8), attributes: [.posixPermissions: mode]) else {
      throw Failure(.ioError, "書けません / cannot write: \(path(name))")
    }
  }

  /// 32 random bytes as a Standard Webhooks secret.
  private static func newSecret() -> String {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return "whsec_" + Data(bytes).base64EncodedString() + "\n"
  }

  private var settings: String {
    """
    # 水守のデモの設定 / settings of the demo
    utility:
      name: "みずもり町 水道"
      municipality: mizumori
      language: ja
    broker:
      host: 127.0.0.1
      port: \(brokerPort)
      client_id: mizumori-demo
    data:
      directory: "\(directory)/data"
      checkpoint_s: 10
    alerts:
      webhooks:
        - name: demo-receiver
          url: "http://127.0.0.1:\(receiverPort)/hook"
          secret_file: webhook.secret
          allow_addresses: ["127.0.0.1"]
        # 届かない知らせ先: 「知らせ」の画面で、送り直しの様子が見られます / a receiver that cannot be reached, for the page of deliveries
        - name: bousai-yakuba
          url: "http://127.0.0.1:\(deadPort)/hook"
          secret_file: webhook.secret
          allow_addresses: ["127.0.0.1"]
          types: [leak.opened, leak.closed]
    web:
      address: 127.0.0.1
      port: \(pagePort)
      login: false

    """
  }
}
