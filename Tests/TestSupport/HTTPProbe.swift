import Foundation

/// A GET over a plain socket.
public enum HTTPProbe {
  public static func get(port: Int, path: String, host: String = "127.0.0.1", seconds: Int = 5) -> (status: Int, body: String)? {
    guard let text = exchange(port: port, "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n", seconds: seconds) else {
      return nil
    }
    let parts = text.components(separatedBy: "\r\n\r\n")
    guard let status = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
    return (status, parts.dropFirst().joined(separator: "\r\n\r\n"))
  }

  /// The whole answer to a raw request; nil when there is none.
  public static func exchange(port: Int, _ request: String, seconds: Int = 5) -> String? {
    let fd = Loopback.socket()
    defer { close(fd) }
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    guard Loopback.connect(fd, port: port) else { return nil }
    _ = request.withCString { write(fd, $0, strlen($0)) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let n = read(fd, &chunk, chunk.count)
      if n <= 0 { break }
      bytes.append(contentsOf: chunk[..<n])
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
