/// A pump that fills a tank: on or off, whatever is used behind the tank.
struct Pump {
  /// Of the mean flow.
  private static let strength = 1.6

  /// m³
  private let tank: Double
  /// m³/h while it is on.
  private let rate: Double
  /// Of a step.
  private let hours: Double

  /// - Parameters:
  ///   - tank: m³
  ///   - flow: what is used behind the tank when nothing happens, m³/h; decides how strong the pump is.
  ///   - interval: seconds of a step
  init(tank: Double, flow: [Double], interval: Int) {
    self.tank = tank
    rate = Pump.strength * flow.reduce(0, +) / Double(max(1, flow.count))
    hours = Double(interval) / 3600
  }

  /// What flows into the tank, m³/h, on below a quarter, off when it is full; and what the tank holds at the beginning of each step, m³.
  /// - Parameter flow: out of the tank, m³/h
  func fills(_ flow: [Double]) -> (inflow: [Double], held: [Double]) {
    var (inflow, held) = ([Double](), [Double]())
    inflow.reserveCapacity(flow.count)
    held.reserveCapacity(flow.count)
    var now = tank / 2
    var isOn = false
    for out in flow {
      if now < tank / 4 { isOn = true } else if now >= tank { isOn = false }
      held.append(now)
      inflow.append(isOn ? rate : 0)
      now = max(0, now + ((isOn ? rate : 0) - out) * hours)
    }
    return (inflow, held)
  }
}
