import Dispatch
import Synchronization

/// DNS and TCP take minutes where an address does not answer, and libmosquitto blocks meanwhile. They run on a thread of their own, so that the
/// ingest thread goes on ticking and obeys a stop. At most one is under way.
final class ConnectAttempt: @unchecked Sendable {
  // @unchecked: `handle` belongs to the connecting thread until `outcome` is set and is not touched by it after that.
  let handle: Handle
  private let result = Mutex<Result<Void, Handle.Failure>?>(nil)

  /// Begins to connect; `wake` is signalled when it has come to an end. One that nobody waits for any more frees itself then.
  init(_ handle: Handle, settings: BrokerSettings, address: BrokerAddress, wake: WakeUp) {
    self.handle = handle
    DispatchQueue(label: "mqtt-connect").async { [self] in
      let outcome = Result { () throws(Handle.Failure) in try self.handle.connect(settings, address) }
      result.withLock { $0 = outcome }
      wake.signal()
    }
  }

  /// Nil while it is under way.
  var outcome: Result<Void, Handle.Failure>? { result.withLock { $0 } }
}
