import Alerts
import ArgumentParser
import Foundation

/// `mizumori receive`: shows what a webhook receiver would get.
struct Receive: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Webhook を受け取って表示します（確認用） / prints webhooks as they arrive, for trying them out.")

  @Option(help: "待ち受けるポート（127.0.0.1） / port on 127.0.0.1")
  var port = 9000

  @Option(name: .customLong("secret-file"), help: "署名の鍵（whsec_…）のファイル / file with the signing secret")
  var secretFile: String?

  @Flag(name: .customLong("json"), help: "一件一行の JSON で出力 / one JSON object a line")
  var json = false

  func run() async throws {
    var secret: StandardWebhooks.Secret?
    if let secretFile {
      guard let text = try? String(contentsOfFile: secretFile, encoding: .utf8) else {
        throw Failure(.noInput, "読めません / cannot read: \(secretFile)")
      }
      guard let s = StandardWebhooks.Secret(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
        throw Failure(.configuration, "\(secretFile): whsec_ と base64 を一行に / expected one line `whsec_` + base64")
      }
      secret = s
    }
    FileHandle.standardError.write(Data("http://127.0.0.1:\(port)/ で待っています / waiting\n".utf8))
    let receiver = Receiver(port: port, secret: secret) { [json] event in
      if json {
        say(
          "{\"id\":\(StderrLogHandler.quote(event.id)),\"type\":\(StderrLogHandler.quote(event.type)),\"text\":\(StderrLogHandler.quote(event.words))}"
        )
      } else {
        say("[\(event.type)] \(event.id)\n\(event.words)\n")
      }
    }
    do {
      try await receiver.run()
    } catch {
      throw Failure(.unavailable, "ポート \(port) で待ち受けできません / cannot listen on port \(port): \(error)")
    }
  }
}
