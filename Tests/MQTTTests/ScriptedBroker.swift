import Foundation
import Synchronization
import TestSupport

/// A TCP server on 127.0.0.1 that speaks just as much MQTT as a test's script makes it: for what the real broker never does.
final class ScriptedBroker: Sendable {
  struct Failure: Error {}

  /// One accepted connection.
  struct Connection: Sendable {
    let descriptor: Int32

    /// The next whole packet, or nil when the client has gone.
    func receive() -> [UInt8]? {
      guard let type = byte(), let length = byte(), length < 128 else { return nil }
      var packet = [type, length]
      for _ in 0..<length {
        guard let b = byte() else { return nil }
        packet.append(b)
      }
      return packet
    }

    /// The protocol level of the CONNECT that must come first: 5, or 4 for 3.1.1.
    func receiveConnect() -> UInt8? {
      guard let packet = receive(), packet[0] == 0x10, packet.count > 8 else { return nil }
      return packet[8]
    }

    func send(_ bytes: [UInt8]) {
      _ = bytes.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// CONNACK of either version.
    func accept(level: UInt8, resumed: Bool = false) {
      send(level == 5 ? [0x20, 3, resumed ? 1 : 0, 0, 0] : [0x20, 2, resumed ? 1 : 0, 0])
    }

    /// Takes SUBSCRIBE and confirms it with `code`.
    func confirmSubscription(level: UInt8, code: UInt8 = 1) {
      guard let packet = receive(), packet[0] == 0x82 else { return }
      send(level == 5 ? [0x90, 4, packet[2], packet[3], 0, code] : [0x90, 3, packet[2], packet[3], code])
    }

    /// Reads, and answers nothing, until the client goes.
    func swallow() { while byte() != nil {} }

    private func byte() -> UInt8? {
      var b: UInt8 = 0
      return read(descriptor, &b, 1) == 1 ? b : nil
    }
  }

  let port: Int
  private let listener: Int32
  private let levels = Mutex<[UInt8]>([])

  /// - Parameter script: called on a thread of its own for each connection with its number (from 0) and the protocol level of its CONNECT.
  init(_ script: @escaping @Sendable (Connection, Int, UInt8) -> Void) throws {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    port = try FreePort.listen(listener)
    Thread { [weak self, listener] in
      var number = 0
      while true {
        let fd = Foundation.accept(listener, nil, nil)
        if fd < 0 { return }
        let n = number
        number += 1
        Thread { [weak self] in
          defer { close(fd) }
          let connection = Connection(descriptor: fd)
          guard let level = connection.receiveConnect() else { return }
          self?.levels.withLock { $0.append(level) }
          script(connection, n, level)
        }.start()
      }
    }.start()
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Protocol levels of the CONNECTs so far.
  var seenLevels: [UInt8] { levels.withLock { $0 } }
}
