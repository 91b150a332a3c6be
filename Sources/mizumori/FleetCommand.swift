import ArgumentParser
import Fleet
import Foundation
import Logging
import Settings
import Web

/// `mizumori fleet`: several instances on one page.
struct FleetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fleet", abstract: "いくつもの水守を一つの画面で見ます（悪い順） / several instances on one page, worst first.",
    discussion: "設定の例 / an example of the file: /usr/share/doc/mizumori/examples/fleet.yaml (deploy/fleet.yaml)")

  @Option(help: "設定ファイル（YAML） / file that lists the instances") var config: String

  @Flag(help: "一度だけたずねて JSON で出す / ask once and print JSON") var json = false

  @Option(help: "画面のポート（設定より優先、0 なら空きを探す） / port of the page, before that of the file; 0 = any free one") var port: Int?

  func validate() throws {
    if let port, !(0...65_535).contains(port) { throw ValidationError("--port: 0…65535") }
  }

  func run() async throws {
    let settings: FleetSettings
    do { settings = try FleetSettings.load(path: config) } catch {
      throw Failure(error.isFileMissing ? .noInput : .configuration, error.description)
    }
    let watch = FleetWatch(settings)
    if json { return try await print(watch) }
    try await serve(watch, settings)
  }

  /// 69 when an instance could not be read: what is there was printed all the same.
  private func print(_ watch: FleetWatch) async throws {
    await withCheckedContinuation { done in
      Thread.detachNewThread {
        watch.askOnce()
        done.resume()
      }
    }
    let view = watch.view()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    say(String(decoding: try encoder.encode(view), as: UTF8.self))
    let missing = view.instances.filter { !$0.isReached }
    guard missing.isEmpty else {
      let reasons = missing.map { "\($0.name): \($0.problem?["ja"] ?? "") / \($0.problem?["en"] ?? "")" }
      throw Failure(.unavailable, reasons.joined(separator: "\n"))
    }
  }

  private func serve(_ watch: FleetWatch, _ settings: FleetSettings) async throws {
    LoggingSystem.bootstrap { StderrLogHandler(label: $0) }
    var web = WebSettings()
    web.host = settings.address
    web.port = port ?? settings.port
    web.allowedHosts = settings.allowedHosts
    let host = web.host.contains(":") ? "[\(web.host)]" : web.host
    watch.start()
    defer { watch.stop() }
    do {
      try await FleetServer(settings: web, logger: Logger(label: "mizumori.fleet")) { watch.view() }.run { port in
        FileHandle.standardError.write(Data("画面 / page: http://\(host):\(port)/\n".utf8))
      }
    } catch let error as WebError {
      throw Run.failure(error)
    }
  }
}
