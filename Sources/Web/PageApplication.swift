import Hummingbird
import Logging
import NIOCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A router listening on an address, until the task is cancelled.
enum PageApplication {
  /// - Parameters:
  ///   - onReady: called with the port once it listens.
  ///   - onStop: called when the task is cancelled.
  /// - Throws: `WebError.portInUse` when the address cannot be listened on.
  static func run(
    _ router: Router<PageContext>, _ settings: WebSettings, _ logger: Logger, onReady: @escaping @Sendable (Int) -> Void,
    onStop: @escaping @Sendable () -> Void = {}
  ) async throws {
    let stop = StoppingLog.Switch()
    let quiet = Logger(label: logger.label) { [logger] _ in StoppingLog(stop: stop, logger: logger) }
    let application = Application(
      // Closes connections of clients that send nothing, or half a request, or went away unheard. Live streams are requests under way.
      router: router, server: .http1(configuration: .init(idleTimeout: .seconds(20))),
      configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: "mizumori"),
      onServerRunning: { channel in onReady(channel.localAddress?.port ?? 0) }, logger: quiet)
    do {
      try await withTaskCancellationHandler {
        try await application.run()
      } onCancel: {
        stop.isStopping.store(true, ordering: .relaxed)
        onStop()
      }
    } catch let error as IOError {
      throw WebError.portInUse(host: settings.host, port: settings.port, detail: remedy(error))
    }
  }

  private static func remedy(_ error: IOError) -> String {
    switch error.errnoCode {
    case EADDRINUSE:
      "ほかのプログラムが使っています。web.port を変えるか、そちらを止めてください / another program is using it: change web.port or stop it"
    case EACCES, EPERM:
      "権限がありません。web.port を 1024 以上にしてください / not permitted: choose a web.port of 1024 or more"
    case EADDRNOTAVAIL:
      "この機械のアドレスではありません。web.address を確かめてください / not an address of this machine: check web.address"
    default: "web.port と web.address を確かめてください / check web.port and web.address (\(error))"
    }
  }
}
