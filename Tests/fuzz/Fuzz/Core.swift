import Codecs
import Detection
import Readings

private let sensor = SensorID("ina/nishi/m01/flow")!
private let now = Timestamp(seconds: 1_795_500_000)

/// Either readings within their bounds, or one error with a place in the payload. The first byte chooses quantity and limits.
func fuzzCanonical(_ bytes: [UInt8]) {
  guard let choice = bytes.first else { return }
  let quantity = Quantity.allCases[Int(choice & 7) % Quantity.allCases.count]
  var limits = DecodeLimits()
  if choice & 8 != 0 { limits.maximumReadings = 3 }
  if choice & 16 != 0 { limits.maximumPayload = 64 }
  let payload = Array(bytes.dropFirst())
  var readings: [DecodedReading] = []
  let error = payload.withUnsafeBufferPointer {
    CanonicalDecoder(limits: limits).decode(
      $0, quantity: quantity, sensor: sensor, allowsReverseFlow: choice & 32 != 0, now: now
    ) { readings.append($0) }
  }
  if let error {
    require(readings.isEmpty, "readings beside an error")
    require((0...payload.count).contains(error.offset), "offset \(error.offset) of \(payload.count)")
    return
  }
  require((1...limits.maximumReadings).contains(readings.count), "\(readings.count) readings")
  for r in readings {
    require(DecodeLimits.plausible(quantity).contains(r.value) && r.value.isFinite, "value \(r.value)")
    require(r.sequence >= -1, "sequence \(r.sequence)")
    if let t = r.time {
      require(t >= limits.earliest && t.since(now) <= limits.futureTolerance, "time \(t.milliseconds)")
      // What is written can be read again.
      var again: [DecodedReading] = []
      var text = "{\"ts\":\(t.milliseconds),\"value\":\(r.value)}"
      let other = text.withUTF8 {
        CanonicalDecoder().decode($0, quantity: quantity, sensor: sensor, allowsReverseFlow: true, now: now) { again.append($0) }
      }
      require(other == nil && again.first?.value == r.value && again.first?.time == t, "\(text) read as \(again)")
    }
  }
}

/// A pattern of a line, and topics of the lines after it: no pattern that is accepted traps, and a sensor it finds has a proper name.
func fuzzTopic(_ bytes: [UInt8]) {
  let lines = bytes.split(separator: 10, maxSplits: 8, omittingEmptySubsequences: false)
  let text = String(decoding: lines[0], as: UTF8.self)
  let pattern =
    (try? TopicPattern(text)) ?? (try? TopicPattern(text, municipality: "a", zone: "b", sensor: "c", quantity: .flow))
    ?? (try? TopicPattern(TopicPattern.standardText))
  guard let pattern else { return }
  var table = TopicTable(capacity: 4)
  for line in lines.dropFirst() {
    Array(line).withUnsafeBufferPointer { topic in
      if case .sensor(let id) = pattern.match(topic) {
        require(SensorID(id.description) == id, "\(id) is no name")
      }
      if table.slot(of: topic) == nil, table.insert(topic, slot: 7) { require(table.slot(of: topic) == 7, "the topic is not found") }
    }
  }
}

/// A snapshot that is damaged is refused; one that is accepted comes out as it went in, and the detector works on.
func fuzzCheckpoint(_ bytes: [UInt8]) {
  let settings = DetectorSettings()
  try? check(bytes, settings)
  // The same bytes as edits of a good one: without that the checksum would end nearly every try.
  guard bytes.count >= 4 else { return }
  var good = snapshot
  for i in stride(from: 0, to: min(bytes.count - 3, 64), by: 4) {
    let place = (Int(bytes[i]) << 16 | Int(bytes[i + 1]) << 8 | Int(bytes[i + 2])) % good.count
    good[place] ^= bytes[i + 3]
  }
  try? check(good, settings)
}

private func check(_ bytes: [UInt8], _ settings: DetectorSettings) throws {
  var detector = try Detector.restore(bytes, settings: settings, calendar: .japan)
  require(detector.snapshot() == bytes, "a snapshot that was restored differs")
  let r = Reading(slot: 0, time: now, arrival: now, value: 12, sequence: 1)
  withUnsafePointer(to: r) { detector.process(UnsafeBufferPointer(start: $0, count: 1)) { _ in } }
  detector.advance(to: now.adding(seconds: 86_400)) { _ in }
}

/// A detector that has learnt for 20 days.
private let snapshot: [UInt8] = {
  var detector = Detector(settings: DetectorSettings(), calendar: .japan)
  _ = detector.addSensor(SensorProfile(quantity: .flow, group: 1))
  for n in 0..<(20 * 144) {
    let time = Timestamp(seconds: 1_760_000_000 + Int64(n) * 600)
    let r = Reading(slot: 0, time: time, arrival: time, value: 10 + Double((n * 7) % 5), sequence: Int64(n))
    withUnsafePointer(to: r) { detector.process(UnsafeBufferPointer(start: $0, count: 1)) { _ in } }
  }
  return detector.snapshot()
}()
