import ArgumentParser
import Foundation
import Logging
import Service
import Settings
import Store
import Web

/// `mizumori run`: the service.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "流量を受け取り、見張り、知らせます / the service.")

  @OptionGroup var options: SettingsOptions

  @Option(name: .customLong("broker-wait"), help: "最初の接続を待つ秒数（0 = いつまでも） / seconds to wait for the first connection, 0 = for ever")
  var brokerWait = 60

  @Option(name: .customLong("log-level"), help: "trace debug info notice warning error")
  var logLevel = Logger.Level.info

  func run() async throws {
    let settings = try options.load()
    guard settings.secretProblems.isEmpty else { throw Failure(.configuration, settings.secretProblems.joined(separator: "\n")) }
    LoggingSystem.bootstrap { StderrLogHandler(label: $0) }
    var logger = Logger(label: "mizumori")
    logger.logLevel = logLevel
    let service = MizumoriService(settings: settings, version: Mizumori.version, brokerWait: brokerWait, logger: logger)
    let signals = ServiceSignals(service)
    defer { signals.cancel() }
    do {
      try await service.run()
    } catch {
      throw Run.failure(error)
    }
    logger.notice("終了しました / stopped")
  }

  /// What ended the service, as an exit code and text.
  static func failure(_ error: any Error) -> any Error {
    switch error {
    case let error as StoreError:
      switch error {
      case .newerSchema, .foreign: Failure(.configuration, error.description)
      case .locked: Failure(.unavailable, error.description)
      case .corrupt, .diskFull, .io: Failure(.ioError, error.description)
      }
    case let error as WebError:
      switch error {
      case .portInUse: Failure(.unavailable, error.description)
      case .assetMissing: Failure(.noInput, error.description)
      }
    case let error as ServiceError: Failure(.unavailable, error.description)
    default: error
    }
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// SIGTERM and SIGINT stop the service, SIGHUP reopens its log.
final class ServiceSignals {
  private var sources: [any DispatchSourceSignal] = []

  init(_ service: MizumoriService) {
    for number in [SIGTERM, SIGINT] { add(number) { service.stop() } }
    add(SIGHUP) { service.reopenLog() }
  }

  private func add(_ number: Int32, _ body: @escaping @Sendable () -> Void) {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: body)
    source.resume()
    sources.append(source)
  }

  func cancel() { for s in sources { s.cancel() } }
}
