import CSQLite
import Synchronization

/// Looks through the whole database for damage that no query has met, through a connection of its own that only reads.
///
/// While it runs, the log of the database (WAL) cannot be folded into the file and grows with what is stored meanwhile.
public final class DamageCheck: Sendable {
  private let directory: String
  private let isCancelled = Atomic<Bool>(false)

  public init(directory: String) { self.directory = directory }

  /// Breaks off the present and every further `run`. From any thread.
  public func cancel() { isCancelled.store(true, ordering: .relaxed) }

  /// Reads every table and index. Returns when there is no damage, or after `cancel()`.
  /// - Throws: `StoreError.corrupt` when there is; `.io` when the file cannot be read.
  /// - Complexity: O(rows · log rows)
  public func run() throws(StoreError) {
    guard !isCancelled.load(ordering: .relaxed) else { return }
    let db = try Database(path: Store.file(in: directory), readOnly: true)
    defer { withExtendedLifetime(self) {} }
    // Unretained: the connection ends with this call, which keeps us alive.
    db.onProgress(Unmanaged.passUnretained(self).toOpaque()) { me in
      guard let me else { return 0 }
      return Unmanaged<DamageCheck>.fromOpaque(me).takeUnretainedValue().isCancelled.load(ordering: .relaxed) ? 1 : 0
    }
    do {
      try db.checkIntegrity()
      try HistoryCheck.run(db) { !isCancelled.load(ordering: .relaxed) }
    } catch {
      if !isCancelled.load(ordering: .relaxed) { throw error }
    }
  }
}
