import Codecs
import Readings
import TestSupport
import Testing

/// Shapes only save time: whatever comes, what is decoded with them is what the scanner decodes.
@Suite struct ShapeTests {
  /// One stream of many senders, all by one table of shapes, with mutated messages, arrays and changing rules between.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func sameAsTheScanner(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let senders = (0..<24).map { _ in Sender(&random) }
    let shapes = RecordShapes()
    var hints = [UInt8](repeating: 0, count: senders.count)
    var accepted = 0
    var codes: Set<String> = []
    for _ in 0..<12_000 {
      let n = Int.random(in: 0..<senders.count, using: &random)
      var bytes = senders[n].message(&random)
      if Int.random(in: 0..<4, using: &random) == 0 { MutationTests.mutate(&bytes, &random) }
      let rules = Rules(&random)
      let expected = rules.scan(bytes)
      let found = rules.shaped(bytes, shapes, &hints[n])
      accepted += expected.error == nil ? 1 : 0
      codes.insert(expected.code)
      guard found.error == expected.error, isSame(found.readings, expected.readings) else {
        Issue.record("seed \(seed): \(String(decoding: bytes, as: UTF8.self)) gave \(found) instead of \(expected)")
        return
      }
    }
    #expect(accepted > 3000)
    #expect(codes.count > 8)
  }

  /// Near misses of one shape, each behind a message that teaches it.
  @Test(arguments: [
    #"{"ts":"2026-11-23T24:00:00Z","value":12.34,"seq":7}"#, #"{"ts":"2026-11-23T09:59:60Z","value":12.34,"seq":7}"#,
    #"{"ts":"2026-02-29T00:00:00Z","value":12.34,"seq":7}"#, #"{"ts":"2024-02-29T00:00:00Z","value":12.34,"seq":7}"#,
    #"{"ts":"2026-13-01T00:00:00Z","value":12.34,"seq":7}"#, #"{"ts":"2026-11-2aT00:00:00Z","value":12.34,"seq":7}"#,
    #"{"ts":"2026-11-22 23:00:00Z","value":12.34,"seq":7}"#, #"{"ts":"2026-11-22T23:00:00.5Z","value":12.34,"seq":7}"#,
    #"{"ts":"2026-11-22T23:00:00,5Z","value":12.34,"seq":7}"#, #"{"ts":"2026-11-22T23:00:00.1234567891Z","value":12.34,"seq":7}"#,
    #"{"ts":"2026-11-23T09:00:00+09:00","value":12.34,"seq":7}"#, #"{"ts":"1999-12-31T23:59:59Z","value":12.34,"seq":7}"#,
    #"{"ts":"2026-11-23T02:00:00Z","value":12.34,"seq":7}"#, #"{"ts":"2026-11-23T00:60:00Z","value":12.34,"seq":7}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":012.3,"seq":7}"#, #"{"ts":"2026-11-23T00:00:00Z","value":-0,"seq":7}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":-0.5,"seq":7}"#, #"{"ts":"2026-11-23T00:00:00Z","value":1e3,"seq":7}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":1.5e-3,"seq":7}"#, #"{"ts":"2026-11-23T00:00:00Z","value":1e400,"seq":7}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":1.,"seq":7}"#, #"{"ts":"2026-11-23T00:00:00Z","value":.5,"seq":7}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":1.2.3,"seq":7}"#, #"{"ts":"2026-11-23T00:00:00Z","value":0.30000000000000004,"seq":7}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":1234567.891,"seq":7}"#, #"{"ts":"2026-11-23T00:00:00Z","value":1000000,"seq":7}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":1000001,"seq":7}"#, #"{"ts":"2026-11-23T00:00:00Z","value":"12","seq":7}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":7.0}"#, #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":7.5}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":-1}"#, #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":9223372036854775808}"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":null}"#, #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":7} "#,
    #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":7}x"#, #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":7"#,
    #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":7,"seq":8}"#, #"{"ts":"2026-11-23T00:00:00Z","value":12.34,"val":7}"#,
    #"[{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":7},{"value":12.34,"seq":7}]"#,
    #"[{"ts":"2026-11-23T00:00:00Z","value":1,"seq":7},]"#,
    #"[{"ts":"2026-11-23T00:00:00Z","value":12.34,"seq":7},{"ts":"2026-11-22T00:00:00Z","value":99999999,"seq":7}]"#,
  ]) func nearMiss(_ text: String) {
    let shapes = RecordShapes()
    var hint: UInt8 = 0
    let rules = Rules()
    for known in [#"{"ts":"2026-11-23T00:30:00Z","value":5,"seq":6}"#, #"{"value":5,"seq":6}"#] {
      #expect(rules.shaped(Array(known.utf8), shapes, &hint).error == nil)
    }
    let expected = rules.scan(Array(text.utf8))
    for _ in 0..<3 {
      let found = rules.shaped(Array(text.utf8), shapes, &hint)
      #expect(found.error == expected.error)
      #expect(isSame(found.readings, expected.readings))
    }
  }

  /// Sixteen senders in turn: each is learnt once, and none pushes another out.
  @Test func learntOnce() {
    let forms = (0..<16).map { n in "{\"ts\":\"@Z\",\"value\":#,\"seq\":#,\"x\(n)\":#}" }
    let shapes = RecordShapes()
    var hints = [UInt8](repeating: 0, count: forms.count)
    for k in 0..<200 {
      for (n, form) in forms.enumerated() {
        let time = Timestamp(seconds: 1_795_000_000 + Int64(k) * 600).iso8601(offset: 0).dropLast()
        let text = form.replacing("@", with: time).replacing("#", with: "\(k)")
        let found = Rules().shaped(Array(text.utf8), shapes, &hints[n])
        #expect(found.readings.map(\.value) == [Double(k)])
      }
    }
    #expect(shapes.learnt == 16)
  }

  /// A sender that writes no two records alike is given up, but for a try now and then.
  @Test func strangeSender() {
    let shapes = RecordShapes()
    var hint: UInt8 = 0
    for k in 0..<1600 {
      let text = "{\"key\(k)\":1,\"value\":\(k)}"
      #expect(Rules().shaped(Array(text.utf8), shapes, &hint).readings.map(\.value) == [Double(k)])
    }
    #expect((16...250).contains(shapes.learnt))
  }

  /// An error in an array leaves what the caller had.
  @Test func arrayIsAllOrNothing() {
    let shapes = RecordShapes()
    var hint: UInt8 = 0
    let good = #"{"ts":"2026-11-23T00:30:00Z","value":5}"#
    var out = [DecodedReading(time: nil, value: .pi)]
    for (text, count) in [("[\(good),\(good)]", 3), ("[\(good),{\"value\":5}]", 3), ("[\(good),\(good)", 3), ("[\(good)]", 4)] {
      _ = Array(text.utf8).withUnsafeBufferPointer {
        CanonicalDecoder().decode($0, quantity: .flow, now: tokyoNow, shapes: shapes, hint: &hint, into: &out)
      }
      #expect(out.count == count)
    }
  }
}

/// Bit for bit.
private func isSame(_ a: [DecodedReading], _ b: [DecodedReading]) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { x, y in
      x.time == y.time && x.value.bitPattern == y.value.bitPattern && x.sequence == y.sequence
        && x.battery?.bitPattern == y.battery?.bitPattern
    }
}

/// What messages are decoded by.
private struct Rules {
  var limits = DecodeLimits()
  var quantity = Quantity.flow
  var sensor: SensorID? = meter
  var allowsReverseFlow = false

  init() {}

  init(_ random: inout SeededGenerator) {
    quantity = Int.random(in: 0..<3, using: &random) > 0 ? .flow : Quantity.allCases.randomElement(using: &random) ?? .flow
    sensor = Bool.random(using: &random) ? meter : nil
    allowsReverseFlow = Bool.random(using: &random)
    limits.localOffset = Bool.random(using: &random) ? 32_400 : nil
    if Int.random(in: 0..<8, using: &random) == 0 { limits.maximumReadings = 2 }
  }

  func scan(_ bytes: [UInt8]) -> Outcome {
    var outcome = Outcome()
    outcome.error = bytes.withUnsafeBufferPointer {
      CanonicalDecoder(limits: limits).decode(
        $0, quantity: quantity, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: tokyoNow, into: &outcome.readings)
    }
    return outcome
  }

  func shaped(_ bytes: [UInt8], _ shapes: RecordShapes, _ hint: inout UInt8) -> Outcome {
    var outcome = Outcome()
    outcome.error = bytes.withUnsafeBufferPointer {
      CanonicalDecoder(limits: limits).decode(
        $0, quantity: quantity, sensor: sensor, allowsReverseFlow: allowsReverseFlow, now: tokyoNow, shapes: shapes, hint: &hint,
        into: &outcome.readings)
    }
    return outcome
  }
}

/// Writes records by a form of its own, with values of every kind.
private struct Sender {
  private enum Part {
    case literal(String)
    case time(suffix: String)
    case unixTime, value, sequence, battery, other
  }

  private var parts: [Part] = []
  private let blank: String

  init(_ random: inout SeededGenerator) {
    blank = Int.random(in: 0..<4, using: &random) == 0 ? " " : ""
    var members: [[Part]] = [[.literal("\"value\":"), .value]]
    let suffix = ["Z", "+09:00", "+0900", "-0330", ".125Z", ",125Z", ".000000+09:00", ""].randomElement(using: &random) ?? "Z"
    switch Int.random(in: 0..<6, using: &random) {
    case 0: break
    case 1: members.append([.literal("\"ts\":"), .unixTime])
    default: members.append([.literal("\"ts\":\""), .time(suffix: suffix), .literal("\"")])
    }
    let others: [[Part]] = [
      [.literal("\"seq\":"), .sequence], [.literal("\"battery\":"), .battery], [.literal("\"x\":"), .other],
      [.literal("\"unit\":\"" + (["m3/h", "l/s", "m³/h", "m\\u00b3/h", "kPa", "L/min"].randomElement(using: &random) ?? "") + "\"")],
      [.literal(#""id":"m01""#)], [.literal(#""sensor":"ina/nishi/m01""#)], [.literal(#""sensor":"m02""#)], [.literal(#""水":"漏れ\n""#)],
      [.literal(#""ok":true"#)], [.literal(#""unit":null"#)], [.literal(#""a":[1,{"b":null}]"#)],
    ]
    for o in others where Int.random(in: 0..<3, using: &random) == 0 { members.append(o) }
    members.shuffle(using: &random)
    parts.append(.literal("{" + blank))
    for (n, m) in members.enumerated() {
      if n > 0 { parts.append(.literal("," + blank)) }
      parts += m
    }
    parts.append(.literal(blank + "}"))
  }

  /// A record, or an array of some.
  func message(_ random: inout SeededGenerator) -> [UInt8] {
    guard Int.random(in: 0..<3, using: &random) == 0 else { return Array(record(&random).utf8) }
    let records = (0..<Int.random(in: 0...4, using: &random)).map { _ in record(&random) }
    return Array(("[" + blank + records.joined(separator: "," + blank) + "]").utf8)
  }

  private func record(_ random: inout SeededGenerator) -> String {
    parts.map { part in
      switch part {
      case .literal(let text): text
      case .time(let suffix):
        Timestamp(seconds: 1_795_395_600 - Int64.random(in: 0..<200_000, using: &random)).iso8601(offset: 0).dropLast() + suffix
      case .unixTime: "\(1_795_395_600 - Int64.random(in: 0..<200_000, using: &random))"
      case .value: Sender.number(&random)
      case .sequence:
        Int.random(in: 0..<8, using: &random) == 0 ? Sender.number(&random) : "\(UInt32.random(in: 0...9_999_999, using: &random))"
      case .battery: Int.random(in: 0..<8, using: &random) == 0 ? #""low""# : Sender.number(&random)
      case .other: Int.random(in: 0..<4, using: &random) == 0 ? #""\ud83d\udca7""# : Sender.number(&random)
      }
    }.joined()
  }

  private static let rare = [
    "-0", "0", "-0.0", "0.00", "1e400", "00", "1000001", "99999999", "12345678.5", "0.30000000000000004",
  ]

  private static func number(_ random: inout SeededGenerator) -> String {
    let whole = UInt32.random(in: 0...999, using: &random)
    let fraction = UInt32.random(in: 0...99_999, using: &random)
    return switch Int.random(in: 0..<16, using: &random) {
    case 0: "-\(whole).\(fraction)"
    case 1: "\(whole)e\(Int.random(in: -4...4, using: &random))"
    case 2: rare.randomElement(using: &random) ?? "0"
    case 3...6: "\(whole)"
    default: "\(whole).\(fraction)"
    }
  }
}
