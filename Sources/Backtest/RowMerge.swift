import Readings
import Series

/// Merges the rows of a group by arrival, members in their order where arrivals are equal.
///
/// Each file is in arrival order but does not tell arrival times: a row arrives at the newest time its file has shown so far.
/// - Complexity: O(log members) a row, O(1) while one member is ahead of the others; allocates nothing after the start.
struct RowMerge: ~Copyable {
  private struct Cursor {
    var rows: UnsafeBufferPointer<SeriesRow>
    var next: Int
    var arrival: Int64
  }

  private let feeds: [RowFeed]
  private let ahead: ReadAhead
  private let cursors: UnsafeMutablePointer<Cursor>
  /// Members with rows left, the next one first: a binary heap.
  private let heap: UnsafeMutablePointer<Int>
  private var live = 0

  init(_ feeds: [RowFeed], _ ahead: ReadAhead) {
    self.feeds = feeds
    self.ahead = ahead
    cursors = .allocate(capacity: feeds.count)
    heap = .allocate(capacity: feeds.count)
  }

  deinit {
    cursors.deallocate()
    heap.deallocate()
  }

  /// Reads the first blocks; once, before `fill`.
  mutating func begin() throws(SeriesError) {
    ahead.begin(feeds)
    for (i, feed) in feeds.enumerated() {
      guard let rows = try ahead.next(feed) else { continue }
      (cursors + i).initialize(to: Cursor(rows: rows, next: 0, arrival: rows[0].time.milliseconds))
      heap[live] = i
      live += 1
    }
    var i = live / 2
    while i > 0 {
      i -= 1
      sink(i)
    }
  }

  /// When the next row arrives, ms since the epoch; nil at the end.
  var arrival: Int64? { live > 0 ? cursors[heap[0]].arrival : nil }

  /// Fills in the readings that arrive before `end`, as many as there is room for; none left: 0.
  mutating func fill(_ out: UnsafeMutableBufferPointer<Reading>, before end: Int64) throws(SeriesError) -> Int {
    var count = 0
    while count < out.count, live > 0, cursors[heap[0]].arrival < end {
      if try drain(out, &count, end) {
        sink(0)
      } else {
        live -= 1
        heap[0] = heap[live]
        sink(0)
      }
    }
    return count
  }

  /// Takes rows of the first member while it stays the first; false when it has no more.
  private mutating func drain(
    _ out: UnsafeMutableBufferPointer<Reading>, _ count: inout Int, _ end: Int64
  ) throws(SeriesError) -> Bool {
    let i = heap[0]
    let cursor = cursors + i
    // Up to here, exclusive, the member is the first: equal arrivals go to the lower number.
    var bound = end
    if live > 1 {
      let rival = live > 2 && isBefore(heap[2], heap[1]) ? heap[2] : heap[1]
      bound = min(bound, cursors[rival].arrival + (i < rival ? 1 : 0))
    }
    repeat {
      let row = cursor.pointee.rows[cursor.pointee.next]
      out.initializeElement(
        at: count,
        to: Reading(slot: SensorSlot(i), time: row.time, arrival: Timestamp(milliseconds: cursor.pointee.arrival), value: row.value))
      count += 1
      cursor.pointee.next += 1
      if cursor.pointee.next == cursor.pointee.rows.count {
        guard let rows = try ahead.next(feeds[i]) else { return false }
        (cursor.pointee.rows, cursor.pointee.next) = (rows, 0)
      }
      let time = cursor.pointee.rows[cursor.pointee.next].time.milliseconds
      if time > cursor.pointee.arrival { cursor.pointee.arrival = time }
    } while cursor.pointee.arrival < bound && count < out.count
    return true
  }

  @inline(__always) private func isBefore(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (cursors[a].arrival, cursors[b].arrival)
    return x < y || (x == y && a < b)
  }

  /// Puts the member at `from` where it belongs below.
  private mutating func sink(_ from: Int) {
    guard from < live else { return }
    var i = from
    let member = heap[i]
    while 2 * i + 1 < live {
      var child = 2 * i + 1
      if child + 1 < live, isBefore(heap[child + 1], heap[child]) { child += 1 }
      guard isBefore(heap[child], member) else { break }
      heap[i] = heap[child]
      i = child
    }
    heap[i] = member
  }
}
