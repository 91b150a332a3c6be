/// A pump that fills a tank: on or off, whatever is used behind the tank.
enum Pump {
  /// Of the mean flow.
  private static let strength = 1.6

  /// What flows into the tank, m³/h: on below a quarter, off when it is full.
  /// - Parameters:
  ///   - tank: m³
  ///   - flow: out of the tank, m³/h
  static func fills(_ tank: Double, from flow: [Double], interval: Int) -> [Double] {
    let rate = strength * flow.reduce(0, +) / Double(max(1, flow.count))
    let hours = Double(interval) / 3600
    var held = tank / 2
    var isOn = false
    return flow.map { out in
      if held < tank / 4 { isOn = true } else if held >= tank { isOn = false }
      held = max(0, held + ((isOn ? rate : 0) - out) * hours)
      return isOn ? rate : 0
    }
  }
}
