import Readings

/// SenML JSON (RFC 8428): an array of records with base fields and relative time.
///
/// ```json
/// [{"bn":"m01/","bt":1795395600,"n":"flow","u":"l/s","v":2.1},{"n":"total","u":"m3","v":18204.5},{"n":"flow","t":-60,"v":2.0}]
/// ```
/// - The part of a record's name behind its last `/` or `:` tells the quantity: its own name, or what the settings call it; a record without a
///   name has the quantity of the topic. Other records are passed over, but `battery` (per cent).
/// - A time below 2^28 is relative to the time of receipt (4.5.3); no time means now.
/// - A totalizer may use the sum (`s`, `bs`) instead of a value.
/// - A field whose name ends in `_`, or a version (`bver`) above 10, must be understood and is not: `field_unknown`.
public struct SenMLDecoder: Sendable {
  public let limits: DecodeLimits
  /// What records are called: raw values of quantities, and `battery`.
  private var names = NameTable()
  /// Of records without a name.
  let quantity: Quantity?

  /// - Parameters:
  ///   - names: in place of the quantities' own names.
  ///   - quantity: of records without a name; nil passes over them.
  public init(names: [Quantity: String] = [:], quantity: Quantity? = nil, limits: DecodeLimits = DecodeLimits()) {
    self.limits = limits
    self.quantity = quantity
    self.names.append(Array("battery".utf8), meaning: SenMLDecoder.battery)
    for q in Quantity.allCases { self.names.append(Array((names[q] ?? q.name).utf8), meaning: Int32(q.rawValue)) }
  }

  static let battery: Int32 = 1000

  /// Decodes one pack behind what `out` holds. An error leaves `out` as it was.
  /// - Parameters: as `FieldDecoder.decode`.
  /// - Complexity: O(bytes). Allocates where `out` must grow.
  public func decode(
    _ payload: UnsafeBufferPointer<UInt8>, sensor: SensorID? = nil, allowsReverseFlow: Bool = false, now: Timestamp,
    into out: inout [DeviceReading]
  ) -> DecodeError? {
    RecordReader.decode(payload, limits: limits, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, into: &out) {
      (reader, out) throws(DecodeError) in
      try names.withView { (names) throws(DecodeError) in
        var pack = SenMLPack(names, quantity, reader, limits.maximumReadings)
        try pack.read(into: &out)
      }
    }
  }
}
