import CMosquitto
import Glibc
import Synchronization

/// A QoS 1 subscriber that acknowledges nothing before the handler has made it durable.
///
/// libmosquitto's own loops send PUBACK before they call the message callback. This loop drains the socket (past the library where it can,
/// `Relay`), lets the handler commit and only then writes the queued PUBACKs. `run()` occupies its thread; `stop()` may be called from any.
public final class Subscriber: @unchecked Sendable {
  // @unchecked: everything below is touched by the thread of `run()` alone, but for `stopping` (atomic) and `wake` (a pipe).
  let settings: BrokerSettings
  // Strong: a handler that went away while messages come in would have them acknowledged and lost.
  let handler: any IngestHandler
  private let stopping = Atomic<Bool>(false)
  let wake = WakeUp()

  var handle: Handle?
  /// The connection that is being made.
  var attempt: ConnectAttempt?
  var machine: ConnectionMachine
  var version: BrokerSettings.ProtocolVersion
  /// Which of the settings' addresses the next attempt goes to.
  var node = 0
  var policy: GroupCommitPolicy
  var received = 0
  /// How many of `received` are safe. PUBACKs of the others are queued in the library, so nothing at all is written while there are any.
  private var durable = 0
  /// What callbacks saw; handled after the library call that made them, since it may end the handle.
  var deferred: [ConnectionMachine.Event] = []
  private var nextTick: Int64 = 0
  /// The disk was full: nothing more is read until a commit succeeds.
  private var blockedUntil: Int64?

  /// - Parameter handler: kept alive as long as the subscriber.
  public init(settings: BrokerSettings, handler: any IngestHandler, policy: GroupCommitPolicy = GroupCommitPolicy()) {
    self.settings = settings
    self.handler = handler
    self.policy = policy
    version = settings.protocolVersion
    machine = ConnectionMachine(
      version: settings.protocolVersion, seed: .random(in: 0 ... .max), keepAlive: settings.keepAlive, nodes: settings.addresses.count,
      redeliveryWait: settings.redeliveryWait)
  }

  /// Connects, receives and commits until `stop()`. Throws what `commit()` throws, with nothing acknowledged that was not committed.
  public func run() throws {
    // However it ends: with the connection gone the broker's Last Will says `offline`, and what was not acknowledged is kept for the next run.
    defer {
      handle = nil
      attempt = nil
    }
    while !stopping.load(ordering: .acquiring) { try step() }
    try finish()
  }

  /// Ends `run()`: what is pending is committed and acknowledged, `offline` is published, the connection closed. At most about 2 s.
  public func stop() {
    stopping.store(true, ordering: .releasing)
    wake.signal()
  }

  private func step() throws {
    let now = monotonicMilliseconds()
    if now >= nextTick {
      nextTick = now + 1000
      // While the disk is full no new connection is tried: nothing could be taken from it.
      if blockedUntil == nil { perform(machine.handle(.tick, now: now)) }
      handler.tick()
      keepAlive()
    }
    finishAttempt()
    try commitIfDue()
    try waitAndRead()
  }

  /// Keep-alive packets; only between commits, since the write that sends them sends queued PUBACKs too.
  private func keepAlive() {
    guard received == durable, blockedUntil == nil, let handle, handle.socket >= 0 else { return }
    finishOperation(handle.misc())
    send()
  }

  /// The one place that writes to the broker, but for the end: never while something received is not durable.
  func send() {
    guard received == durable, let handle, handle.socket >= 0, handle.wantsWrite else { return }
    finishOperation(handle.write())
  }

  /// Sleeps until there is something to read or to do, then drains.
  private func waitAndRead() throws {
    let now = monotonicMilliseconds()
    let isBlocked = blockedUntil != nil
    let fd = handle?.socket ?? -1
    var set = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
    if fd >= 0, !isBlocked {
      let wantsOut = received == durable && (handle?.wantsWrite ?? false)
      set.append(pollfd(fd: fd, events: Int16(POLLIN) | (wantsOut ? Int16(POLLOUT) : 0), revents: 0))
    }
    let limit = min(policy.wait(now: now, limit: 1000), max(0, nextTick - now), isBlocked ? max(0, (blockedUntil ?? now) - now) : 1000)
    let holdsUnread = !isBlocked && (handle?.holdsUnread ?? false)
    let ready = poll(&set, nfds_t(set.count), holdsUnread ? 0 : Int32(limit))
    if set[0].revents != 0 { wake.clear() }
    let seen = ready > 0 && set.count > 1 ? set[1].revents : 0
    guard seen != 0 || holdsUnread else { return }
    if holdsUnread || seen & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
      _ = machine.handle(.heard, now: now)
      drain()
    }
    send()
  }

  /// Takes packets until none is there or a batch is full: memory stays bounded.
  private func drain() {
    let start = received
    handler.begin()
    while let handle {
      let (code, mayHaveMore) = handle.read(policy.maximumBatch - (received - start))
      if code != 0 || !deferred.isEmpty {
        finishOperation(code)
        if code != 0 { break }
      }
      if !mayHaveMore || received - start >= policy.maximumBatch { break }
    }
    handler.drained()
    policy.received(received - start, now: monotonicMilliseconds())
  }

  private func commitIfDue() throws {
    let now = monotonicMilliseconds()
    if let blocked = blockedUntil, now < blocked { return }
    guard blockedUntil != nil || policy.isDue(now: now, urgent: handler.wantsCommit) else { return }
    try commit()
  }

  private func commit() throws {
    guard try handler.commit() else {
      blockedUntil = monotonicMilliseconds() + 1000
      return
    }
    // While the disk was full nothing was read: the silence was ours.
    if blockedUntil != nil { _ = machine.handle(.heard, now: monotonicMilliseconds()) }
    blockedUntil = nil
    durable = received
    handle?.acknowledge()
    send()
    policy.committed(now: monotonicMilliseconds())
    if let handle, handle.socket >= 0 { finishOperation(handle.misc()) }
  }

  /// Looks at the result of a library call: a broken connection is dropped and made anew.
  func finishOperation(_ code: Int32) {
    handleDeferred()
    guard code != 0, !machine.isIdle else { return }
    let text = handle?.explain(code) ?? Handle.Failure(code).description
    // A failed handshake has nothing to do with the version of MQTT.
    let event: ConnectionMachine.Event = code == Int32(MOSQ_ERR_TLS.rawValue) ? .connectFailed(text) : .disconnected(code: 0, text: text)
    perform(machine.handle(event, now: monotonicMilliseconds()))
  }

  private func handleDeferred() {
    while !deferred.isEmpty { perform(machine.handle(deferred.removeFirst(), now: monotonicMilliseconds())) }
  }

  /// The orderly end: commit, acknowledge, say `offline`, DISCONNECT. At most about 1.5 s.
  private func finish() throws {
    try commit()
    // Not committed (disk full): not one byte more is written, for the PUBACKs are queued. The broker keeps the messages for us.
    guard blockedUntil == nil, machine.isLive, let handle else { return }
    publishStatus("offline")
    let end = monotonicMilliseconds() + 1500
    while handle.wantsWrite, monotonicMilliseconds() < end {
      if handle.write() != 0 { return }
      var set = pollfd(fd: handle.socket, events: Int16(POLLOUT), revents: 0)
      if handle.wantsWrite { poll(&set, 1, 20) }
    }
    handle.disconnect()
    _ = handle.write()
  }
}
