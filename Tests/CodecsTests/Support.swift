import Codecs
import Readings
import Testing

let tokyoNow = Timestamp(iso8601: "2026-11-23T10:00:00+09:00")!
let meter = SensorID("ina/nishi/m01/flow")!

/// What one payload gave.
struct Outcome {
  var readings: [DecodedReading] = []
  var error: DecodeError?
  var code: String { error?.code ?? "" }
}

func decode(
  _ bytes: [UInt8], quantity: Quantity = .flow, sensor: SensorID? = meter, allowsReverseFlow: Bool = false,
  limits: DecodeLimits = DecodeLimits(), now: Timestamp = tokyoNow
) -> Outcome {
  var outcome = Outcome()
  outcome.error = bytes.withUnsafeBufferPointer { payload in
    CanonicalDecoder(limits: limits).decode(
      payload, quantity: quantity, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now
    ) { outcome.readings.append($0) }
  }
  // What decodes into an array says and finds the same, behind what the array holds.
  let before = DecodedReading(time: nil, value: .pi)
  var out = [before]
  let error = bytes.withUnsafeBufferPointer { payload in
    CanonicalDecoder(limits: limits).decode(
      payload, quantity: quantity, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, into: &out)
  }
  #expect(error == outcome.error)
  #expect(out == [before] + outcome.readings)
  // So does what remembers shapes, before and after it has learnt this one.
  let shapes = RecordShapes()
  var hint: UInt8 = 0
  for _ in 0..<2 {
    out = [before]
    let error = bytes.withUnsafeBufferPointer { payload in
      CanonicalDecoder(limits: limits).decode(
        payload, quantity: quantity, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: now, shapes: shapes, hint: &hint,
        into: &out)
    }
    #expect(error == outcome.error)
    #expect(out == [before] + outcome.readings)
  }
  return outcome
}

func decode(_ text: String, quantity: Quantity = .flow, allowsReverseFlow: Bool = false) -> Outcome {
  decode(Array(text.utf8), quantity: quantity, allowsReverseFlow: allowsReverseFlow)
}
