extension TownScore: Encodable {
  private enum Key: String, CodingKey {
    case events, found, detectionRate = "detection_rate", falseAlarms = "false_alarms", perYear = "false_alarms_per_sensor_year"
    case sensorYears = "sensor_years", kinds, causes, faults, common, strayFaults = "other_faults"
  }

  private struct KindLine: Encodable {
    var events: Int
    var found: Int
    var median_hours: Double?
    var longest_hours: Double?

    init(_ f: Found) { (events, found, median_hours, longest_hours) = (f.events, f.found, f.medianHours, f.hours.last) }
  }

  public func encode(to encoder: any Encoder) throws {
    var c = encoder.container(keyedBy: Key.self)
    try c.encode(events, forKey: .events)
    try c.encode(found, forKey: .found)
    try c.encodeIfPresent(detectionRate, forKey: .detectionRate)
    try c.encode(falseAlarms, forKey: .falseAlarms)
    try c.encodeIfPresent(falseAlarmsPerSensorYear, forKey: .perYear)
    try c.encode(sensorYears, forKey: .sensorYears)
    try c.encode(leaks.mapValues(KindLine.init), forKey: .kinds)
    try c.encode(causes, forKey: .causes)
    try c.encode(faults.mapValues(KindLine.init), forKey: .faults)
    try c.encode(common.mapValues(KindLine.init), forKey: .common)
    try c.encode(strayFaults, forKey: .strayFaults)
  }
}
