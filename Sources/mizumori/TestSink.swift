import Alerts
import ArgumentParser
import Foundation
import Service
import Settings

/// `mizumori test-sink`: sends a test message to one receiver and shows what came back.
struct TestSink: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test-sink",
    abstract: "知らせ先の一つに試しの知らせを送ります / sends a test message to one receiver of alerts.",
    discussion: "0 = 届いた / delivered, 69 = 届かない / not delivered")

  @OptionGroup var options: SettingsOptions

  @Argument(help: "設定の alerts: にある名前 / a name of the settings' alerts: section")
  var name: String

  func run() async throws {
    let settings = try options.load()
    guard settings.secretProblems.isEmpty else { throw Failure(.configuration, settings.secretProblems.joined(separator: "\n")) }
    let sinks = settings.alerts.sinks
    guard let sink = sinks.first(where: { $0.name == name }) else {
      let known = sinks.isEmpty ? "–" : sinks.map(\.name).joined(separator: ", ")
      throw Failure(
        .usage, "「\(name)」という知らせ先はありません。設定にあるもの: \(known) / there is no receiver \"\(name)\"; the settings have: \(known)")
    }
    let result = SinkTest(settings, sink)
    guard result.isDelivered else {
      throw Failure(.unavailable, "× \(name) (\(sink.kind.key)): 届きません / not delivered: \(result.answer)")
    }
    say("○ \(name) (\(sink.kind.key)): 届きました / delivered: \(result.answer)")
  }
}

/// One test message to one receiver.
struct SinkTest {
  let isDelivered: Bool
  /// What came back, in words.
  let answer: String

  init(_ settings: MizumoriSettings, _ sink: MizumoriSettings.Sink) {
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    switch settings.alertSink(sink).send(.test(TestNotice(now: now)), now: now) {
    case .delivered(0): (isDelivered, answer) = (true, sink.kind.key == "mqtt" ? "PUBACK" : "exit code 0")
    case .delivered(let status): (isDelivered, answer) = (true, "HTTP \(status)")
    case .retry(_, let error, _, _), .gone(_, let error): (isDelivered, answer) = (false, error)
    }
  }
}
