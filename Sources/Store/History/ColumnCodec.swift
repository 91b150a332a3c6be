/// A column of whole numbers: as they are, their differences, or the differences of those, whatever is shortest, in blocks of 64 that each
/// hold their least number, the greatest common divisor of what is above it, and that above in as many bits as the greatest needs.
///
/// Arithmetic wraps around, so any 64-bit numbers come back as they were. Even steps (times, sequences) cost nothing but the block's head.
enum ColumnCodec {
  static let block = 64

  /// Bytes that `write` puts for so many numbers at most.
  static func most(_ count: Int) -> Int { 21 + (count / block + 1) * 22 + count * 8 }

  /// - Complexity: O(count)
  static func write(_ values: UnsafeBufferPointer<Int64>, to out: inout ByteCursor) {
    if let step = evenStep(values) { return write(values[0], step, values.count, to: &out) }
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: values.count * 2) { room in
      var best = values
      var order = 0
      var cost = bits(values, from: 0)
      var last = values
      // Where a column needs no bits but the heads of its blocks, further differences cannot be shorter; where differences need more than what
      // they are of, neither.
      var isDone = cost == heads(values.count)
      for n in 1...2 where values.count > n && !isDone {
        let differences = UnsafeMutableBufferPointer(rebasing: room[values.count * (n - 1)..<values.count * n])
        for i in 0..<n { differences[i] = last[i] }
        for i in n..<values.count { differences[i] = last[i] &- last[i - 1] }
        last = UnsafeBufferPointer(differences)
        let own = bits(last, from: n)
        isDone = own == heads(values.count - n) || own + n * 24 >= cost
        if own + n * 24 < cost { (cost, order, best) = (own + n * 24, n, last) }
      }
      out.byte(UInt8(order))
      for i in 0..<order { out.signed(best[i]) }
      var i = order
      while i < best.count {
        let end = min(i + block, best.count)
        write(block: UnsafeBufferPointer(rebasing: best[i..<end]), to: &out)
        i = end
      }
    }
  }

  /// The difference between neighbours where it is the same everywhere, and where its being written as such is shortest: of nine numbers that
  /// all differ each needs four bits at least.
  private static func evenStep(_ values: UnsafeBufferPointer<Int64>) -> Int64? {
    guard values.count >= 9 else { return nil }
    let step = values[1] &- values[0]
    for i in 2..<values.count where values[i] &- values[i - 1] != step { return nil }
    return step.magnitude.multipliedReportingOverflow(by: UInt64(values.count)).overflow ? nil : step
  }

  /// A column with an even step.
  private static func write(_ first: Int64, _ step: Int64, _ count: Int, to out: inout ByteCursor) {
    out.byte(step == 0 ? 0 : 1)
    if step != 0 { out.signed(first) }
    for _ in stride(from: 0, to: step == 0 ? count : count - 1, by: block) {
      out.byte(0)
      out.signed(step == 0 ? first : step)
    }
  }

  /// Bits of the heads of so many numbers' blocks.
  private static func heads(_ count: Int) -> Int { (count + block - 1) / block * 24 }

  private static func write(block part: UnsafeBufferPointer<Int64>, to out: inout ByteCursor) {
    let shape = Shape(part)
    out.byte(UInt8(shape.width) | (shape.divisor > 1 ? 0x80 : 0))
    out.signed(shape.least)
    if shape.divisor > 1 { out.unsigned(shape.divisor) }
    guard shape.width > 0 else { return }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: block) { room in
      for n in 0..<part.count {
        let above = UInt64(bitPattern: part[n] &- shape.least)
        // A division by 1 costs as much as any.
        room[n] = shape.divisor > 1 ? above / shape.divisor : above
      }
      out.packed(UnsafeBufferPointer(rebasing: room[..<part.count]), width: shape.width)
    }
  }

  private static func bits(_ values: UnsafeBufferPointer<Int64>, from start: Int) -> Int {
    var total = 0
    var i = start
    while i < values.count {
      let end = min(i + block, values.count)
      let shape = Shape(UnsafeBufferPointer(rebasing: values[i..<end]))
      total += 24 + shape.width * (end - i)
      i = end
    }
    return total
  }

  /// - Returns: `count` numbers; fewer leave the reader broken.
  static func read(_ count: Int, from reader: inout ByteReader) -> [Int64] {
    let order = Int(reader.byte())
    var out: [Int64] = []
    guard order <= 2, order <= count || count == 0 else { return [Int64](repeating: 0, count: count) }
    out.reserveCapacity(count)
    for _ in 0..<min(order, count) { out.append(reader.signed()) }
    while out.count < count, !reader.isBroken {
      let head = reader.byte()
      let least = reader.signed()
      let divisor = head & 0x80 != 0 ? reader.unsigned() : 1
      reader.packed(count: min(block, count - out.count), width: Int(head & 0x7f)) {
        out.append(least &+ Int64(bitPattern: $0 &* divisor))
      }
    }
    while out.count < count { out.append(0) }
    for n in stride(from: order, to: 0, by: -1) {
      var i = n
      while i < count {
        out[i] = out[i] &+ out[i - 1]
        i += 1
      }
    }
    return out
  }

  /// What a block needs.
  private struct Shape {
    var least = Int64.max
    var divisor: UInt64 = 1
    var width = 0

    init(_ part: UnsafeBufferPointer<Int64>) {
      var most = Int64.min
      for v in part {
        least = min(least, v)
        most = max(most, v)
      }
      var common: UInt64 = 0
      if most > least {
        for v in part {
          // What the divisor so far divides, nearly always, takes one division.
          common = Shape.divisor(UInt64(bitPattern: v &- least), common)
          if common == 1 { break }
        }
      }
      divisor = max(1, common)
      let span = UInt64(bitPattern: most &- least)
      width = 64 - (divisor > 1 ? span / divisor : span).leadingZeroBitCount
    }

    private static func divisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
      var (a, b) = (a, b)
      while b != 0 { (a, b) = (b, a % b) }
      return a
    }
  }
}
