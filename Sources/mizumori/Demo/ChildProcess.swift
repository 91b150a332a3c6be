import Foundation

/// A program that the demo started: it ends when the demo ends.
final class ChildProcess {
  let name: String
  private let process = Process()

  /// - Parameters:
  ///   - log: standard error (and output) go to this file.
  init(_ name: String, executable: String, arguments: [String], log: String, environment: [String: String]? = nil) throws {
    self.name = name
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    if let environment { process.environment = environment }
    guard FileManager.default.createFile(atPath: log, contents: nil) else { throw Failure(.ioError, "書けません / cannot write: \(log)") }
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    try ChildProcess.withSignalsUnblocked { try process.run() }
  }

  /// Runs `body` with no signal blocked on this thread.
  ///
  /// Tasks run on threads that block signals, and a child inherits the mask: mosquitto would then never see the SIGTERM that is to end it.
  private static func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  var processIdentifier: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }
  var exitCode: Int32 { process.isRunning ? 0 : process.terminationStatus }

  func send(signal number: Int32) { if process.isRunning { kill(process.processIdentifier, number) } }

  /// SIGTERM, then SIGKILL if it is still there after `grace` seconds.
  func stop(grace: Double = 8) async {
    guard process.isRunning else { return }
    process.terminate()
    for _ in 0..<Int(grace * 20) where process.isRunning { try? await Task.sleep(for: .milliseconds(50)) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    while process.isRunning { try? await Task.sleep(for: .milliseconds(20)) }
  }
}
