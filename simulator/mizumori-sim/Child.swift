import Foundation

/// A program that this one started and that ends with it.
final class Child {
  private let process = Process()
  /// What it prints.
  let log: String

  init(_ executable: String, _ arguments: [String], log: String) throws {
    self.log = log
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    guard FileManager.default.createFile(atPath: log, contents: nil), let handle = FileHandle(forWritingAtPath: log) else {
      throw Failure.ioError("\(log): 書けません / cannot be written")
    }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = handle
    process.standardError = handle
    do { try process.run() } catch { throw Failure.unavailable("\(executable): \(error.localizedDescription)") }
  }

  var isRunning: Bool { process.isRunning }

  /// The last lines that it printed.
  var lastWords: String {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").suffix(8).joined(separator: "\n")
  }

  /// The exit code, once it has ended by itself.
  func finish() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// SIGTERM, then SIGKILL if it is still there after 20 s.
  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    for _ in 0..<400 where process.isRunning { usleep(50_000) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// A program on PATH or in the system folders that a user's PATH lacks.
  static func find(_ name: String) throws -> String {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in path + ["/usr/sbin", "/usr/local/sbin"] where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
      return "\(folder)/\(name)"
    }
    throw Failure.unavailable("\(name) が見つかりません。`apt-get install \(name)` で入ります / was not found: apt-get install \(name)")
  }

  /// A program that stands beside this one.
  static func beside(_ name: String) -> String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: own).deletingLastPathComponent().path + "/" + name
  }
}
