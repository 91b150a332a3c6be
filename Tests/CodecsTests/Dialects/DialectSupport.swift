import Codecs
import Readings

/// What a payload of a dialect gave, in words that a table of examples can hold.
struct DialectOutcome: Equatable {
  var readings: [DeviceReading] = []
  var error: DecodeError?
  var code: String { error?.code ?? "" }

  /// `flow 7.5 @1795395600 #42`, one a reading; times in seconds from 1970, `-` where there is none.
  var lines: [String] {
    readings.map { r in
      let time = r.reading.time.map { $0.milliseconds % 1000 == 0 ? "\($0.seconds)" : "\(Double($0.milliseconds) / 1000)" } ?? "-"
      var line = "\(r.quantity.name) \(r.reading.value) @\(time)"
      if r.reading.sequence >= 0 { line += " #\(r.reading.sequence)" }
      if let b = r.reading.battery { line += " battery \(b)" }
      if let s = r.signal { line += " signal \(s)" }
      return line
    }
  }
}

func decode(_ text: String, by decoder: PayloadDecoder, sensor: String = "ina/nishi/m01/flow", reverse: Bool = false) -> DialectOutcome {
  decode(Array(text.utf8), by: decoder, sensor: sensor, reverse: reverse)
}

func decode(_ bytes: [UInt8], by decoder: PayloadDecoder, sensor: String = "ina/nishi/m01/flow", reverse: Bool = false) -> DialectOutcome {
  var outcome = DialectOutcome()
  outcome.error = bytes.withUnsafeBufferPointer {
    decoder.decode($0, sensor: SensorID(sensor)!, allowsReverseFlow: reverse, now: tokyoNow) { outcome.readings.append($0) }
  }
  return outcome
}
