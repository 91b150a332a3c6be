import Synchronization

/// Whose turn it is to write to a database file, among the connections of this process.
///
/// SQLite lets a connection that finds another one writing sleep and look again: beside one that writes without pause it may never find a
/// gap, and gives up after its time limit. A mutex wakes whoever waits.
final class WriteTurn: Sendable {
  private let mutex = Mutex(())

  func take(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    try mutex.withLock { _ throws(StoreError) in try body() }
  }

  /// Weakly held: a file that nobody writes to any more is forgotten.
  private struct Known: Sendable { weak var turn: WriteTurn? }
  private static let known = Mutex<[String: Known]>([:])

  /// The one of a file, by its path.
  static func of(_ path: String) -> WriteTurn {
    known.withLock { known in
      if let turn = known[path]?.turn { return turn }
      known = known.filter { $0.value.turn != nil }
      let turn = WriteTurn()
      known[path] = Known(turn: turn)
      return turn
    }
  }
}
