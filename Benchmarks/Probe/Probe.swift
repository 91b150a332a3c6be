import Detection
import Glibc
import Readings
import Store

/// The commands of Reference/reference.c on the project's own code, and `receive PORT COUNT` as Reference/subscriber.c.
/// Prints: operations, seconds (of `decode`, `core`, `scale`, `minutes` and `arrays` CPU seconds; of `receive` both).
@main
enum Probe {
  static func main() throws {
    let a = CommandLine.arguments
    switch (a.dropFirst().first, a.count) {
    case ("core-batches", 5), ("core-batches", 6):
      let isByTime = a.count == 6 && a[5] == "times"
      Batches.run(sensors: max(1, Int(a[2]) ?? 1), days: max(1, Int(a[3]) ?? 1), isRandom: a[4] == "random", times: isByTime)
    case ("decode", 3): Decoding.canonical(Int(a[2]) ?? 0)
    case ("decode", 4): Decoding.run(Int(a[2]) ?? 0, what: a[3])
    case ("core", 5): core(sensors: max(1, Int(a[2]) ?? 1), readings: Int(a[3]) ?? 0, isRandom: a[4] == "random")
    case ("scale", 5), ("minutes", 5):
      let scale = Scale(interval: a[1] == "minutes" ? 60_000 : Workload.interval)
      scale.run(sensors: max(1, Int(a[2]) ?? 1), readings: Int(a[3]) ?? 0, isRandom: a[4] == "random")
    case ("arrays", 5): Arrays(seconds: max(1, Int(a[4]) ?? 1)).run(sensors: max(1, Int(a[2]) ?? 1), readings: Int(a[3]) ?? 0)
    case ("history", 4): try History.run(days: max(1, Int(a[2]) ?? 1), directory: a[3])
    case ("commit", 5): try commit(rows: Int(a[2]) ?? 0, batch: max(1, Int(a[3]) ?? 1), directory: a[4])
    case ("writing", 5): try Writing.run(batch: max(1, Int(a[2]) ?? 1), commits: max(1, Int(a[3]) ?? 1), directory: a[4])
    case ("receive", 4): try Receiver.run(port: Int(a[2]) ?? 0, count: Int(a[3]) ?? 0)
    case ("record", 2): print(Detector.bytesPerSensor)
    default:
      complain(
        "usage: probe decode N [shape|array|array-shape|senders|senders-shape|senders-one|senml|stack|chirpstack|fields] | core|scale|minutes SENSORS READINGS order|random | "
          + "arrays SENSORS READINGS SECONDS | core-batches SENSORS DAYS order|random [times] | history DAYS DIRECTORY | "
          + "commit ROWS BATCH DIRECTORY | "
          + "writing BATCH COMMITS DIRECTORY | receive PORT COUNT | record")
      exit(64)
    }
  }

  private static func core(sensors: Int, readings: Int, isRandom: Bool) {
    var detector = Detector()
    for _ in 0..<sensors { _ = detector.addSensor(SensorProfile()) }
    var values = Numbers(state: 1)
    var transitions = 0
    var since = 0.0
    let first = Workload.warmUp * sensors
    for n in 0..<(first + readings) {
      if n == first { since = cpuSeconds() }
      let time = Timestamp(milliseconds: Workload.time(n / sensors))
      let slot = SensorSlot(Workload.slot(n, of: sensors, isRandom: isRandom))
      let value = Workload.value(at: time.milliseconds, &values)
      let reading = Reading(slot: slot, time: time, arrival: time, value: value)
      withUnsafePointer(to: reading) { p in
        detector.process(UnsafeBufferPointer(start: p, count: 1)) { _ in transitions += 1 }
      }
    }
    print(readings, cpuSeconds() - since)
    complain("\(transitions) transitions")
  }

  private static func commit(rows: Int, batch: Int, directory: String) throws {
    let store = try Store(directory: directory)
    var values = Numbers(state: 1)
    var pending = IngestBatch()
    for slot in 0..<1000 {
      guard let id = SensorID(municipality: "town", zone: "z", sensor: "m\(slot)", quantity: .flow) else { exit(1) }
      pending.newSensors.append((SensorSlot(slot), id))
    }
    let since = seconds()
    for n in 0..<rows {
      let time = Timestamp(milliseconds: Workload.firstTime + Int64(n / 1000) * Workload.interval)
      let value = Workload.value(at: time.milliseconds, &values)
      let reading = Reading(slot: SensorSlot(n % 1000), time: time, arrival: time, value: value, sequence: Int64(n / 1000))
      pending.entries.append(.reading(reading))
      if pending.entries.count == batch || n == rows - 1 {
        try store.commit(pending)
        pending.removeAll()
      }
    }
    print(rows, seconds() - since)
    store.close()
  }

  static func complain(_ text: String) {
    var line = text + "\n"
    _ = line.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Monotonic.
  static func seconds() -> Double { clock(CLOCK_MONOTONIC) }

  /// CPU time of this thread: what other programs do meanwhile does not count, but for what they leave in the caches.
  static func cpuSeconds() -> Double { clock(CLOCK_THREAD_CPUTIME_ID) }

  private static func clock(_ id: clockid_t) -> Double {
    var t = timespec()
    clock_gettime(id, &t)
    return Double(t.tv_sec) + Double(t.tv_nsec) * 1e-9
  }
}
