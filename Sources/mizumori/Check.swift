import ArgumentParser
import Foundation
import MQTT
import Readings
import Service
import Settings
import Store

/// `mizumori check`: all that a box needs to do its work: what is wrong and what to do. May be called while the service runs.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "設定・ディスク・時計・ブローカー・証明書・トピック・センサー・知らせ先を点検します / checks everything the box needs.",
    discussion: """
      ○ 正常、△ 気をつけること、× 直すこと。× が一つでもあれば終了コードは 0 以外です。
      ○ fine, △ somebody should look at it, × to be mended: then the exit code is not 0.
      """)

  @OptionGroup var options: SettingsOptions

  @Flag(name: .customLong("send-test"), help: "知らせ先に試しの知らせを送る / send a test message to each receiver")
  var sendTest = false

  @Option(help: "トピックに何が来るか聞く秒数。0 なら聞かない / seconds to listen to the topics; 0 = not at all")
  var listen = 5

  @Flag(help: "JSON で / as JSON")
  var json = false

  func validate() throws {
    guard (0...86_400).contains(listen) else { throw ValidationError("--listen: 0〜86400 秒 / 0 to 86400 seconds") }
  }

  func run() async throws {
    let settings = try load()
    var all: [Finding] = []
    var worst = ExitStatus.ok
    func report(_ found: [Finding], _ code: ExitStatus = .failed) {
      for f in found {
        if !json { say(Check.line(f)) }
        if f.level == .problem, worst == .ok { worst = code }
      }
      all += found
    }
    let box = BoxCheck(settings, now: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)))
    report(
      [settings.secretProblems.first.map { .problem(.settings, "設定 / settings", $0) } ?? .ok(.settings, "設定 / settings")], .configuration)
    let data = directory(settings.data.directory)
    report([data.finding], data.code)
    report(box.owner(), .ioError)
    report([box.disk(), box.clock()] + box.certificates())
    let brokers = settings.brokerSettings.addresses.map { broker(settings, $0) }
    report(brokers, .unavailable)
    if brokers.contains(where: { $0.level == .ok }), listen > 0 {
      report(TopicProbe.findings(settings, name: checkName(settings), seconds: listen), .unavailable)
    }
    report(box.sensors())
    for sink in settings.alerts.sinks {
      report([box.receiver(sink)], .unavailable)
      if sendTest { report([trial(settings, sink)], .unavailable) }
    }
    if json { say(try jsonText(all)) }
    if worst != .ok { throw Failure(worst, json ? "" : "直すところがあります / something needs attention") }
  }

  /// The settings as the service sees them. With --json their mistakes are findings, too.
  private func load() throws -> MizumoriSettings {
    do {
      return try options.load(keepsReach: false)
    } catch let failure as Failure where json {
      let problems = failure.message.split(separator: "\n").map { Finding.problem(.settings, "設定 / settings", String($0)) }
      say(try jsonText(problems))
      throw Failure(failure.code, "")
    }
  }

  private static func line(_ f: Finding) -> String {
    let mark =
      switch f.level {
      case .ok: "○"
      case .warning: "△"
      case .problem: "×"
      }
    return "\(mark) \(f.name)\(f.detail.map { ": \($0)" } ?? "")\(f.remedy.map { "\n    → \($0)" } ?? "")"
  }

  private func trial(_ settings: MizumoriSettings, _ sink: MizumoriSettings.Sink) -> Finding {
    let result = SinkTest(settings, sink)
    let name = "試しの知らせ / test message \(sink.name) (\(sink.kind.key))"
    guard !result.isDelivered else { return .ok(.receiver, name) }
    return .problem(
      .receiver, name, result.answer,
      "相手の答えです。URL・トークン・網を確かめて mizumori test-sink \(sink.name) / what it answered: look at URL, token and network, then test-sink")
  }

  /// Opens the directory as the service would, unless the service has it open: then it is fine.
  private func directory(_ path: String) -> (finding: Finding, code: ExitStatus) {
    let name = "データ置き場 / data directory \(path)"
    if !FileManager.default.fileExists(atPath: path) {
      let remedy = "mizumori run が作ります。data.directory が正しいか確かめてください / run makes it: is data.directory right?"
      return (.warning(.data, name, "まだありません / is not there yet", remedy), .ok)
    }
    do {
      _ = try Store(directory: path)
      return (.ok(.data, name), .ok)
    } catch .locked {
      return (.ok(.data, name, "水守が使っています / the service uses it"), .ok)
    } catch {
      return (.problem(.data, name, error.description), (Run.failure(error) as? Failure)?.code ?? .ioError)
    }
  }

  private func checkName(_ settings: MizumoriSettings) -> String { "\(settings.broker.clientID)-check-\(getpid())" }

  /// Connects under a name of its own, so that a running service keeps its session.
  /// - Parameter address: of one node, where there are several.
  private func broker(_ settings: MizumoriSettings, _ address: BrokerAddress) -> Finding {
    var b = settings.brokerSettings
    (b.host, b.port, b.others) = (address.host, address.port, [])
    b.clientID = checkName(settings)
    b.sessionExpiry = 0
    b.statusTopic = nil
    let name = "ブローカー / broker \(address)"
    let publisher = Publisher(settings: b)
    do {
      try publisher.connect()
      publisher.disconnect()
      return .ok(.broker, name)
    } catch {
      return .problem(.broker, name, "\(error)", BrokerAdvice.remedy("\(error)"))
    }
  }
}
