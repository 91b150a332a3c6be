import Readings

extension Town {
  /// `water/{municipality}/{zone}/{meter}/{quantity}`
  public func topic(_ meter: Int) -> String { "water/\(scenario.sensor(meter))" }

  /// The canonical payload of a reading: a totalizer tells what it has counted, a meter with a battery what that holds.
  public func payload(_ r: TownReading) -> String {
    let m = measured(r)
    var shown = r
    shown.value = m.value
    return shown.payload(offset: calendar.offset, unit: m.unit, more: m.battery.map { ",\"battery\":\($0)" } ?? "")
  }

  /// What a reading tells, in the base unit of its quantity; the battery in whole per cent.
  func measured(_ r: TownReading) -> (value: Double, unit: String, battery: Int?) {
    guard r.meter < scenario.meters.count else { return (r.value, scenario.gauges[r.meter - scenario.meters.count].kind.unit, nil) }
    let battery = batteries[r.meter].map { $0.level(day: Double(r.time.since(start)) / 86_400_000) }
    guard let counts = registers[r.meter] else { return (r.value, "m3/h", battery) }
    return (counts[Int(r.sequence)], "m3", battery)
  }
}

extension Scenario {
  /// Meters and gauges.
  public var sensors: Int { meters.count + gauges.count }

  /// `municipality/zone/id/quantity` of a meter or, counted on after the meters, of a gauge.
  public func sensor(_ i: Int) -> String {
    if i >= meters.count {
      let g = gauges[i - meters.count]
      return "\(municipality)/\(g.zone)/\(g.id)/\(g.kind.rawValue)"
    }
    let m = meters[i]
    return "\(municipality)/\(m.zone)/\(m.id)/\(m.isRegister ? "total" : "flow")"
  }
}

extension TownReading {
  /// The canonical payload.
  /// - Parameters:
  ///   - offset: seconds east of UTC in which the time is written
  ///   - more: further fields, each after a comma
  public func payload(offset: Int, unit: String = "m3/h", more: String = "") -> String {
    "{\"ts\":\"\(time.iso8601(offset: offset))\",\"value\":\(value),\"unit\":\"\(unit)\",\"seq\":\(sequence)\(more)}"
  }
}
