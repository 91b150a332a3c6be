/// What a meter measures, and the last segment of its topic.
public enum Quantity: UInt8, CaseIterable, Sendable {
  /// Instantaneous flow, m³/h.
  case flow = 0
  /// Totalizer register, m³.
  case total = 1
  /// Pressure, kPa.
  case pressure = 2
  /// Water level, m.
  case level = 3
  /// Temperature, °C.
  case temperature = 4

  /// The name in topics, settings and the API.
  public var name: String {
    switch self {
    case .flow: "flow"
    case .total: "total"
    case .pressure: "pressure"
    case .level: "level"
    case .temperature: "temperature"
    }
  }

  public init?(name: some StringProtocol) {
    guard let q = Quantity.allCases.first(where: { $0.name == name }) else { return nil }
    self = q
  }

  /// The unit in which values of this quantity are kept.
  public var baseUnitName: String {
    switch self {
    case .flow: "m3/h"
    case .total: "m3"
    case .pressure: "kPa"
    case .level: "m"
    case .temperature: "Cel"
    }
  }
}

/// Who measures: municipality, zone (配水ブロック), sensor, quantity. Segments are `[A-Za-z0-9_-]{1,64}`.
public struct SensorID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let municipality: String
  public let zone: String
  public let sensor: String
  public let quantity: Quantity

  /// Nil when a segment is empty, longer than 64 bytes or holds another character than `[A-Za-z0-9_-]`.
  public init?(municipality: String, zone: String, sensor: String, quantity: Quantity) {
    guard SensorID.isSegment(municipality), SensorID.isSegment(zone), SensorID.isSegment(sensor) else { return nil }
    self.municipality = municipality
    self.zone = zone
    self.sensor = sensor
    self.quantity = quantity
  }

  /// The service itself, whose events are kept and told as those of meters are. No topic can name it.
  public static let service = SensorID("_", "_", "mizumori", .flow)
  /// Its place in the store; the detector does not know it.
  public static let serviceSlot: SensorSlot = -1

  /// Another quantity of the same device.
  public func sibling(_ quantity: Quantity) -> SensorID { SensorID(municipality, zone, sensor, quantity) }

  private init(_ municipality: String, _ zone: String, _ sensor: String, _ quantity: Quantity) {
    self.municipality = municipality
    self.zone = zone
    self.sensor = sensor
    self.quantity = quantity
  }

  /// From `municipality/zone/sensor/quantity`.
  public init?(_ text: String) {
    let p = text.split(separator: "/", omittingEmptySubsequences: false)
    guard p.count == 4, let q = Quantity(name: p[3]) else { return nil }
    self.init(municipality: String(p[0]), zone: String(p[1]), sensor: String(p[2]), quantity: q)
  }

  /// `municipality/zone/sensor/quantity`.
  public var description: String { "\(municipality)/\(zone)/\(sensor)/\(quantity.name)" }

  public static func < (a: SensorID, b: SensorID) -> Bool { a.description < b.description }

  public static func isSegment(_ s: String) -> Bool {
    let u = s.utf8
    return !u.isEmpty && u.count <= 64 && u.allSatisfy(isSegmentByte)
  }

  /// `[A-Za-z0-9_-]`: what a NATS server accepts in a topic level as well.
  @inlinable public static func isSegmentByte(_ c: UInt8) -> Bool {
    (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c == 95 || c == 45
  }
}

/// The place of a sensor in the detector and the store: 0, 1, 2 … in order of first appearance, never reused.
public typealias SensorSlot = Int32

/// One accepted measurement in base units, as it enters the detector.
public struct Reading: Hashable, Sendable {
  public var slot: SensorSlot
  /// When it was measured (event time).
  public var time: Timestamp
  /// When it reached this box, in event time; equal to `time` in replays. Only for skew and lateness.
  public var arrival: Timestamp
  /// m³/h for flow, m³ for totals, kPa, m, °C.
  public var value: Double
  /// The sender's counter, or −1 where it sends none.
  public var sequence: Int64

  /// The sequence of readings that were computed from others, of zones.
  public static let derived: Int64 = -3
  /// The sequence of flow below 0 that was refused, of a meter without reverse flow.
  public static let reverse: Int64 = -4

  @inlinable public init(slot: SensorSlot, time: Timestamp, arrival: Timestamp, value: Double, sequence: Int64 = -1) {
    self.slot = slot
    self.time = time
    self.arrival = arrival
    self.value = value
    self.sequence = sequence
  }
}
