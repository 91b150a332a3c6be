import Readings

/// Why a checkpoint cannot be used.
public enum SnapshotError: Error, Hashable, CustomStringConvertible {
  /// Fewer bytes than the header or than the header announces.
  case truncated
  /// Not a checkpoint of this program.
  case unknownFormat
  /// Written by another version: start without it and replay the history.
  case otherVersion(UInt32)
  /// The checksum does not match.
  case corrupt
  /// Whoever was to read its bytes could not.
  case unreadable

  public var description: String {
    switch self {
    case .truncated: "the detector checkpoint is cut off"
    case .unknownFormat: "this is not a detector checkpoint"
    case .otherVersion(let v): "the detector checkpoint has version \(v), this program reads version \(Detector.formatVersion)"
    case .corrupt: "the detector checkpoint is damaged (checksum)"
    case .unreadable: "the detector checkpoint cannot be read"
    }
  }
}

extension Detector {
  /// Raised whenever a record's layout or meaning changes.
  public static let formatVersion: UInt32 = 9
  /// Records that are read or summed up together: as many as stay in the cache.
  private static let piece = 64

  /// Everything that later judgements depend on, but for settings and calendar, as `SnapshotFrame` says. O(sensors), and a copy of all
  /// records: `beginSnapshot` needs none.
  public func snapshot() -> [UInt8] {
    let frame = SnapshotFrame(self)
    let records = UnsafeRawBufferPointer(start: UnsafeRawPointer(states), count: SnapshotFrame.recordSize * sensorCount)
    return [UInt8](unsafeUninitializedCapacity: frame.count) { out, count in
      let raw = UnsafeMutableRawBufferPointer(out)
      raw.copyBytes(from: frame.header(sum: SnapshotFrame.checksum(ofRecords: records, from: 0)))
      UnsafeMutableRawBufferPointer(rebasing: raw[frame.offset(of: 0)...]).copyBytes(from: records)
      UnsafeMutableRawBufferPointer(rebasing: raw[frame.offset(of: sensorCount)...]).copyBytes(from: frame.rest)
      count = frame.count
    }
  }

  /// Bytes of a snapshot now.
  public var snapshotCount: Int {
    SnapshotFrame.headerSize + SnapshotFrame.recordSize * sensorCount + MemoryLayout<ZoneState>.stride * zoneCount
      + rhythms.byteCount(sensorCount) + gauges.byteCount
  }

  /// A detector that goes on exactly where the snapshot was taken.
  /// - Parameters:
  ///   - count: bytes of the snapshot.
  ///   - room: as of `init`.
  ///   - read: fills a buffer with the bytes from an offset on; false when it cannot. Records go to where they stay, without a copy beside.
  public static func restore(
    count: Int, settings: DetectorSettings, calendar: LocalCalendar, room: Int = 16, read: (Int, UnsafeMutableRawBufferPointer) -> Bool
  ) throws(SnapshotError) -> Detector {
    guard count >= SnapshotFrame.headerSize else { throw .truncated }
    var header = [UInt8](repeating: 0, count: SnapshotFrame.headerSize)
    guard header.withUnsafeMutableBytes({ read(0, $0) }) else { throw .unreadable }
    let (sensors, ignored, zoneCount, gaugeBytes) = try inspect(header, count)
    var d = Detector(settings: settings, calendar: calendar, room: max(room, sensors))
    let records = d.takeIn(sensors, ignored: ignored)
    var sum: UInt64 = 0
    for n in stride(from: 0, to: sensors, by: piece) {
      let (from, to) = (n * SnapshotFrame.recordSize, min(n + piece, sensors) * SnapshotFrame.recordSize)
      let part = UnsafeMutableRawBufferPointer(rebasing: records[from..<to])
      guard read(SnapshotFrame.headerSize + from, part) else { throw .unreadable }
      sum &+= SnapshotFrame.checksum(ofRecords: UnsafeRawBufferPointer(part), from: n)
    }
    let zoneStride = MemoryLayout<ZoneState>.stride
    var rest = [UInt8](repeating: 0, count: zoneCount * zoneStride + gaugeBytes)
    guard rest.withUnsafeMutableBytes({ read(SnapshotFrame.headerSize + records.count, $0) }) else { throw .unreadable }
    guard SnapshotFrame(sensors: sensors, ignored: ignored, zones: zoneCount, rest: rest).header(sum: sum) == header else { throw .corrupt }
    for z in 0..<zoneCount {
      d.appendZone(rest.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: z * zoneStride, as: ZoneState.self) })
    }
    let isWhole = rest.withUnsafeBytes { rest in
      let more = UnsafeRawBufferPointer(rebasing: rest[(zoneCount * zoneStride)...])
      guard let end = d.rhythms.read(more, sensors: sensors) else { return false }
      return d.gauges.read(UnsafeRawBufferPointer(rebasing: more[end...]))
    }
    guard isWhole else { throw .truncated }
    return d
  }

  /// Looks at the beginning of a snapshot.
  private static func inspect(
    _ header: [UInt8], _ count: Int
  ) throws(SnapshotError) -> (sensors: Int, ignored: Int64, zones: Int, gauges: Int) {
    func number<T: FixedWidthInteger & BitwiseCopyable>(_ at: Int, _: T.Type) -> T {
      T(littleEndian: header.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: T.self) })
    }
    guard number(0, UInt32.self) == SnapshotFrame.magic else { throw .unknownFormat }
    let version = number(4, UInt32.self)
    guard version == formatVersion, number(8, UInt64.self) == UInt64(SnapshotFrame.recordSize) else { throw .otherVersion(version) }
    let (sensors, zones, gauges) = (number(16, UInt64.self), number(40, UInt64.self), number(48, UInt64.self))
    guard sensors <= UInt64(Int32.max), zones <= UInt64(ZoneLinks.maximumZones), gauges <= UInt64(Int32.max) * 64,
      count == SnapshotFrame.headerSize + Int(sensors) * SnapshotFrame.recordSize + Int(zones) * MemoryLayout<ZoneState>.stride
        + Int(gauges)
    else { throw .truncated }
    return (Int(sensors), number(24, Int64.self), Int(zones), Int(gauges))
  }

  /// As above, from memory.
  public static func restore(_ bytes: [UInt8], settings: DetectorSettings, calendar: LocalCalendar) throws(SnapshotError) -> Detector {
    try restore(count: bytes.count, settings: settings, calendar: calendar) { offset, out in
      guard offset >= 0, offset + out.count <= bytes.count else { return false }
      bytes.withUnsafeBytes { out.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + out.count])) }
      return true
    }
  }
}
