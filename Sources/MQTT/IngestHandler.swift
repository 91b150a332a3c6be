/// What the subscriber hands its messages to. Every method is called on the thread of `Subscriber.run()`.
public protocol IngestHandler: AnyObject {
  /// The socket is about to be drained: `receive` follows for each message that is there, then `drained()`.
  func begin()
  /// One message; the bytes are valid during the call only.
  func receive(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool)
  /// Every message that was there, up to a batch, has been handed over.
  func drained()
  /// Makes everything received durable. True: the PUBACKs go out. False: nothing was written (disk full): it is called again and nothing
  /// is acknowledged. Throwing ends `run()` without acknowledging.
  func commit() throws -> Bool
  /// Something came out that must not wait for the group commit.
  var wantsCommit: Bool { get }
  /// About once a second.
  func tick()
  func connection(_ state: ConnectionState)
}

extension IngestHandler {
  public func begin() {}
  public func drained() {}
}
