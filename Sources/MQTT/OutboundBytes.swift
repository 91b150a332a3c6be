import Glibc

/// Bytes on their way to a socket that may take them only by and by.
struct OutboundBytes {
  private var bytes: [UInt8] = []
  private var sent = 0

  var isEmpty: Bool { sent == bytes.count }

  mutating func append(_ new: UnsafeRawBufferPointer) { bytes.append(contentsOf: new) }

  /// Takes everything that a socket has, without waiting. False when there was nothing.
  mutating func receive(from socket: Int32) -> Bool {
    var isSome = false
    while true {
      let n = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { room in
        let n = recv(socket, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
        if n > 0 { bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: room[..<n])) }
        return n
      }
      guard n > 0 else { return isSome }
      isSome = true
    }
  }

  /// Sends as much as the socket takes now. False when it is broken.
  mutating func send(to socket: Int32) -> Bool {
    while sent < bytes.count {
      let n = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress! + sent, $0.count - sent, Relay.flags) }
      if n < 0 { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR }
      sent += n
    }
    bytes.removeAll(keepingCapacity: true)
    sent = 0
    return true
  }
}
