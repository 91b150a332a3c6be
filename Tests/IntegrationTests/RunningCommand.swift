import Foundation
import TestSupport
import Testing

/// One of the built programs with what it prints.
final class RunningCommand {
  private let process = Process()
  private let home: TemporaryDirectory

  /// - Parameters:
  ///   - environment: nil = that of the tests.
  ///   - input: what stands on standard input.
  init(_ name: String, _ arguments: [String], environment: [String: String]? = nil, input: String = "") throws {
    home = try TemporaryDirectory()
    process.executableURL = RunningService.products.appendingPathComponent(name)
    process.arguments = arguments
    if let environment { process.environment = environment }
    process.standardOutput = try stream("out")
    process.standardError = try stream("error")
    try Data(input.utf8).write(to: URL(fileURLWithPath: "\(home.path)/in"))
    process.standardInput = FileHandle(forReadingAtPath: "\(home.path)/in")
    try process.runUnmasked()
  }

  /// What came on standard output, and on standard error, so far.
  var out: String { text("out") }
  var error: String { text("error") }
  /// Both, for messages and for what may come on either.
  var output: String { out + error }

  private func text(_ name: String) -> String { (try? String(contentsOfFile: "\(home.path)/\(name)", encoding: .utf8)) ?? "" }

  private func stream(_ name: String) throws -> FileHandle {
    let file = "\(home.path)/\(name)"
    try #require(FileManager.default.createFile(atPath: file, contents: nil))
    return try #require(FileHandle(forWritingAtPath: file))
  }

  /// The exit code, once it has ended by itself.
  func finish() throws -> Int32 {
    try #require(eventually(seconds: 30) { !process.isRunning }, "still running: \(output)")
    return process.exitCode()
  }

  /// - Parameter signal: SIGKILL leaves it no time to clean up.
  func stop(signal: Int32 = SIGTERM) {
    kill(process.processIdentifier, signal)
    process.waitForEnd()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
}
