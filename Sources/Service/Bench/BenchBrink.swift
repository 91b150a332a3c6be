import Detection
import Readings

/// After how many readings of a leak its event opens. The detector is deterministic: what one meter shows, all equal meters do.
enum BenchBrink {
  /// A longer wait is given up.
  static let longest = 240

  /// Rounds of leak until `burst` opens, counted from the first one; nil = it does not within `longest`.
  static func rounds(_ series: BenchSeries, profiles: ProfileBook, id: SensorID) -> Int? {
    var detector = Detector(settings: profiles.detector, calendar: profiles.calendar)
    let slot = detector.addSensor(profiles.profile(id) { _ in nil })
    for round in 0..<min(series.rounds, series.leakRound + longest) {
      let time = Timestamp(milliseconds: series.time(round))
      let reading = Reading(
        slot: slot, time: time, arrival: time, value: Double(series.hundredths(0, round)) / 100, sequence: Int64(round))
      var isOpen = false
      withUnsafePointer(to: reading) { p in
        detector.process(UnsafeBufferPointer(start: p, count: 1)) { if $0.kind == .burst, $0.change == .opened { isOpen = true } }
      }
      if isOpen { return round < series.leakRound ? nil : round - series.leakRound + 1 }
    }
    return nil
  }
}
