import Codecs
import Detection
import Glibc
import Readings

/// `arrays SENSORS READINGS SECONDS`: readings decoded and judged, with nothing received or stored: messages of 60 readings so many seconds apart,
/// of sensors that have learnt for 60 days as those of `scale`. Messages of eight sensors are judged together. Time is taken over the sensors' next
/// hour, again and again until there are `READINGS`. Prints: readings, CPU seconds.
struct Arrays {
  private static let length = 60
  private static let together = 8

  let seconds: Int

  func run(sensors: Int, readings: Int) {
    let scale = Scale(interval: Int64(seconds) * 1000)
    let learners = Scale.learners(for: sensors)
    let state = scale.learn(learners).snapshot()
    let decoder = CanonicalDecoder()
    let shapes = RecordShapes()
    var hints = [UInt8](repeating: 0, count: sensors)
    var values = Numbers(state: 1)
    var decoded: [DecodedReading] = []
    var batch: [Reading] = []
    var (done, spent, transitions, faults, round) = (0, 0.0, 0, 0, 0)
    while done < readings {
      var town = Scale.town(sensors, of: learners, state, round)
      for message in 0..<max(1, scale.perHour / Arrays.length) {
        let texts = (0..<sensors).map { text(scale, hour: ($0 + round) % learners % 24, message, &values) }
        let since = Probe.cpuSeconds()
        for first in stride(from: 0, to: sensors, by: Arrays.together) {
          batch.removeAll(keepingCapacity: true)
          for i in first..<min(sensors, first + Arrays.together) {
            decoded.removeAll(keepingCapacity: true)
            let error = texts[i].withUnsafeBufferPointer {
              decoder.decode(
                $0, quantity: .flow, now: Timestamp(milliseconds: 4_000_000_000_000), shapes: shapes, hint: &hints[i], into: &decoded)
            }
            if error != nil || decoded.count != Arrays.length { faults += 1 }
            for d in decoded {
              guard let time = d.time else { continue }
              batch.append(Reading(slot: SensorSlot(learners + i), time: time, arrival: time, value: d.value, sequence: d.sequence))
            }
          }
          batch.withUnsafeBufferPointer { town.process($0) { _ in transitions += 1 } }
        }
        spent += Probe.cpuSeconds() - since
        done += sensors * Arrays.length
      }
      round += 1
    }
    print(done, spent)
    Probe.complain("\(transitions) transitions")
    if faults > 0 { exit(1) }
  }

  private func text(_ scale: Scale, hour: Int, _ message: Int, _ values: inout Numbers) -> [UInt8] {
    Decoding.array(
      (0..<Arrays.length).map { k in
        let at = message * Arrays.length + k
        return Decoding.text(
          Decoding.forms[0], at: Timestamp(milliseconds: scale.time(hour: hour, scale.settled + at)), number: at, &values)
      })
  }
}
