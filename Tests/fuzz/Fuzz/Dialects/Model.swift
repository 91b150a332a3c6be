import Codecs
import Readings

/// What a payload says: its readings, or the first fault in the order of reading.
enum Verdict: Equatable {
  case readings([DeviceReading])
  case fault(DecodeError.Reason)
}

/// Faults of meaning while a payload is read on; the first one counts.
struct Faults {
  private(set) var first: DecodeError.Reason?

  mutating func blame(_ reason: DecodeError.Reason) { if first == nil { first = reason } }
}

/// What all dialects are judged by.
struct ModelRules {
  let sensor: SensorID
  let allowsReverseFlow: Bool
  let limits: DecodeLimits
  let now: Timestamp

  func value(_ raw: Double, _ conversion: Unit.Conversion?, _ quantity: Quantity, _ faults: inout Faults) -> Double? {
    let v = (conversion.map { $0(raw) } ?? raw) + 0
    if !raw.isFinite {
      faults.blame(.numberRange)
    } else if !DecodeLimits.plausible(quantity).contains(v) {
      faults.blame(.valueRange)
    } else if v < 0, quantity == .flow, !allowsReverseFlow {
      faults.blame(.negativeFlow)
    } else {
      return v
    }
    return nil
  }

  func time(_ t: Timestamp, _ faults: inout Faults) -> Timestamp? {
    if t < limits.earliest {
      faults.blame(.timestampPast)
    } else if t.since(now) > limits.futureTolerance {
      faults.blame(.timestampFuture)
    } else {
      return t
    }
    return nil
  }
}

/// The double that a JSON number stands for.
func double(_ text: String) -> Double { Double(text) ?? .infinity }
