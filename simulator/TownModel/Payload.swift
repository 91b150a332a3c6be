import Readings

extension Town {
  /// `water/{municipality}/{zone}/{meter}/flow`
  public func topic(_ meter: Int) -> String {
    let m = scenario.meters[meter]
    return "water/\(scenario.municipality)/\(m.zone)/\(m.id)/flow"
  }
}

extension TownReading {
  /// The canonical payload.
  /// - Parameter offset: seconds east of UTC in which the time is written
  public func payload(offset: Int) -> String {
    "{\"ts\":\"\(time.iso8601(offset: offset))\",\"value\":\(value),\"unit\":\"m3/h\",\"seq\":\(sequence)}"
  }
}
