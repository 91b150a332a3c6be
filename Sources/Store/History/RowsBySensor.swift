/// Rows by sensor, those of one in the order in which they came. The rows stay where they are: only runs of rows of one sensor, as messages
/// with many readings leave them, are put in order.
///
/// Valid as long as the rows are.
struct RowsBySensor {
  private let rows: UnsafeBufferPointer<HistoryRow>
  /// Where each run begins, and where the last one ends.
  private var starts: [Int32] = []
  /// The runs' numbers, by sensor.
  private var order: [Int32] = []

  /// - Parameter rows: fewer than 2³¹.
  /// - Complexity: O(rows + slots); O(rows · log rows) where there are many more slots than rows.
  init(_ rows: UnsafeBufferPointer<HistoryRow>) {
    self.rows = rows
    var (least, most, last) = (Int64.max, Int64.min, Int64?.none)
    for i in rows.indices where rows[i].slot != last {
      let slot = rows[i].slot
      starts.append(Int32(i))
      (least, most, last) = (Swift.min(least, slot), Swift.max(most, slot), slot)
    }
    let runs = 0..<Int32(starts.count)
    starts.append(Int32(rows.count))
    guard !runs.isEmpty else { return }
    guard most - least < Int64(4 * rows.count + 1024) else {
      order = runs.sorted { (slot(of: $0), $0) < (slot(of: $1), $1) }
      return
    }
    order = [Int32](repeating: 0, count: runs.count)
    // How many runs each sensor has, then where those of each begin.
    var places = [Int32](repeating: 0, count: Int(most - least) + 1)
    for n in runs { places[Int(slot(of: n) - least)] += 1 }
    var next: Int32 = 0
    for i in places.indices { (places[i], next) = (next, next + places[i]) }
    for n in runs {
      let slot = Int(slot(of: n) - least)
      order[Int(places[slot])] = n
      places[slot] += 1
    }
  }

  private func slot(of run: Int32) -> Int64 { rows[Int(starts[Int(run)])].slot }

  /// The rows of one sensor.
  struct Part {
    let slot: Int64
    /// How many.
    let count: Int
    fileprivate let runs: Range<Int>
    private let all: RowsBySensor

    fileprivate init(_ all: RowsBySensor, from start: Int) {
      slot = all.slot(of: all.order[start])
      var (end, count) = (start, 0)
      while end < all.order.count, all.slot(of: all.order[end]) == slot {
        count += all.rows(of: all.order[end]).count
        end += 1
      }
      (self.all, self.count, runs) = (all, count, start..<end)
    }

    @inline(__always)
    func forEach(_ body: (HistoryRow) -> Void) {
      for n in runs { for i in all.rows(of: all.order[n]) { body(all.rows[i]) } }
    }
  }

  private func rows(of run: Int32) -> Range<Int> { Int(starts[Int(run)])..<Int(starts[Int(run) + 1]) }
}

extension RowsBySensor: Sequence {
  /// Parts by ascending slot.
  struct Iterator: IteratorProtocol {
    fileprivate let all: RowsBySensor
    fileprivate var place = 0

    mutating func next() -> Part? {
      guard place < all.order.count else { return nil }
      let part = Part(all, from: place)
      place = part.runs.upperBound
      return part
    }
  }

  func makeIterator() -> Iterator { Iterator(all: self) }
}
