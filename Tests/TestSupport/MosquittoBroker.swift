import Foundation

/// A real mosquitto on a private loopback port, with persistence in a directory of its own.
public final class MosquittoBroker {
  public let port: Int
  private let directory: TemporaryDirectory
  private var process: Process?

  public struct Failure: Error, CustomStringConvertible { public let description: String }

  /// - Parameters:
  ///   - lines: further lines of mosquitto.conf.
  ///   - files: files to put beside it; `$DIR` in `lines` stands for their folder.
  public convenience init(lines: [String] = ["allow_anonymous true"], files: [String: String] = [:]) throws {
    try self.init { port, directory in
      for (name, text) in files { try text.write(toFile: directory + "/" + name, atomically: true, encoding: .utf8) }
      return (["listener \(port) 127.0.0.1", "persistence true", "autosave_interval 1"] + lines).joined(separator: "\n")
        .replacingOccurrences(of: "$DIR", with: directory)
    }
  }

  /// A broker with a configuration of somebody else's.
  /// - Parameter configuration: the text of mosquitto.conf for that port and folder.
  public init(configuration: (_ port: Int, _ directory: String) throws -> String) throws {
    port = try FreePort.next()
    directory = try TemporaryDirectory()
    let user = getuid() == 0 ? "\nuser root\n" : "\n"
    let text = try configuration(port, directory.path) + "\npersistence_location \(directory.path)/" + user
    try text.write(toFile: directory.path + "/mosquitto.conf", atomically: true, encoding: .utf8)
    try start()
  }

  public var path: String { directory.path }

  /// Starts it (again) and waits until it accepts connections.
  public func start() throws {
    let p = Process()
    p.executableURL = URL(fileURLWithPath: "/usr/sbin/mosquitto")
    p.arguments = ["-c", directory.path + "/mosquitto.conf"]
    p.standardError = FileHandle.nullDevice
    p.standardOutput = FileHandle.nullDevice
    p.standardInput = FileHandle.nullDevice
    try p.runUnmasked()
    process = p
    for _ in 0..<200 {
      let fd = Loopback.socket()
      defer { close(fd) }
      if Loopback.connect(fd, port: port) { return }
      guard !p.hasEnded else { break }
      usleep(25_000)
    }
    throw Failure(description: "mosquitto did not start on port \(port)")
  }

  /// SIGTERM: it saves its sessions.
  public func stop() {
    guard let process, !process.hasEnded else { return }
    process.terminate()
    process.waitForEnd()
  }

  /// What somebody who comes later is told of a topic: the retained message; nil when there is none within two seconds.
  public static func retained(_ topic: String, port: Int) throws -> String? {
    let p = Process()
    p.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_sub")
    p.arguments = ["-p", "\(port)", "-t", topic, "-q", "1", "-C", "1", "-W", "2"]
    let out = Pipe()
    p.standardOutput = out
    p.standardError = FileHandle.nullDevice
    p.standardInput = FileHandle.nullDevice
    try p.runUnmasked()
    let data = out.fileHandleForReading.readDataToEndOfFile()
    p.waitForEnd()
    return data.isEmpty ? nil : String(decoding: data, as: UTF8.self)
  }

  public func kill9() {
    guard let process, !process.hasEnded else { return }
    kill(process.processIdentifier, SIGKILL)
    process.waitForEnd()
  }

  deinit { kill9() }
}
