import Foundation

/// Ports of 127.0.0.1.
enum Loopback {
  /// One that nothing listens on at the moment of asking.
  static func freePort() throws -> Int {
    let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard fd >= 0 else { throw Failure.ioError("socket: \(String(cString: strerror(errno)))") }
    defer { close(fd) }
    var a = address(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port: Int? = withUnsafeMutablePointer(to: &a) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        guard bind(fd, generic, length) == 0, getsockname(fd, generic, &length) == 0 else { return nil }
        return Int(UInt16(bigEndian: pointer.pointee.sin_port))
      }
    }
    guard let port else { throw Failure.ioError("bind: \(String(cString: strerror(errno)))") }
    return port
  }

  /// Whether somebody listens.
  static func isOpen(_ port: Int) -> Bool {
    guard let fd = connected(port) else { return false }
    close(fd)
    return true
  }

  /// The answer to `GET path`, head and body; nil without one.
  static func get(_ port: Int, _ path: String) -> String? {
    guard let fd = connected(port) else { return nil }
    defer { close(fd) }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n".utf8)
    guard send(fd, request, request.count, 0) == request.count else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let n = recv(fd, &buffer, buffer.count, 0), n > 0 { bytes += buffer[..<n] }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  private static func connected(_ port: Int) -> Int32? {
    let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard fd >= 0 else { return nil }
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var a = address(UInt16(port))
    let result = withUnsafePointer(to: &a) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard result == 0 else {
      close(fd)
      return nil
    }
    return fd
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var a = sockaddr_in()
    a.sin_family = sa_family_t(AF_INET)
    a.sin_port = port.bigEndian
    a.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return a
  }
}
