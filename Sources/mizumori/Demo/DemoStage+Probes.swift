import Foundation

extension DemoStage {
  /// This program's own file.
  static var own: String { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0] }

  /// The simulator stands beside this program, in the build folder as in /usr/bin.
  static var simulator: String { URL(fileURLWithPath: own).deletingLastPathComponent().path + "/mizumori-sim" }

  /// A program on PATH or in the system folders that a user's PATH lacks.
  static func find(_ name: String) throws -> String {
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in path + ["/usr/sbin", "/usr/local/sbin"] where FileManager.default.isExecutableFile(atPath: "\(folder)/\(name)") {
      return "\(folder)/\(name)"
    }
    throw Failure(.unavailable, "\(name) が見つかりません。`apt-get install \(name)` で入ります / \(name) was not found: apt-get install \(name)")
  }

  /// What a program prints, waited for.
  static func output(of executable: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.standardOutput = pipe
    do { try process.run() } catch {
      throw Failure(.unavailable, "\(executable) を始められません。`swift build -c release` を / cannot start it: \(error)")
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    while process.isRunning { usleep(10_000) }
    return String(decoding: data, as: UTF8.self)
  }

  /// Whether something accepts TCP connections on that loopback port.
  static func accepts(_ port: Int) -> Bool { (try? exchange(port, request: nil)) != nil }

  /// Whether the service says that it is ready.
  static func isReady(_ port: Int) async -> Bool {
    let answer = try? exchange(port, request: "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n")
    return answer?.hasPrefix("HTTP/1.1 200") ?? false
  }

  /// The body that the page answers to a GET, at most 1 MB; nil for anything but 200.
  static func page(_ port: Int, _ path: String) -> String? {
    let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
    guard let answer = try? exchange(port, request: request, limit: 1_000_000), answer.hasPrefix("HTTP/1.1 200"),
      let head = answer.range(of: "\r\n\r\n")
    else { return nil }
    return String(answer[head.upperBound...])
  }

  /// Connects, sends the request if there is one, and returns the beginning of the answer.
  private static func exchange(_ port: Int, request: String?, limit: Int = 512) throws -> String {
    let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard fd >= 0 else { throw Failure(.unavailable, "socket") }
    defer { Foundation.close(fd) }
    var patience = timeval(tv_sec: 2, tv_usec: 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw Failure(.unavailable, "connect") }
    guard let request else { return "" }
    _ = request.withCString { write(fd, $0, strlen($0)) }
    var buffer = [UInt8](repeating: 0, count: limit)
    var n = 0
    while n < limit {
      let more = buffer.withUnsafeMutableBytes { read(fd, $0.baseAddress! + n, limit - n) }
      guard more > 0 else { break }
      n += more
    }
    return String(decoding: buffer.prefix(n), as: UTF8.self)
  }
}
