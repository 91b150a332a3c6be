import Readings

/// Which fields of a gateway's JSON mean what. Named in the settings, never guessed.
public struct FieldMap: Hashable, Sendable {
  /// A measured value.
  public struct Value: Hashable, Sendable {
    public var quantity: Quantity
    public var path: FieldPath
    /// From what is sent to the base unit of the quantity.
    public var factor: Double
    public var offset: Double

    /// - Parameters:
    ///   - factor: base units for one of what is sent: 0.06 for litres a minute, 0.01 for pulses of 10 litres.
    ///   - offset: added after that.
    public init(_ quantity: Quantity, _ path: FieldPath, factor: Double = 1, offset: Double = 0) {
      self.quantity = quantity
      self.path = path
      self.factor = factor
      self.offset = offset
    }
  }

  /// At least one; each quantity once.
  public var values: [Value]
  /// When it was measured; the first that is there holds. None there: the time of receipt.
  public var times: [FieldPath] = []
  /// The device's counter of messages.
  public var sequence: FieldPath?
  /// Whether a counter that is left out is 0, as senders that leave zeros out mean it.
  public var omitsZero = false
  /// Per cent; the first that is there holds.
  public var batteries: [FieldPath] = []
  /// Received signal strength, dBm; the strongest where several gateways heard it.
  public var signal: FieldPath?
  /// The device's name, which must be the sensor of the topic.
  public var device: FieldPath?
  /// An array of records; then `values`, `times`, `sequence` and `batteries` stand within each of them.
  public var each: FieldPath?

  public init(values: [Value]) { self.values = values }

  /// The Things Stack v3, topic `v3/{app}@{tenant}/devices/{sensor}/up`: the values stand in `uplink_message.decoded_payload`.
  ///
  /// - Parameter values: paths within the decoded payload.
  public static func theThingsStack(_ values: [Value]) -> FieldMap {
    let uplink = FieldMap.path("uplink_message")
    var map = FieldMap(values: FieldMap.below(uplink, "decoded_payload", values))
    map.times = [FieldMap.path("received_at").below(uplink), FieldMap.path("received_at")]
    map.sequence = FieldMap.path("f_cnt").below(uplink)
    map.omitsZero = true
    map.batteries = [FieldMap.path("decoded_payload.battery").below(uplink), FieldMap.path("last_battery_percentage.value").below(uplink)]
    map.signal = FieldMap.path("rx_metadata.*.rssi").below(uplink)
    map.device = FieldMap.path("end_device_ids.device_id")
    return map
  }

  /// ChirpStack v4, topic `application/{id}/device/{sensor}/event/up`: the values stand in `object`.
  ///
  /// - Parameter values: paths within the object.
  public static func chirpStack(_ values: [Value]) -> FieldMap {
    var map = FieldMap(values: values.map { FieldMap.moved($0, below: FieldMap.path("object")) })
    map.times = [FieldMap.path("time")]
    map.sequence = FieldMap.path("fCnt")
    map.omitsZero = true
    map.batteries = [FieldMap.path("object.battery")]
    map.signal = FieldMap.path("rxInfo.*.rssi")
    map.device = FieldMap.path("deviceInfo.devEui")
    return map
  }

  /// Values under the names of their quantities: `flow`, `total`, `pressure`, `level`, `temperature`.
  public static let namedByQuantity = Quantity.allCases.map { Value($0, path($0.name)) }

  private static func below(_ parent: FieldPath, _ name: String, _ values: [Value]) -> [Value] {
    values.map { moved($0, below: path(name).below(parent)) }
  }

  private static func moved(_ value: Value, below parent: FieldPath) -> Value {
    var v = value
    v.path = v.path.below(parent)
    return v
  }

  /// A path that is written here.
  private static func path(_ text: StaticString) -> FieldPath { path(text.description) }

  private static func path(_ text: String) -> FieldPath {
    guard let path = FieldPath(text) else { preconditionFailure("no path: \(text)") }
    return path
  }
}
