import Glibc

/// Stands between the broker's socket and libmosquitto, and takes the ordinary messages out of the stream.
///
/// libmosquitto reads a packet with three system calls and sends a PUBACK with two, which is most of what a message costs. Here the socket
/// is read 64 KiB at a time, ordinary PUBLISHes go straight to the owner, and their PUBACKs leave in one piece once they are released.
/// Every other packet goes to the library unchanged, through a pair of connected sockets, and what the library writes goes to the broker.
/// It notices nothing: its socket's number names one end of the pair. So it still does everything else: CONNECT, subscriptions,
/// keep-alive, errors. docs/decisions/0015.
///
/// Without TLS only: with it the library must read the socket itself. One thread.
final class Relay {
  /// The broker's socket.
  let broker: Int32
  /// Our end of the pair whose other end is the library's socket.
  private let near: Int32
  private let isV5: Bool
  private let inbound = InboundBuffer()
  private var outbound = OutboundBytes()
  /// PUBACKs of messages that are not released yet, and of those that are and have not been written: 0x40, 2, id.
  private var unreleased: [UInt32] = []
  private var released: [UInt32] = []
  /// Messages may come once the library has seen a CONNACK.
  private var isConnected = false
  /// The last `read` ended at its limit with bytes left over, which no poll would tell.
  private(set) var holdsUnread = false
  /// Messages came since the library was last told that the broker lives.
  private(set) var hasNews = false

  /// Puts itself between a connected socket of the library and the broker. Nil, with everything as it was, when the system has no pair
  /// of sockets for us.
  /// - Parameter socket: the library's, without TLS; nothing has been read from it or written to it.
  init?(socket: Int32, isV5: Bool) {
    self.isV5 = isV5
    var pair: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socket >= 0, socketpair(AF_UNIX, type, 0, &pair) == 0 else { return nil }
    let own = fcntl(socket, F_DUPFD_CLOEXEC, 3)
    guard own >= 0, dup2(pair[1], socket) >= 0 else {
      for fd in pair + [own] where fd >= 0 { close(fd) }
      return nil
    }
    _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    close(pair[1])
    (broker, near) = (own, pair[0])
  }

  deinit {
    close(broker)
    close(near)
  }

  // MARK: - From the broker

  /// Hands over messages, `limit` at most, and lets the library read one packet that is none.
  /// - Parameters:
  ///   - deliver: given each message; its bytes are valid during the call.
  ///   - library: reads one packet from the library's socket; returns its result code.
  /// - Returns: the library's result code, and whether more may be there.
  func read(_ limit: Int, deliver: (PublishPacket) -> Void, library: () -> Int32) -> (code: Int32, mayHaveMore: Bool) {
    holdsUnread = false
    var left = limit
    var isDrained = false
    while true {
      let rest = takeMessages(&left, deliver)
      if left == 0 {
        holdsUnread = !inbound.unread.isEmpty
        return (0, true)
      }
      if let rest { return (hand(rest, library), true) }
      if isDrained { return (0, false) }
      switch inbound.fill(from: broker) {
      case .some(let isAll): isDrained = isAll
      case .nothing: return (0, false)
      case .ended: return (lose(library), false)
      }
    }
  }

  /// Delivers the whole messages at the beginning of what was received.
  /// - Returns: the length of the packet after them when it is whole and none of ours; nil when there is no whole packet.
  private func takeMessages(_ left: inout Int, _ deliver: (PublishPacket) -> Void) -> Int? {
    let bytes = inbound.unread
    var at = 0
    var acknowledgements: [UInt32] = []
    swap(&acknowledgements, &unreleased)
    defer {
      swap(&acknowledgements, &unreleased)
      hasNews = hasNews || at > 0
      if at > 0 { inbound.consume(at) }
    }
    while left > 0 {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[at...])
      switch PacketFrame.look(rest) {
      case .incomplete: return nil
      case .malformed: return rest.count
      case .frame(let frame):
        guard frame.length <= rest.count else { return nil }
        let packet = UnsafeRawBufferPointer(rebasing: rest[..<frame.length])
        guard isConnected, frame.type == PacketFrame.publish, let message = PublishPacket(frame, packet, isV5: isV5) else {
          if frame.type == PacketFrame.connack { isConnected = true }
          return frame.length
        }
        deliver(message)
        if message.id != 0 { acknowledgements.append(UInt32(0x4002_0000 | UInt32(message.id)).bigEndian) }
        at += frame.length
        left -= 1
      }
    }
    return nil
  }

  /// Gives the library the first `count` bytes received, which are one packet or no MQTT.
  private func hand(_ count: Int, _ library: () -> Int32) -> Int32 {
    defer { inbound.consume(count) }
    return hand(UnsafeRawBufferPointer(rebasing: inbound.unread[..<count]), library)
  }

  private func hand(_ bytes: UnsafeRawBufferPointer, _ library: () -> Int32) -> Int32 {
    var at = 0
    while at < bytes.count {
      // A packet larger than the pair holds goes in pieces, each read before the next.
      let n = send(near, bytes.baseAddress! + at, bytes.count - at, Relay.flags)
      guard n > 0 else { return lose(library) }
      at += n
      let code = library()
      if code != 0 { return code }
    }
    return 0
  }

  /// The connection is broken: the library learns it as it would from its own socket, by the end of the stream.
  private func lose(_ library: () -> Int32) -> Int32 {
    shutdown(near, Int32(SHUT_RDWR))
    return library()
  }

  /// Tells the library that the broker lives, since it does not see the messages: it gets the answer to a PINGREQ.
  func tellNews(_ library: () -> Int32) -> Int32 {
    hasNews = false
    return withUnsafeBytes(of: (UInt8(0xd0), UInt8(0))) { hand($0, library) }
  }

  // MARK: - To the broker

  /// PUBACKs of everything delivered so far may leave with the next `write`.
  func release() {
    released.append(contentsOf: unreleased)
    unreleased.removeAll(keepingCapacity: true)
  }

  var wantsWrite: Bool { !released.isEmpty || !outbound.isEmpty }

  /// Sends what the library wrote and, behind it, the released PUBACKs.
  /// - Parameter library: writes what the library has queued; returns its result code, and whether all of it is written.
  /// - Returns: the code; that of `lost` when the broker's socket is broken.
  func write(library: () -> (code: Int32, isAll: Bool), lost: () -> Int32) -> Int32 {
    var code: Int32 = 0
    while true {
      let result = library()
      code = result.code
      let isMore = outbound.receive(from: near)
      if result.isAll || code != 0 || !isMore {
        // Only between two packets of the library's.
        if result.isAll { appendReleased() }
        break
      }
    }
    return outbound.send(to: broker) ? code : lose(lost)
  }

  private func appendReleased() {
    released.withUnsafeBytes { outbound.append($0) }
    released.removeAll(keepingCapacity: true)
  }

  static let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
}
