import Readings

/// Payloads of gateways: any JSON, by a map of its fields.
///
/// Numbers may stand in quotes (`"12.3"`), as many gateways write them; `null` counts as absent. A message without any of the mapped values is
/// `field_missing`. An array at the top is a batch of records.
public struct FieldDecoder: Sendable {
  public let limits: DecodeLimits
  public let map: FieldMap
  private let plan: FieldPlan

  public init(map: FieldMap, limits: DecodeLimits = DecodeLimits()) {
    self.map = map
    self.limits = limits
    plan = FieldPlan(map)
  }

  /// Decodes one message behind what `out` holds, in the order of the payload's records and of the map's values. An error leaves `out` as it
  /// was.
  /// - Parameters:
  ///   - sensor: the sensor of the topic, against which the device's name is checked; nil checks nothing.
  ///   - allowsReverseFlow: whether a flow below 0 is a measurement.
  ///   - now: the trusted clock, for `timestamp_future`.
  /// - Complexity: O(bytes · children of a node). Allocates where `out` must grow.
  public func decode(
    _ payload: UnsafeBufferPointer<UInt8>, sensor: SensorID? = nil, allowsReverseFlow: Bool = false, now: Timestamp,
    into out: inout [DeviceReading]
  ) -> DecodeError? {
    RecordReader.decode(payload, limits: limits, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, into: &out) {
      (reader, out) throws(DecodeError) in
      try plan.withView { (tables) throws(DecodeError) in
        try withUnsafeTemporaryAllocation(of: FieldWalk.Found.self, capacity: plan.targets.count) { (found) throws(DecodeError) in
          var walk = FieldWalk(plan, tables, found, reader, limits.maximumReadings)
          try walk.message(into: &out)
        }
      }
    }
  }
}
