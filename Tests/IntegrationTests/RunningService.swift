import Foundation
import TestSupport
import Testing

/// A real `mizumori run` as a child process, optionally under strace, with its settings and data in a temporary directory.
final class RunningService {
  let directory: String
  let pagePort: Int
  private var process: Process?
  private(set) var log = ""

  /// The build folder of this test run: the products stand beside the test bundle.
  static let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
  static var executable: String { products.appendingPathComponent("mizumori").path }
  static var simulator: String { products.appendingPathComponent("mizumori-sim").path }

  init(directory: String, brokerPort: Int, extra: String = "", web: Bool = true, login: Bool = false) throws {
    self.directory = directory
    pagePort = web ? try FreePort.next() : 0
    try write(
      """
      utility:
        municipality: test
      broker:
        host: 127.0.0.1
        port: \(brokerPort)
        client_id: mizumori-test
      data:
        directory: "\(directory)/data"
      web:
        enabled: \(web)
        port: \(web ? pagePort : 8080)
        login: \(login)
      \(extra)

      """, to: "mizumori.yaml")
  }

  var dataDirectory: String { directory + "/data" }
  var settingsFile: String { directory + "/mizumori.yaml" }

  func write(_ text: String, to name: String, mode: Int = 0o600) throws {
    let done = FileManager.default.createFile(
      atPath: "\(directory)/\(name)", contents: Data(text.utf8), attributes: [.posixPermissions: mode])
    try #require(done)
  }

  /// - Parameter injections: strace `inject=` expressions, e.g. `fdatasync:signal=SIGKILL:when=3`. strace counts calls for each thread.
  func start(injections: [String] = [], arguments: [String] = []) throws {
    let p = Process()
    let run = ["run", "--settings", "\(directory)/mizumori.yaml"] + arguments
    if !injections.isEmpty {
      let calls = injections.map { $0.prefix { $0 != ":" } }.joined(separator: ",")
      p.executableURL = URL(fileURLWithPath: "/usr/bin/strace")
      p.arguments =
        ["-f", "-qqq", "-o", "\(directory)/strace.txt", "-e", "trace=\(calls)"] + injections.flatMap { ["-e", "inject=\($0)"] }
        + [RunningService.executable] + run
    } else {
      p.executableURL = URL(fileURLWithPath: RunningService.executable)
      p.arguments = run
    }
    let file = "\(directory)/service.log"
    _ = FileManager.default.createFile(atPath: file, contents: nil)
    p.standardError = FileHandle(forWritingAtPath: file)
    p.standardOutput = FileHandle.nullDevice
    p.standardInput = FileHandle.nullDevice
    try p.runUnmasked()
    process = p
  }

  var isRunning: Bool { process?.isRunning ?? false }

  /// Waits for the end. Returns nil when it is still running after `seconds`.
  func wait(seconds: Double) -> (code: Int32, bySignal: Bool)? {
    guard let process else { return nil }
    let end = Date().addingTimeInterval(seconds)
    while process.isRunning, Date() < end { usleep(20_000) }
    log = written
    guard !process.isRunning else { return nil }
    return (process.terminationStatus, process.terminationReason == .uncaughtSignal)
  }

  /// Waits until SIGKILL has ended it, and says whether it has; what has not ended in time is ended as systemd would.
  func wasKilled(within seconds: Double) -> Bool {
    guard let end = wait(seconds: seconds) else {
      stop()
      return false
    }
    return end.bySignal || end.code == 137
  }

  private var written: String { (try? String(contentsOfFile: "\(directory)/service.log", encoding: .utf8)) ?? "" }

  /// What it has said so far, and whether it still runs: for the message of a test that fails.
  var said: Comment { Comment(rawValue: "\(isRunning ? "running" : "ended")\n\(written.suffix(4000))") }

  /// Ends it as systemd would and returns the exit code.
  @discardableResult
  func stop() -> Int32 {
    guard let process, process.isRunning else { return process?.terminationStatus ?? 0 }
    kill(servicePID(process), SIGTERM)
    let result = wait(seconds: 10)
    if result == nil {
      Issue.record("mizumori run did not end within 10 s of SIGTERM:\n\(log)")
      kill(servicePID(process), SIGKILL)
      process.waitForEnd()
    }
    return result?.code ?? -1
  }

  /// What `systemctl reload` sends.
  func hangUp() throws { kill(servicePID(try #require(process)), SIGHUP) }

  /// Under strace the service is the child of our child.
  private func servicePID(_ process: Process) -> pid_t {
    let pid = process.processIdentifier
    guard process.executableURL?.lastPathComponent == "strace",
      let children = try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8),
      let child = children.split(separator: " ").first.flatMap({ pid_t($0) })
    else { return pid }
    return child
  }

  /// Power off.
  func kill9() {
    guard let process, process.isRunning else { return }
    kill(servicePID(process), SIGKILL)
    process.waitForEnd()
  }

  deinit { if let process, process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// GET of the service's own page; nil when there is no answer.
  func get(_ path: String) -> (status: Int, body: String)? { HTTPProbe.get(port: pagePort, path: path) }

  func waitReady(seconds: Double = 20) -> Bool {
    eventually(seconds: seconds) { get("/readyz")?.status == 200 }
  }
}

extension RunningService {
  /// Runs SQL with the sqlite3 program, as somebody else would.
  static func sqlite(_ file: String, _ sql: String) throws {
    let p = Process()
    p.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
    p.arguments = [file, sql]
    p.standardOutput = FileHandle.nullDevice
    try p.runUnmasked()
    try #require(p.exitCode() == 0)
  }
}
