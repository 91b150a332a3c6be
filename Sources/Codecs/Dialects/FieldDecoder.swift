import Readings

/// Payloads of gateways: any JSON, by a map of its fields.
///
/// Numbers may stand in quotes (`"12.3"`), as many gateways write them; `null` counts as absent. A message without any of the mapped values is
/// `field_missing`. An array at the top is a batch of records.
public struct FieldDecoder: Sendable {
  public let limits: DecodeLimits
  public let map: FieldMap
  /// Fields of the message, and of each record where the map has records.
  let outer: FieldTree
  let inner: FieldTree

  public init(map: FieldMap, limits: DecodeLimits = DecodeLimits()) {
    self.map = map
    self.limits = limits
    let targets = FieldTargets(map)
    (outer, inner) = targets.trees()
  }

  /// Decodes one message. An error means that nothing of it was emitted.
  /// - Parameters:
  ///   - sensor: the sensor of the topic, against which the device's name is checked; nil checks nothing.
  ///   - allowsReverseFlow: whether a flow below 0 is a measurement.
  ///   - now: the trusted clock, for `timestamp_future`.
  ///   - emit: called once for each value, in the order of the payload's records and of the map's values.
  /// - Complexity: O(bytes · children of a node)
  public func decode(
    _ payload: UnsafeBufferPointer<UInt8>, sensor: SensorID? = nil, allowsReverseFlow: Bool = false, now: Timestamp,
    emit: (DeviceReading) -> Void
  ) -> DecodeError? {
    RecordReader.decode(payload, limits: limits, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, emit: emit) {
      (reader) throws(DecodeError) in
      var walk = FieldWalk(self, reader)
      return try walk.message()
    }
  }
}

/// What the paths of a map stand for, by number.
struct FieldTargets {
  private let map: FieldMap

  init(_ map: FieldMap) { self.map = map }

  /// Values come first, in the order of the map.
  var firstTime: Int { map.values.count }
  var firstBattery: Int { firstTime + map.times.count }
  var sequence: Int { firstBattery + map.batteries.count }
  var signal: Int { sequence + 1 }
  var device: Int { signal + 1 }
  var count: Int { device + 1 }

  func trees() -> (outer: FieldTree, inner: FieldTree) {
    var record = FieldTree()
    for (i, v) in map.values.enumerated() { record.insert(v.path, target: Int32(i)) }
    for (i, p) in map.times.enumerated() { record.insert(p, target: Int32(firstTime + i)) }
    for (i, p) in map.batteries.enumerated() { record.insert(p, target: Int32(firstBattery + i)) }
    if let p = map.sequence { record.insert(p, target: Int32(sequence)) }
    guard let each = map.each else {
      var whole = record
      insertMessage(into: &whole)
      return (whole, whole)
    }
    var outer = FieldTree()
    insertMessage(into: &outer)
    outer.insertRecords(each)
    return (outer, record)
  }

  private func insertMessage(into tree: inout FieldTree) {
    if let p = map.signal { tree.insert(p, target: Int32(signal)) }
    if let p = map.device { tree.insert(p, target: Int32(device)) }
  }
}
