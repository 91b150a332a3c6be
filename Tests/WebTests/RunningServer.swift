import Accounts
import Foundation
import Logging
import TestSupport

@testable import Web

/// The server on a free port for as long as `body` runs.
enum RunningServer {
  static var assets: String { URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../Sources/Web/Assets" }

  static func settings(port: Int = 0) -> WebSettings {
    var settings = WebSettings()
    settings.port = port
    settings.assetsDirectory = assets
    return settings
  }

  static var logger: Logger {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }

  static func with(
    _ source: any PageSource = FixtureSource(), _ settings: WebSettings = settings(), gate: Gate? = nil,
    _ body: @escaping @Sendable (Int) throws -> Void
  ) async throws {
    let server = try WebServer(settings: settings, source: source, gate: gate, logger: logger)
    let ports = AsyncStream<Int>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { ports.continuation.finish() }
        try await server.run { ports.continuation.yield($0) }
      }
      for await port in ports.stream {
        // Blocking sockets on a thread of their own: the cooperative pool is the server's.
        try await withCheckedThrowingContinuation { continuation in
          Thread { continuation.resume(with: Result { try body(port) }) }.start()
        }
        break
      }
      group.cancelAll()
    }
  }

  static func wait(seconds: Double = 5, _ condition: () -> Bool) -> Bool { eventually(seconds: seconds, condition) }
}
