import Foundation
import Synchronization

/// Tells systemd how the service is doing (sd_notify(3)): datagrams on the socket that `NOTIFY_SOCKET` names. Without one it does nothing.
public final class SystemdNotifier: Sendable {
  private let address: String?
  /// Half of `WATCHDOG_USEC`, in monotonic ms; nil when systemd does not watch.
  public let watchdogPeriod: Int64?

  /// - Parameter environment: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`.
  public init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    address = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
    let isOurs = environment["WATCHDOG_PID"].flatMap { pid_t($0) }.map { $0 == getpid() } ?? true
    let microseconds = environment["WATCHDOG_USEC"].flatMap { Int64($0) } ?? 0
    watchdogPeriod = isOurs && microseconds > 0 && address != nil ? max(10, microseconds / 2000) : nil
  }

  public func ready() { send("READY=1") }
  public func stopping() { send("STOPPING=1") }
  public func watchdog() { send("WATCHDOG=1") }
  /// - Parameter text: one line.
  public func status(_ text: String) { send("STATUS=\(text)") }
  /// The start goes on and may take so many seconds more, whatever `TimeoutStartSec=` says.
  public func extendStart(seconds: Int64) { send("EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000)") }
  /// A reload has begun; `ready()` ends it.
  public func reloading() { send("RELOADING=1\nMONOTONIC_USEC=\(Clocks.monotonic() * 1000)") }

  private func send(_ text: String) {
    guard let address else { return }
    let fd = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard fd >= 0 else { return }
    defer { close(fd) }
    // Nobody may be reading there: that must not stop the service, least of all from ending.
    var limit = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var target = sockaddr_un()
    target.sun_family = sa_family_t(AF_UNIX)
    var path = Array(address.utf8)
    // An abstract address is written with @ for the zero byte that it begins with.
    if path[0] == UInt8(ascii: "@") { path[0] = 0 }
    guard path.count < MemoryLayout.size(ofValue: target.sun_path) else { return }
    withUnsafeMutableBytes(of: &target.sun_path) { $0.copyBytes(from: path) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
    let bytes = Array(text.utf8)
    withUnsafePointer(to: &target) { p in
      p.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = sendto(fd, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length) }
    }
  }
}

/// When something last moved. The threads that must not hang note it; the watchdog is fed only while all of them do.
final class Heartbeat: Sendable {
  private let last = Atomic<Int64>(0)

  init() { beat() }

  func beat() { last.store(Clocks.monotonic(), ordering: .relaxed) }

  /// Monotonic ms since the last beat.
  var age: Int64 { Clocks.monotonic() - last.load(ordering: .relaxed) }
}
