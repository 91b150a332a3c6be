import Codecs
import Readings

/// Messages of a line each, decoded one after the other with shapes remembered: the same as without. The first byte chooses the rules.
func fuzzShapes(_ bytes: [UInt8]) {
  guard let choice = bytes.first else { return }
  var limits = DecodeLimits()
  if choice & 1 != 0 { limits.localOffset = 32_400 }
  let sensor = choice & 2 != 0 ? SensorID("ina/nishi/m01/flow") : nil
  let now = Timestamp(seconds: 1_795_500_000)
  let decoder = CanonicalDecoder(limits: limits)
  let shapes = RecordShapes()
  var hint: UInt8 = choice >> 4
  for line in bytes.dropFirst().split(separator: 10, maxSplits: 63) {
    // Twice: the second time by the shape that the first one taught.
    for _ in 0..<2 {
      Array(line).withUnsafeBufferPointer { payload in
        var scanned: [DecodedReading] = []
        var shaped: [DecodedReading] = []
        let fault = decoder.decode(
          payload, quantity: .flow, sensor: sensor, allowsReverseFlow: choice & 4 != 0, now: now, into: &scanned)
        let error = decoder.decode(
          payload, quantity: .flow, sensor: sensor, allowsReverseFlow: choice & 4 != 0, now: now, shapes: shapes, hint: &hint,
          into: &shaped)
        require(error == fault && shaped == scanned, "\(String(decoding: payload, as: UTF8.self)) gave \(shaped) instead of \(scanned)")
      }
    }
  }
}
