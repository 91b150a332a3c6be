import Alerts
import ArgumentParser
import Foundation
import MQTT
import Service
import Settings
import Store

/// `mizumori check`: settings, broker, data directory, receivers of alerts: what is wrong and what to do.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "設定・ブローカー・データ置き場・知らせ先を点検します / checks settings, broker, data directory and receivers of alerts.")

  @OptionGroup var options: SettingsOptions

  @Flag(name: .customLong("send-test"), help: "知らせ先に試しの知らせを送る / send a test message to each receiver")
  var sendTest = false

  func run() async throws {
    let settings = try options.load()
    var worst = ExitStatus.ok
    func report(_ name: String, _ problem: (ExitStatus, String)?) {
      say("\(problem == nil ? "○" : "×") \(name)\(problem.map { ": \($0.1)" } ?? "")")
      if let problem, worst == .ok { worst = problem.0 }
    }
    report("設定 / settings", settings.secretProblems.first.map { (.configuration, $0) })
    report("データ置き場 / data directory \(settings.data.directory)", directoryProblem(settings.data.directory))
    report("ブローカー / broker \(settings.broker.host):\(settings.broker.port)", brokerProblem(settings))
    for sink in settings.alerts.sinks where sendTest {
      let result = SinkTest(settings, sink)
      report("知らせ先 / receiver \(sink.name) (\(sink.kind.key))", result.isDelivered ? nil : (.unavailable, result.answer))
    }
    if worst != .ok { throw Failure(worst, "直すところがあります / something needs attention") }
  }

  /// Opens the directory as the service would, unless the service has it open: then it is fine.
  private func directoryProblem(_ path: String) -> (ExitStatus, String)? {
    do {
      _ = try Store(directory: path)
      return nil
    } catch .locked {
      return nil
    } catch {
      return (error.description.isEmpty ? .ioError : (Run.failure(error) as? Failure)?.code ?? .ioError, error.description)
    }
  }

  /// Connects under a name of its own, so that a running service keeps its session.
  private func brokerProblem(_ settings: MizumoriSettings) -> (ExitStatus, String)? {
    var b = settings.brokerSettings
    b.clientID += "-check-\(getpid())"
    b.sessionExpiry = 0
    b.statusTopic = nil
    let publisher = Publisher(settings: b)
    do {
      try publisher.connect()
      publisher.disconnect()
      return nil
    } catch {
      return (.unavailable, "\(error)")
    }
  }
}
