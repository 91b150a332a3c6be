import Readings
import TestSupport
import Testing

@testable import Store

/// What goes into a block of history comes out of it, bit for bit; a block with a changed byte is refused.
struct HistoryCodecTests {
  static let seeds: [UInt64] = Array(1...40)

  /// Columns of the kinds that meters make, and of none.
  static func column(_ g: inout SeededGenerator) -> [Int64] {
    let count = Int.random(in: 0...200, using: &g)
    let (start, step) = (Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &g), Int64.random(in: -90_000...90_000, using: &g))
    let kind = Int.random(in: 0...4, using: &g)
    return (0..<count).map { n in
      switch kind {
      case 0: start
      case 1: start + Int64(n) * step
      case 2: start + Int64(n) * step + Int64.random(in: -3...3, using: &g) * 1000
      case 3: Int64.random(in: 0...9, using: &g) == 0 ? [Int64.min, .max, 0, -1].randomElement(using: &g)! : Int64(n)
      default: Int64.random(in: .min ... .max, using: &g)
      }
    }
  }

  static func value(_ g: inout SeededGenerator) -> Double {
    switch Int.random(in: 0...9, using: &g) {
    case 0: [0, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude].randomElement(using: &g)!
    case 1: Double(bitPattern: UInt64.random(in: .min ... .max, using: &g))
    case 2: Double.random(in: -100...100, using: &g)
    default: Double(Int.random(in: -50_000...50_000, using: &g)) / 100
    }
  }

  static func rows(_ g: inout SeededGenerator, slots: ClosedRange<Int64>, first: Int64 = 1) -> [HistoryRow] {
    let isWild = Bool.random(using: &g)
    return (0..<Int64.random(in: 1...300, using: &g)).map { n in
      let slot = Int64.random(in: slots, using: &g)
      let time = isWild ? Int64.random(in: .min ... .max, using: &g) : 1_760_000_000_000 + n * 60_000
      return HistoryRow(
        ordinal: first + n, slot: slot, time: time, arrival: time &+ Int64.random(in: 0...5000, using: &g),
        sequence: isWild ? Int64.random(in: .min ... .max, using: &g) : n, value: slot < 0 ? .nan : value(&g))
    }
  }

  /// What `body` writes into room for `most` bytes.
  static func bytes(_ most: Int, _ body: (inout ByteCursor) -> Void) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: most) { room, count in
      var out = ByteCursor(room.baseAddress!)
      body(&out)
      count = out.count
    }
  }

  /// The block of rows of one sensor.
  static func part(_ rows: [HistoryRow], first: Int64) -> [UInt8] {
    rows.withUnsafeBufferPointer { rows in
      let parts = RowsBySensor(rows).map { PartCodec.encode($0, first: first) }
      #expect(parts.count == 1)
      return parts[0]
    }
  }

  @Test(arguments: seeds) func columnsComeBack(seed: UInt64) {
    var g = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let values = HistoryCodecTests.column(&g)
      HistoryCodecTests.bytes(ColumnCodec.most(values.count)) { out in
        values.withUnsafeBufferPointer { ColumnCodec.write($0, to: &out) }
      }.withUnsafeBytes { bytes in
        var reader = ByteReader(bytes)
        #expect(ColumnCodec.read(values.count, from: &reader) == values, "seed \(seed)")
        #expect(reader.isAtEnd, "seed \(seed)")
      }
    }
  }

  @Test(arguments: seeds) func journalBlocksComeBack(seed: UInt64) {
    var g = SeededGenerator(seed: seed)
    let rows = HistoryCodecTests.rows(&g, slots: -3...2000, first: 77)
    var back: [HistoryRow] = []
    let isWhole = JournalCodec.encode(rows[...]).withUnsafeBytes { JournalCodec.decode($0, first: 77) { back.append($0) } }
    #expect(isWhole, "seed \(seed)")
    #expect(back == HistoryCodecTests.plain(rows), "seed \(seed)")
  }

  @Test(arguments: seeds) func partsComeBack(seed: UInt64) {
    var g = SeededGenerator(seed: seed)
    let slot = [Int64(-2), 0, 5, 20_000].randomElement(using: &g)!
    let rows = HistoryCodecTests.rows(&g, slots: slot...slot, first: 1000)
    let back = HistoryCodecTests.part(rows, first: 900).withUnsafeBytes { PartCodec.decode($0, slot: slot, first: 900) }
    #expect(back == HistoryCodecTests.plain(rows), "seed \(seed)")
  }

  /// A mark's value is no number, whichever.
  private static func plain(_ rows: [HistoryRow]) -> [HistoryRow] {
    rows.map { row in
      var r = row
      if r.slot < 0 { r.value = .nan }
      return r
    }
  }

  @Test(arguments: [UInt64(1), 2, 3]) func aChangedByteIsNoticed(seed: UInt64) {
    var g = SeededGenerator(seed: seed)
    let journal = JournalCodec.encode(HistoryCodecTests.rows(&g, slots: 0...9)[...])
    let part = HistoryCodecTests.part(HistoryCodecTests.rows(&g, slots: 4...4), first: 1)
    for i in journal.indices {
      var bytes = journal
      bytes[i] ^= UInt8.random(in: 1...255, using: &g)
      #expect(!bytes.withUnsafeBytes { JournalCodec.decode($0, first: 1) { _ in } }, "seed \(seed), byte \(i)")
    }
    for i in part.indices {
      var bytes = part
      bytes[i] ^= UInt8.random(in: 1...255, using: &g)
      #expect(bytes.withUnsafeBytes { PartCodec.decode($0, slot: 4, first: 1) } == nil, "seed \(seed), byte \(i)")
    }
    for n in 0..<part.count {
      #expect(part[..<n].withUnsafeBytes { PartCodec.decode($0, slot: 4, first: 1) } == nil, "seed \(seed), \(n) bytes")
    }
  }

  /// Bytes that nobody wrote, under a right checksum: no matter what, but never outside of them.
  @Test(arguments: seeds) func anyBytesAreReadSafely(seed: UInt64) {
    var g = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let bytes = HistoryCodecTests.bytes(220) { out in
        out.byte(1)
        out.unsigned(UInt64.random(in: 0...300, using: &g))
        for _ in 0..<Int.random(in: 0...200, using: &g) { out.byte(UInt8.random(in: 0...255, using: &g)) }
        out.seal()
      }
      let rows = bytes.withUnsafeBytes { PartCodec.decode($0, slot: 1, first: 1) }
      #expect(rows?.count ?? 0 <= 300)
      var count = 0
      _ = bytes.withUnsafeBytes { JournalCodec.decode($0, first: 1) { _ in count += 1 } }
      #expect(count <= 300)
    }
  }

  /// Values in every unit that a payload may name are as short as in the base unit.
  @Test(arguments: DecimalScale.factors) func convertedValuesTakeFewBytes(factor: Double) {
    let rows = (Int64(0)..<300).map { n in
      HistoryRow(ordinal: 1 + n, slot: 7, time: n, arrival: n, sequence: n, value: Double(n * 37 % 100 + 1103) / 10 * factor)
    }
    let bytes = HistoryCodecTests.part(rows, first: 1)
    #expect(bytes.count < 300 * 2)
    #expect(bytes.withUnsafeBytes { PartCodec.decode($0, slot: 7, first: 1) } == rows)
  }

  @Test func minutesOfAMeterTakeFewBytes() {
    let rows = (Int64(0)..<300).map { n -> HistoryRow in
      let time: Int64 = 1_760_000_000_000 + n * 60_000
      let value = Double((n * 37) % 100 + 1000) / 100
      return HistoryRow(ordinal: 1 + n * 200, slot: 7, time: time, arrival: time + 120, sequence: n, value: value)
    }
    #expect(HistoryCodecTests.part(rows, first: 1).count < 300 * 2)
  }
}
