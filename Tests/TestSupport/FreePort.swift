import Foundation

/// A TCP port of 127.0.0.1 that nothing listens on at the moment of asking.
public enum FreePort {
  public struct Failure: Error {}

  public static func next() throws -> Int {
    let fd = Loopback.socket()
    defer { close(fd) }
    return try Loopback.listen(fd, port: 0)
  }

  /// Makes the socket listen on a free port of 127.0.0.1, with room for `backlog` connections that nobody has accepted; returns the port.
  public static func listen(_ fd: Int32, backlog: Int32 = 64) throws -> Int { try Loopback.listen(fd, port: 0, backlog: backlog) }

  /// A socket that has begun to connect to the port and does not wait for the end of it.
  public static func startConnecting(to port: Int) -> Int32 {
    let fd = Loopback.socket()
    _ = fcntl(fd, F_SETFL, O_NONBLOCK)
    _ = Loopback.connect(fd, port: port)
    return fd
  }
}

/// TCP on 127.0.0.1.
enum Loopback {
  static func socket() -> Int32 { Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }

  static func address(_ port: Int) -> sockaddr_in {
    var a = sockaddr_in()
    a.sin_family = sa_family_t(AF_INET)
    a.sin_port = UInt16(port).bigEndian
    a.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return a
  }

  /// Binds and listens; returns the port.
  static func listen(_ fd: Int32, port: Int, backlog: Int32 = 64) throws -> Int {
    var a = address(port)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return try withUnsafeMutablePointer(to: &a) { p in
      try p.withMemoryRebound(to: sockaddr.self, capacity: 1) { g in
        guard bind(fd, g, length) == 0, Foundation.listen(fd, backlog) == 0, getsockname(fd, g, &length) == 0 else {
          throw FreePort.Failure()
        }
      }
      return Int(UInt16(bigEndian: p.pointee.sin_port))
    }
  }

  static func connect(_ fd: Int32, port: Int) -> Bool {
    var a = address(port)
    return withUnsafeMutablePointer(to: &a) { p in
      p.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }
  }
}
