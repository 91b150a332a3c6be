import Glibc

/// Bytes received from a socket and not taken yet, in one piece.
///
/// 64 KiB; as much as one packet needs while a larger one is being received, doubling as its bytes come: what a packet only claims to
/// have takes no memory.
final class InboundBuffer {
  static let usual = 65_536

  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: usual, alignment: 16)
  private var start = 0
  private var end = 0

  deinit { memory.deallocate() }

  /// Valid until the next `fill` or `consume`.
  var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  func consume(_ count: Int) {
    start += count
    guard start == end else { return }
    (start, end) = (0, 0)
    if memory.count > InboundBuffer.usual { move(to: InboundBuffer.usual) }
  }

  /// What one call of `recv` brought.
  enum Fill: Equatable {
    /// `isAll`: there was no more.
    case some(isAll: Bool)
    case nothing
    /// The other side closed, or the connection is broken.
    case ended
  }

  /// Receives without waiting.
  func fill(from socket: Int32) -> Fill {
    makeRoom()
    let room = memory.count - end
    let n = recv(socket, memory.baseAddress! + end, room, Int32(MSG_DONTWAIT))
    if n > 0 {
      end += n
      return .some(isAll: n < room)
    }
    return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? .nothing : .ended
  }

  private func makeRoom() {
    if end - start == memory.count {
      move(to: memory.count * 2)
    } else if start > 0 {
      memory.baseAddress!.copyMemory(from: memory.baseAddress! + start, byteCount: end - start)
      (start, end) = (0, end - start)
    }
  }

  private func move(to size: Int) {
    let new = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    new.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
    memory.deallocate()
    (memory, start, end) = (new, 0, end - start)
  }
}
