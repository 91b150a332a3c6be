import Foundation
import Series

/// Threads without a group of their own read ahead for those that judge one: at most one block a series.
///
/// What is judged does not depend on it: blocks have the same bounds whoever reads them, and who needs a block that nobody has begun reads it
/// itself. `@unchecked`: everything here and `RowFeed.state` is touched under the lock only.
final class ReadAhead: @unchecked Sendable {
  private let condition = NSCondition()
  private var wanted: [RowFeed] = []
  private var head = 0
  private var helpers = 0
  /// Groups not judged yet.
  private var groups: Int

  /// - Parameter groups: all groups; each is followed by `groupEnded()`.
  init(groups: Int) { self.groups = groups }

  /// Asks for the first blocks of a group.
  func begin(_ feeds: [RowFeed]) {
    condition.lock()
    defer { condition.unlock() }
    for f in feeds { want(f) }
  }

  /// The next block of a series, for the thread that judges it; nil at the end.
  func next(_ feed: RowFeed) throws(SeriesError) -> UnsafeBufferPointer<SeriesRow>? {
    let count = try take(feed).get()
    guard count > 0 else { return nil }
    let rows = UnsafeBufferPointer(start: feed.turn(), count: count)
    // The back buffer is free only now.
    condition.lock()
    want(feed)
    condition.unlock()
    return rows
  }

  /// One group less to judge.
  func groupEnded() {
    condition.lock()
    groups -= 1
    if groups == 0 { condition.broadcast() }
    condition.unlock()
  }

  /// For a thread that finds all groups taken: reads ahead until the last one is judged.
  func help() {
    condition.lock()
    helpers += 1
    while groups > 0 {
      guard let feed = pop() else {
        condition.wait()
        continue
      }
      feed.state = .busy
      condition.unlock()
      let r = feed.readBack()
      condition.lock()
      feed.state = .ready(r)
      condition.broadcast()
    }
    condition.unlock()
  }

  private func take(_ feed: RowFeed) -> Result<Int, SeriesError> {
    condition.lock()
    while case .busy = feed.state { condition.wait() }
    let state = feed.state
    feed.state = .idle
    condition.unlock()
    if case .ready(let r) = state { return r }
    return feed.readBack()
  }

  private func want(_ feed: RowFeed) {
    guard helpers > 0 else { return }
    feed.state = .wanted
    if !feed.isListed {
      feed.isListed = true
      wanted.append(feed)
    }
    condition.signal()
  }

  /// The next feed that still waits for a reader.
  private func pop() -> RowFeed? {
    while head < wanted.count {
      let feed = wanted[head]
      head += 1
      if head == wanted.count {
        wanted.removeAll(keepingCapacity: true)
        head = 0
      } else if head > 4096 {
        wanted.removeFirst(head)
        head = 0
      }
      feed.isListed = false
      if case .wanted = feed.state { return feed }
    }
    return nil
  }
}
