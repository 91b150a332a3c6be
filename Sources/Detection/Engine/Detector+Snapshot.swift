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

  public var description: String {
    switch self {
    case .truncated: "the detector checkpoint is cut off"
    case .unknownFormat: "this is not a detector checkpoint"
    case .otherVersion(let v): "the detector checkpoint has version \(v), this program reads version \(Detector.formatVersion)"
    case .corrupt: "the detector checkpoint is damaged (checksum)"
    }
  }
}

extension Detector {
  /// Raised whenever a record's layout or meaning changes.
  public static let formatVersion: UInt32 = 5
  private static let magic: UInt32 = 0x4d5a_4454  // "MZDT"
  private static let headerSize = 48

  /// Everything that later judgements depend on, but for settings and calendar. O(sensors).
  ///
  /// Layout, little endian: magic, version (UInt32); record size, sensors, ignored readings, checksum of the records, zones (UInt64);
  /// records of sensors, records of zones. A checkpoint is read by the program that wrote it, so records are copied as they lie in memory.
  public func snapshot() -> [UInt8] {
    let size = MemoryLayout<SensorState>.stride
    let zonesStart = Detector.headerSize + size * sensorCount
    let total = zonesStart + MemoryLayout<ZoneState>.stride * zoneCount
    return [UInt8](unsafeUninitializedCapacity: total) { out, count in
      let raw = UnsafeMutableRawBufferPointer(out)
      let sensors = UnsafeRawBufferPointer(start: UnsafeRawPointer(states), count: size * sensorCount)
      let sums = UnsafeRawBufferPointer(start: UnsafeRawPointer(zones), count: total - zonesStart)
      if !sensors.isEmpty { UnsafeMutableRawBufferPointer(rebasing: raw[Detector.headerSize..<zonesStart]).copyMemory(from: sensors) }
      if !sums.isEmpty { UnsafeMutableRawBufferPointer(rebasing: raw[zonesStart..<total]).copyMemory(from: sums) }
      raw.storeBytes(of: Detector.magic.littleEndian, toByteOffset: 0, as: UInt32.self)
      raw.storeBytes(of: Detector.formatVersion.littleEndian, toByteOffset: 4, as: UInt32.self)
      raw.storeBytes(of: UInt64(size).littleEndian, toByteOffset: 8, as: UInt64.self)
      raw.storeBytes(of: UInt64(sensorCount).littleEndian, toByteOffset: 16, as: UInt64.self)
      raw.storeBytes(of: UInt64(bitPattern: ignoredReadings).littleEndian, toByteOffset: 24, as: UInt64.self)
      let records = UnsafeRawBufferPointer(rebasing: raw[Detector.headerSize..<total])
      raw.storeBytes(of: Detector.checksum(records).littleEndian, toByteOffset: 32, as: UInt64.self)
      raw.storeBytes(of: UInt64(zoneCount).littleEndian, toByteOffset: 40, as: UInt64.self)
      count = total
    }
  }

  /// A detector that goes on exactly where `snapshot` was taken.
  public static func restore(
    _ bytes: UnsafeBufferPointer<UInt8>, settings: DetectorSettings, calendar: LocalCalendar
  ) throws(SnapshotError) -> Detector {
    let raw = UnsafeRawBufferPointer(bytes)
    guard raw.count >= headerSize else { throw .truncated }
    guard UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt32.self)) == magic else { throw .unknownFormat }
    let version = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    let size = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    let count = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    let ignored = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
    let sum = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 32, as: UInt64.self))
    let zoneCount = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 40, as: UInt64.self))
    let stride = MemoryLayout<SensorState>.stride
    let zoneStride = MemoryLayout<ZoneState>.stride
    guard version == formatVersion, size == UInt64(stride) else { throw .otherVersion(version) }
    guard count <= UInt64(Int32.max), zoneCount <= UInt64(ZoneLinks.maximumZones),
      raw.count == headerSize + Int(count) * stride + Int(zoneCount) * zoneStride
    else { throw .truncated }
    let records = UnsafeRawBufferPointer(rebasing: raw[headerSize...])
    guard checksum(records) == sum else { throw .corrupt }
    var d = Detector(settings: settings, calendar: calendar)
    let end = Int(count) * stride
    d.adopt(
      UnsafeRawBufferPointer(rebasing: records[..<end]), count: Int(count), zones: UnsafeRawBufferPointer(rebasing: records[end...]),
      ignored: Int64(bitPattern: ignored))
    return d
  }

  /// As `restore(_:settings:calendar:)` for an array. (A noncopyable value cannot come out of `withUnsafeBufferPointer`.)
  public static func restore(_ bytes: [UInt8], settings: DetectorSettings, calendar: LocalCalendar) throws(SnapshotError) -> Detector {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    defer { copy.deallocate() }
    _ = copy.initialize(from: bytes)
    return try restore(UnsafeBufferPointer(copy), settings: settings, calendar: calendar)
  }

  /// FNV-1a over words of eight bytes: for damage, not for malice.
  private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var h: UInt64 = 0xcbf2_9ce4_8422_2325
    var i = 0
    while i + 8 <= bytes.count {
      h = (h ^ UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))) &* 0x0000_0100_0000_01b3
      h ^= h >> 29
      i += 8
    }
    while i < bytes.count {
      h = (h ^ UInt64(bytes[i])) &* 0x0000_0100_0000_01b3
      i += 1
    }
    return h
  }
}
