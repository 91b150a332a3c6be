import Detection
import Readings
import Store

/// A totalizer's register as flow, by the same steps as the detector's.
struct RegisterSteps: RegisterFlow {
  private var state = RegisterState()

  init() {}

  mutating func take(_ value: Double, at time: Timestamp) -> (time: Timestamp, value: Double)? {
    switch state.take(value, at: time.milliseconds) {
    case .flow(let flow, let since), .rollover(let flow, let since): (Timestamp(milliseconds: since), flow)
    case .waiting, .reset: nil
    }
  }
}
