/// What the subscriber hands its messages to. Every method is called on the thread of `Subscriber.run()`.
public protocol IngestHandler: AnyObject {
  /// One message; the bytes are valid during the call only.
  func receive(topic: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, isRetained: Bool)
  /// Makes everything received durable. True: the PUBACKs go out. False: nothing was written (disk full): it is called again and nothing
  /// is acknowledged. Throwing ends `run()` without acknowledging.
  func commit() throws -> Bool
  /// Something came out that must not wait for the group commit.
  var wantsCommit: Bool { get }
  /// About once a second.
  func tick()
  func connection(_ state: ConnectionState)
}
