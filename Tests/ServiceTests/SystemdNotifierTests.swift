import Foundation
import TestSupport
import Testing

@testable import Service

/// What systemd would hear: a real datagram socket.
struct SystemdNotifierTests {
  private final class Ear {
    let fd: Int32
    let address: String

    init(abstract: Bool, in directory: String) throws {
      fd = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
      address = (abstract ? "@mizumori-test-\(getpid())-\(fd)" : directory + "/notify")
      var path = Array(address.utf8)
      if abstract { path[0] = 0 }
      var own = sockaddr_un()
      own.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &own.sun_path) { $0.copyBytes(from: path) }
      let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
      let bound = withUnsafePointer(to: &own) { p in p.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(fd, $0, length) } }
      try #require(bound == 0)
      var limit = timeval(tv_sec: 5, tv_usec: 0)
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(fd) }

    func next() -> String {
      var buffer = [UInt8](repeating: 0, count: 512)
      let n = recv(fd, &buffer, buffer.count, 0)
      return String(decoding: buffer.prefix(max(0, n)), as: UTF8.self)
    }
  }

  /// A socket that nobody reads is soon full: saying something must come to an end all the same.
  @Test(.timeLimit(.minutes(1))) func nobodyListens() throws {
    let home = try TemporaryDirectory()
    let ear = try Ear(abstract: false, in: home.path)
    let queue = Int((try? String(contentsOfFile: "/proc/sys/net/unix/max_dgram_qlen", encoding: .utf8))?.filter(\.isNumber) ?? "") ?? 10
    let n = SystemdNotifier(["NOTIFY_SOCKET": ear.address])
    for _ in 0..<queue + 3 { n.stopping() }
    #expect(ear.next() == "STOPPING=1")
  }

  @Test(arguments: [false, true]) func systemdHears(abstract: Bool) throws {
    let home = try TemporaryDirectory()
    let ear = try Ear(abstract: abstract, in: home.path)
    let n = SystemdNotifier(["NOTIFY_SOCKET": ear.address, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "\(getpid())"])
    #expect(n.watchdogPeriod == 15_000)
    n.ready()
    n.status("受信しています")
    n.watchdog()
    n.reloading()
    n.stopping()
    #expect(ear.next() == "READY=1")
    #expect(ear.next() == "STATUS=受信しています")
    #expect(ear.next() == "WATCHDOG=1")
    let reload = ear.next().split(separator: "\n")
    #expect(reload.first == "RELOADING=1")
    let stamp = try #require(reload.last?.split(separator: "=").last.flatMap { Int64($0) })
    #expect(abs(stamp - Clocks.monotonic() * 1000) < 60_000_000)
    #expect(ear.next() == "STOPPING=1")
  }

  @Test(arguments: [
    [:], ["WATCHDOG_USEC": "1000000"], ["NOTIFY_SOCKET": "relative", "WATCHDOG_USEC": "1000000"],
    ["NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"],
    ["NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "soon"],
  ]) func withoutSystemdNothingIsSaid(environment: [String: String]) {
    let n = SystemdNotifier(environment)
    #expect(n.watchdogPeriod == nil)
    n.ready()
  }

  @Test func theHeartAges() {
    let h = Heartbeat()
    usleep(200_000)
    let before = h.age
    #expect(before >= 200)
    h.beat()
    #expect(h.age < before)
  }
}
