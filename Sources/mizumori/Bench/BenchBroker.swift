import Foundation

/// A mosquitto of the bench's own on a free loopback port.
final class BenchBroker {
  let port: Int
  private let process: ChildProcess

  var processIdentifier: Int32 { process.processIdentifier }

  /// Nil where no mosquitto is installed.
  static func ifInstalled(_ folder: BenchFolder) throws -> BenchBroker? {
    guard let program = try? DemoStage.find("mosquitto") else { return nil }
    return try BenchBroker(program, folder)
  }

  private init(_ program: String, _ folder: BenchFolder) throws {
    port = try LoopbackPort.free()
    let file = folder.path + "/mosquitto.conf"
    let text = PrivateBroker.configuration(port: port, directory: folder.path + "/broker/")
    guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
      throw Failure(.ioError, "書けません / cannot write: \(file)")
    }
    process = try ChildProcess("mosquitto", executable: program, arguments: ["-c", file], log: folder.path + "/mosquitto.log")
    for _ in 0..<200 where process.isRunning {
      if DemoStage.accepts(port) { return }
      usleep(50_000)
    }
    stop()
    let log = (try? String(contentsOfFile: folder.path + "/mosquitto.log", encoding: .utf8)) ?? ""
    throw Failure(.unavailable, "mosquitto を始められません（--no-broker で省けます） / mosquitto does not start (--no-broker does without)\n\(log)")
  }

  /// Ends it and waits, at most some seconds.
  func stop() {
    process.send(signal: SIGTERM)
    for _ in 0..<160 where process.isRunning { usleep(50_000) }
    process.send(signal: SIGKILL)
  }
}
