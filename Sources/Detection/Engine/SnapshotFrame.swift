/// What stands around the records of a snapshot, and the checksum of the whole, which may be summed up in any order.
///
/// Layout, little endian: magic, version (UInt32); record size, sensors, ignored readings, checksum, zones, bytes of what follows them (UInt64);
/// records of sensors, of zones, of rhythms (`RhythmTable`), of gauges (`GaugeTable`). A snapshot is read by the program that wrote it, so records are copied as they lie in memory.
public struct SnapshotFrame: Sendable {
  public static let headerSize = 56
  static let magic: UInt32 = 0x4d5a_4454  // "MZDT"

  public let sensors: Int
  let ignored: Int64
  private let zones: Int
  /// What stands behind the records of sensors.
  public let rest: [UInt8]
  /// Of everything but the records.
  private let base: UInt64

  init(_ d: borrowing Detector) {
    var rest = Array(UnsafeRawBufferPointer(start: UnsafeRawPointer(d.zones), count: MemoryLayout<ZoneState>.stride * d.zoneCount))
    d.rhythms.append(to: &rest, sensors: d.sensorCount)
    d.gauges.append(to: &rest)
    self.init(sensors: d.sensorCount, ignored: d.ignoredReadings, zones: d.zoneCount, rest: rest)
  }

  init(sensors: Int, ignored: Int64, zones: Int, rest: [UInt8]) {
    self.sensors = sensors
    self.ignored = ignored
    self.zones = zones
    self.rest = rest
    var sum = rest.withUnsafeBytes { SnapshotFrame.checksum($0, number: -1) }
    for n in [UInt64(sensors), UInt64(bitPattern: ignored), UInt64(zones), UInt64(rest.count)] {
      sum = withUnsafeBytes(of: n.littleEndian) { SnapshotFrame.checksum($0, number: Int(truncatingIfNeeded: sum)) }
    }
    base = sum
  }

  /// Bytes of a record.
  public static var recordSize: Int { MemoryLayout<SensorState>.stride }
  /// Bytes of the whole.
  public var count: Int { offset(of: sensors) + rest.count }
  /// Where a record stands; that of `sensors` is where the rest stands.
  public func offset(of record: Int) -> Int { SnapshotFrame.headerSize + record * SnapshotFrame.recordSize }

  /// The first bytes of the snapshot.
  /// - Parameter sum: the sum (modulo 2⁶⁴) of `checksum(ofRecords:from:)` of all records.
  public func header(sum: UInt64) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(SnapshotFrame.headerSize)
    func put(_ n: some FixedWidthInteger) { withUnsafeBytes(of: n.littleEndian) { out.append(contentsOf: $0) } }
    put(SnapshotFrame.magic)
    put(Detector.formatVersion)
    put(UInt64(SnapshotFrame.recordSize))
    put(UInt64(sensors))
    put(UInt64(bitPattern: ignored))
    put(base &+ sum)
    put(UInt64(zones))
    put(UInt64(rest.count - zones * MemoryLayout<ZoneState>.stride))
    return out
  }

  /// Of whole records that lie together, the first of which has number `first`.
  public static func checksum(ofRecords bytes: UnsafeRawBufferPointer, from first: Int) -> UInt64 {
    var sum: UInt64 = 0
    for n in 0..<bytes.count / recordSize {
      let record = UnsafeRawBufferPointer(rebasing: bytes[n * recordSize..<(n + 1) * recordSize])
      sum &+= checksum(record, number: first + n)
    }
    return sum
  }

  /// As FNV-1a over words of eight bytes, in four strands that the processor works on side by side: for damage, not for malice.
  private static func checksum(_ bytes: UnsafeRawBufferPointer, number: Int) -> UInt64 {
    var a: UInt64 = 0xcbf2_9ce4_8422_2325 ^ (UInt64(bitPattern: Int64(number)) &* 0x9e37_79b9_7f4a_7c15)
    var b = ~a
    var c = a &+ 0x9e37_79b9_7f4a_7c15
    var d = ~c
    var i = 0
    func word(_ at: Int) -> UInt64 { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) }
    while i + 32 <= bytes.count {
      a = mix(a, word(i))
      b = mix(b, word(i + 8))
      c = mix(c, word(i + 16))
      d = mix(d, word(i + 24))
      i += 32
    }
    while i + 8 <= bytes.count {
      a = mix(a, word(i))
      i += 8
    }
    while i < bytes.count {
      a = mix(a, UInt64(bytes[i]))
      i += 1
    }
    return mix(mix(mix(a, b), c), d)
  }

  @inline(always) private static func mix(_ h: UInt64, _ word: UInt64) -> UInt64 {
    let x = (h ^ word) &* 0x0000_0100_0000_01b3
    return x ^ x >> 29
  }
}
