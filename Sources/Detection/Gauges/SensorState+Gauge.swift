import Readings

extension SensorState {
  var isGauge: Bool { profile.quantity >= Quantity.pressure.rawValue }

  /// Takes a valid reading of a gauge: hands it on, and learns what pressure usually is at each hour.
  mutating func followGauge(_ value: Float, time: Int64, _ j: Judgement) {
    guard isGauge else { return }
    j.shown.pointee.append(time, value)
    guard profile.quantity == Quantity.pressure.rawValue else { return }
    if time >= hour.end {
      if hour.hour != Int64.min { finishGaugeHour(j) }
      let h = j.localHour(time)
      hour.start(h, end: j.time(ofLocalHour: h + 1), ahead: Int64.max)
    }
    hour.add(value)
  }

  /// Ends an hour of a gauge. Days enter as those of a meter do, after two days.
  private mutating func finishGaugeHour(_ j: Judgement) {
    let day = Int32(clamping: hour.hour >= 0 ? hour.hour / 24 : (hour.hour - 23) / 24)
    if day != baseline.day {
      if baseline.day != Int32.min, baseline.endDay(mayWait: true, mayEnter: true) { baseline.refit(&noise, j.tuning, j.scratch) }
      baseline.day = day
      baseline.todayType = j.calendar.pointee.dayType(ofDay: Int(day)).rawValue
    }
    // A gauge of 0 stands: what has fallen and stands is not usual.
    if !profile.isFallen { baseline.today[Int(hour.hour - Int64(day) * 24)] = hour.mean }
  }
}
