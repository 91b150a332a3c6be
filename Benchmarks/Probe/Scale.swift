import Detection
import Glibc
import Readings

/// `scale SENSORS READINGS order|random`: the cost of a reading against the number of sensors, everything else being equal; `minutes …` the
/// same of readings a minute apart.
///
/// Every sensor is a copy of one that has learnt for 60 days, at one of the 24 hours of a day, and settled at its pace. There are up to 960 of
/// these: a processor learns the data of few sensors by heart, and foresees what a real town's would not let it. Time is taken over
/// its next hour: twelve readings (sixty) with one hourly step, and with the daily step for one sensor in 24. Few sensors do that again and
/// again until there are `READINGS`. Readings come in batches of 500. Prints: readings, CPU seconds, bytes of memory at the peak.
struct Scale {
  static let size = 500
  /// Readings by the hour to learn from, more than any window of the detector is long.
  private static let learning = 60 * 24
  /// Sensors that learn, for each hour of the day.
  private static let kinds = 40
  /// Until a new pace is known, and two hours: 4.5 h, in ms.
  private static let settling: Int64 = 16_200_000

  /// ms between the readings of one sensor.
  let interval: Int64
  /// Readings of each sensor in an hour.
  var perHour: Int { Int(3_600_000 / interval) }
  var settled: Int { Int(Scale.settling / interval) }

  func run(sensors: Int, readings: Int, isRandom: Bool) {
    let learners = Scale.learners(for: sensors)
    let state = learn(learners).snapshot()
    let batch = UnsafeMutableBufferPointer<Reading>.allocate(capacity: Scale.size)
    defer { batch.deallocate() }
    var values = Numbers(state: 1)
    var (done, spent, transitions, round) = (0, 0.0, 0, 0)
    while done < readings {
      var town = Scale.town(sensors, of: learners, state, round)
      let total = sensors * perHour
      var n = 0
      while n < total {
        let count = min(Scale.size, total - n)
        for k in 0..<count { batch[k] = reading(n + k, sensors, learners, round, isRandom, &values) }
        let since = Probe.cpuSeconds()
        town.process(UnsafeBufferPointer(rebasing: batch[..<count])) { _ in transitions += 1 }
        spent += Probe.cpuSeconds() - since
        n += count
      }
      done += total
      round += 1
    }
    print(done, spent, Scale.peakBytes())
    Probe.complain("\(transitions) transitions")
  }

  static func learners(for sensors: Int) -> Int { 24 * min(kinds, sensors / 24 + 1) }

  /// A detector with the learners of that state in the first slots, and behind them copies of these, others each round.
  static func town(_ sensors: Int, of learners: Int, _ state: [UInt8], _ round: Int) -> Detector {
    guard var town = try? Detector.restore(state, settings: .init(), calendar: .japan) else { exit(1) }
    for i in 0..<sensors { _ = town.addSensor(SensorProfile(), as: SensorSlot((i + round) % learners)) }
    return town
  }

  /// Of this program alone: what the system tells of an ended process counts the one that started it, until its `exec`.
  private static func peakBytes() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, CInt(line.count), file) != nil {
      guard strncmp(line, "VmHWM:", 6) == 0 else { continue }
      return line.withUnsafeBufferPointer { text in text.baseAddress.map { (Int(strtol($0 + 6, nil, 10))) * 1024 } ?? 0 }
    }
    return 0
  }

  private func reading(
    _ n: Int, _ sensors: Int, _ learners: Int, _ round: Int, _ isRandom: Bool, _ values: inout Numbers
  ) -> Reading {
    let i = Int(Workload.slot(n, of: sensors, isRandom: isRandom))
    let time = time(hour: (i + round) % learners % 24, settled + n / sensors)
    let t = Timestamp(milliseconds: time)
    return Reading(slot: SensorSlot(learners + i), time: t, arrival: t, value: Workload.value(at: time, &values))
  }

  /// ms; reading number `k` at its pace of a sensor that has learnt for 60 days and so many hours.
  func time(hour: Int, _ k: Int) -> Int64 {
    Workload.firstTime + Int64(Scale.learning + hour) * 3_600_000 + Int64(k) * interval
  }

  /// Sensors that have learnt until 24 hours of a day, each from readings of its own.
  func learn(_ sensors: Int) -> Detector {
    var detector = Detector()
    var values = Numbers(state: 2)
    for i in 0..<sensors {
      let hour = i % 24
      let slot = detector.addSensor(SensorProfile())
      for k in 0..<(Scale.learning + hour + settled) {
        let ago = k - Scale.learning - hour
        let time = ago < 0 ? Workload.firstTime + Int64(k) * 3_600_000 : time(hour: hour, ago)
        let t = Timestamp(milliseconds: time)
        let reading = Reading(slot: slot, time: t, arrival: t, value: Workload.value(at: time, &values))
        withUnsafePointer(to: reading) { detector.process(UnsafeBufferPointer(start: $0, count: 1)) { _ in } }
      }
    }
    return detector
  }
}
