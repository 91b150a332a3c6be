import Accounts
import ArgumentParser
import CMalloc
import Foundation
import Logging
import Service
import Settings
import Store
import Synchronization
import Web

/// `mizumori run`: the service.
struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "流量を受け取り、見張り、知らせます / the service.")

  @OptionGroup var options: SettingsOptions

  @Option(name: .customLong("broker-wait"), help: "最初の接続を待つ秒数（0 = いつまでも） / seconds to wait for the first connection, 0 = for ever")
  var brokerWait = 60

  @Flag(
    name: .customLong("trust-clock"),
    help: "時計が記録より前を指していても始める / begin even if the clock lies before the readings that are stored")
  var trustsClock = false

  @Option(name: .customLong("log-level"), help: "記録の細かさ / how much is logged: trace debug info notice warning error")
  var logLevel = Logger.Level.info

  func run() async throws {
    // Or each reload would keep the memory of the run before: 40 MB with 5,000 sensors.
    _ = mizumori_return_large_blocks()
    var settings = try Run.load(options)
    LoggingSystem.bootstrap { StderrLogHandler(label: $0) }
    var logger = Logger(label: "mizumori")
    logger.logLevel = logLevel
    let notifier = SystemdNotifier()
    let reload = Reload(options: options, notifier: notifier, logger: logger)
    let signals = ServiceSignals(reload)
    defer { signals.cancel() }
    /// The settings before a reload, until the new ones have proved to work.
    var previous: MizumoriSettings?
    /// By data directory: who is logged in stays so over a reload.
    var gates: [String: Gate] = [:]
    while true {
      let service = MizumoriService(
        settings: settings, version: Mizumori.version, brokerWait: brokerWait, trustsClock: trustsClock, notifier: notifier,
        gate: try Run.gate(settings, &gates), logger: logger)
      reload.begin(service, settings)
      do {
        try await service.run()
      } catch {
        guard let old = previous, !service.hasBeenReady else { throw Run.failure(error) }
        logger.error(
          "新しい設定では動けません。前の設定に戻します / the new settings do not work: going back to the old ones", metadata: ["error": "\(error)"])
        (settings, previous) = (old, nil)
        continue
      }
      guard let next = reload.take() else { break }
      (previous, settings) = (settings, next)
    }
    logger.notice("終了しました / stopped")
  }

  /// Who may see the page; nil where nobody needs to log in.
  private static func gate(_ settings: MizumoriSettings, _ known: inout [String: Gate]) throws -> Gate? {
    guard settings.web.isEnabled, settings.web.needsLogin else { return nil }
    let directory = settings.data.directory
    if let gate = known[directory] { return gate }
    do {
      let gate = try MizumoriService.gate(settings)
      known[directory] = gate
      return gate
    } catch {
      throw Failure(.configuration, error.description)
    }
  }

  /// Reads the settings with their secrets.
  static func load(_ options: SettingsOptions) throws -> MizumoriSettings {
    let settings = try options.load(keepsReach: false)
    guard settings.secretProblems.isEmpty else { throw Failure(.configuration, settings.secretProblems.joined(separator: "\n")) }
    return settings
  }

  /// What ended the service, as an exit code and text.
  static func failure(_ error: any Error) -> any Error {
    switch error {
    case let error as StoreError:
      switch error {
      case .newerSchema, .foreign: Failure(.configuration, error.description)
      case .locked: Failure(.unavailable, error.description)
      case .corrupt, .diskFull, .busy, .io: Failure(.ioError, error.description)
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

/// What SIGHUP does: the log is opened anew; settings that have changed are read, checked and taken over by an orderly restart within the
/// process. The broker keeps what comes meanwhile; settings with a mistake change nothing.
final class Reload: Sendable {
  private struct State {
    var service: MizumoriService?
    /// The present settings: an unchanged file must not break the connection.
    var present = SettingsPrint()
    var next: MizumoriSettings?
    var isStopping = false
  }
  private let state = Mutex(State())
  private let options: SettingsOptions
  private let notifier: SystemdNotifier
  private let logger: Logger

  init(options: SettingsOptions, notifier: SystemdNotifier, logger: Logger) {
    self.options = options
    self.notifier = notifier
    self.logger = logger
  }

  /// A service is about to run. One that was told to stop before is stopped at once.
  func begin(_ service: MizumoriService, _ settings: MizumoriSettings) {
    let isStopping = state.withLock { s in
      s.service = service
      s.present = SettingsPrint(settings)
      return s.isStopping
    }
    if isStopping { service.stop() }
  }

  /// The settings to go on with; nil = the service was told to end.
  func take() -> MizumoriSettings? {
    state.withLock { s in
      defer { s.next = nil }
      return s.isStopping ? nil : s.next
    }
  }

  /// SIGTERM, SIGINT.
  func stop() {
    state.withLock { s in
      s.isStopping = true
      return s.service
    }?.stop()
  }

  /// SIGHUP.
  func reload() {
    let service = state.withLock { $0.service }
    notifier.reloading()
    var isRestarting = false
    // After a restart within the process the service itself says that it is ready again.
    defer { if !isRestarting { notifier.ready() } }
    let settings: MizumoriSettings
    do {
      settings = try Run.load(options)
    } catch {
      let text = (error as? Failure)?.message ?? "\(error)"
      logger.error("設定に誤りがあります。いまの設定のまま続けます / mistakes in the settings: going on with the present ones", metadata: ["error": "\(text)"])
      service?.reopenLog()
      return
    }
    let isNew = state.withLock { s in
      guard SettingsPrint(settings) != s.present else { return false }
      s.next = settings
      return true
    }
    guard isNew else { return service?.reopenLog() ?? () }
    isRestarting = true
    logger.notice("設定を読み直しました / settings reloaded")
    service?.stop()
  }
}

/// Settings for comparison: all that they say, secrets too, in an order that does not depend on where a dictionary or set lies in memory.
private struct SettingsPrint: Equatable {
  private var text = ""

  init() {}

  init(_ settings: MizumoriSettings) { text = SettingsPrint.text(settings) }

  private static func text(_ value: Any) -> String {
    if let secret = value as? Secret { return "secret \(secret.path) \(secret.text)" }
    let mirror = Mirror(reflecting: value)
    guard !mirror.children.isEmpty else { return String(reflecting: value) }
    let parts = mirror.children.map { "\($0.label ?? "")=\(text($0.value))" }
    let isUnordered = mirror.displayStyle == .set || mirror.displayStyle == .dictionary
    // Which case of an enumeration it is stands in its label.
    return "\(mirror.subjectType)(" + (isUnordered ? parts.sorted() : parts).joined(separator: ",") + ")"
  }
}

/// SIGTERM and SIGINT stop the service, SIGHUP reopens its log and reloads its settings.
final class ServiceSignals {
  private var sources: [any DispatchSourceSignal] = []

  init(_ reload: Reload) {
    for number in [SIGTERM, SIGINT] { add(number) { reload.stop() } }
    add(SIGHUP) { reload.reload() }
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
