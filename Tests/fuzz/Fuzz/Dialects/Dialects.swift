import Codecs
import Readings

private let sensor = SensorID("ina/nishi/m01/flow")!
/// Of the examples: 2026-11-23T10:00:00+09:00.
private let now = Timestamp(seconds: 1_795_395_600)

func fuzzSenML(_ bytes: [UInt8]) {
  fuzzDialect(bytes) { choice, rules in
    let quantity: Quantity? = choice & 1 == 0 ? .flow : nil
    return (
      .senML(SenMLDecoder(quantity: quantity, limits: rules.limits)),
      { tree in
        var model = SenMLModel(rules, quantity: quantity)
        return model.verdict(tree)
      }
    )
  }
}

func fuzzStack(_ bytes: [UInt8]) {
  let values = [
    FieldMap.Value(.flow, FieldPath("flow_lpm")!, factor: 0.06), FieldMap.Value(.total, FieldPath("volume.l")!, factor: 0.001),
  ]
  fuzzMap(bytes, [.theThingsStack(values), .theThingsStack(FieldMap.namedByQuantity)])
}

func fuzzChirpStack(_ bytes: [UInt8]) { fuzzMap(bytes, [.chirpStack(FieldMap.namedByQuantity)]) }

func fuzzFields(_ bytes: [UInt8]) { fuzzMap(bytes, maps) }

/// Maps as settings have them: records in a message, values within arrays, a flat one, and paths that meet.
private let maps: [FieldMap] = {
  var rows = FieldMap(values: [
    FieldMap.Value(.total, FieldPath("pulse")!, factor: 0.01), FieldMap.Value(.temperature, FieldPath("env.tk")!, offset: -273.15),
  ])
  rows.each = FieldPath("log.rows")
  rows.times = [FieldPath("t")!]
  rows.sequence = FieldPath("n")
  rows.batteries = [FieldPath("bat")!]
  rows.signal = FieldPath("radio.rssi")
  rows.device = FieldPath("id")
  var arrays = FieldMap(values: [FieldMap.Value(.flow, FieldPath("q.*.v")!)])
  arrays.times = [FieldPath("at")!]
  arrays.signal = FieldPath("rx.*.rssi")
  arrays.device = FieldPath("id")
  var flat = FieldMap(values: FieldMap.namedByQuantity)
  flat.times = [FieldPath("time")!, FieldPath("received")!]
  flat.sequence = FieldPath("seq")
  flat.batteries = [FieldPath("battery")!, FieldPath("battery.volt")!]
  flat.device = FieldPath("id")
  flat.omitsZero = true
  var meeting = FieldMap(values: [FieldMap.Value(.flow, FieldPath("a")!), FieldMap.Value(.level, FieldPath("a.b")!)])
  meeting.times = [FieldPath("a.b")!, FieldPath("a.t")!]
  meeting.signal = FieldPath("a")
  return [rows, arrays, flat, meeting]
}()

private func fuzzMap(_ bytes: [UInt8], _ maps: [FieldMap]) {
  fuzzDialect(bytes) { choice, rules in
    let map = maps[Int(choice & 7) % maps.count]
    return (
      .fields(FieldDecoder(map: map, limits: rules.limits)),
      { tree in
        var model = FieldModel(rules, map: map)
        return model.verdict(tree)
      }
    )
  }
}

/// A decoder and what reads the same from a tree, as the first byte chooses; they must agree on every payload.
private func fuzzDialect(
  _ bytes: [UInt8], _ choose: (UInt8, ModelRules) -> (decoder: PayloadDecoder, model: (JSONTree) -> Verdict)
) {
  guard let choice = bytes.first else { return }
  var limits = DecodeLimits()
  if choice & 8 != 0 { limits.maximumReadings = 3 }
  if choice & 16 != 0 { limits.maximumPayload = 512 }
  let rules = ModelRules(sensor: sensor, allowsReverseFlow: choice & 32 != 0, limits: limits, now: now)
  let (decoder, model) = choose(choice, rules)
  let payload = Array(bytes.dropFirst())
  var readings: [DeviceReading] = []
  let error = payload.withUnsafeBufferPointer {
    decoder.decode($0, sensor: sensor, allowsReverseFlow: rules.allowsReverseFlow, now: now) { readings.append($0) }
  }
  promises(readings, error, payload.count, rules)
  compare(readings, error, payload, limits, model)
}

/// What holds whatever the payload is.
private func promises(_ readings: [DeviceReading], _ error: DecodeError?, _ size: Int, _ rules: ModelRules) {
  if let error {
    require(readings.isEmpty, "readings beside an error")
    require((0...size).contains(error.offset), "offset \(error.offset) of \(size)")
    return
  }
  require(!readings.isEmpty && size <= rules.limits.maximumPayload, "\(readings.count) readings of \(size) bytes")
  // A record has each quantity once.
  require(readings.count <= rules.limits.maximumReadings * Quantity.allCases.count, "\(readings.count) readings")
  for r in readings {
    let v = r.reading.value
    require(DecodeLimits.plausible(r.quantity).contains(v) && v.isFinite, "value \(v)")
    require(v >= 0 || r.quantity != .flow || rules.allowsReverseFlow, "flow \(v)")
    require(r.reading.sequence >= -1, "sequence \(r.reading.sequence)")
    require(r.reading.battery?.isFinite != false, "battery \(String(describing: r.reading.battery))")
    require(r.signal.map { (-200...50).contains($0) } != false, "signal \(String(describing: r.signal))")
    if let t = r.reading.time {
      require(t >= rules.limits.earliest && t.since(now) <= rules.limits.futureTolerance, "time \(t.milliseconds)")
    }
  }
}

/// Broken JSON is called broken and nothing else is; what is whole says what the model reads in it.
private func compare(
  _ readings: [DeviceReading], _ error: DecodeError?, _ payload: [UInt8], _ limits: DecodeLimits, _ model: (JSONTree) -> Verdict
) {
  if payload.count > limits.maximumPayload { return require(error?.reason == .payloadTooLarge, "size: \(String(describing: error))") }
  if payload.allSatisfy({ [0x20, 0x09, 0x0a, 0x0d].contains($0) }) {
    return require(error?.reason == .payloadEmpty, "empty: \(String(describing: error))")
  }
  let isCalledBroken = error?.reason == .jsonSyntax || error?.reason == .utf8
  guard let tree = JSONTree.parse(payload) else { return require(isCalledBroken, "broken JSON: \(String(describing: error)) \(readings)") }
  require(!isCalledBroken, "JSON that is whole: \(String(describing: error))")
  guard tree.isComparable else { return }
  let found = error.map { Verdict.fault($0.reason) } ?? .readings(readings)
  let expected = model(tree)
  require(found == expected, "\(found), but the model reads \(expected)")
}
