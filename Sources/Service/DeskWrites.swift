import Store

/// What the page may change besides what people say of a meter, which goes the way of the readings.
struct DeskWrites: Sendable {
  let deliveries: DeliveryStore
  /// Wakes the workers of the receivers.
  let committed: CommitSignal

  /// The database must exist: open the `Store` first.
  init(directory: String, committed: CommitSignal) throws(StoreError) {
    deliveries = try DeliveryStore(directory: directory)
    self.committed = committed
  }
}
