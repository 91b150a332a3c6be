import Codecs
import Readings
import TestSupport
import Testing

/// Broken bytes of every kind: never a trap, and always either readings or one code with a place in the payload.
@Suite struct MutationTests {
  static let seeds: [UInt64] = [1, 2, 3, 4]

  static let corpus: [[UInt8]] = [
    #"{"ts":"2026-11-23T10:00:00+09:00","value":12.34,"unit":"m3/h","seq":7,"battery":98}"#,
    #"[{"ts":1795395600,"value":1.5e-3},{"ts":1795395600250,"value":0.30000000000000004,"unit":"m\u00b3/h"}]"#,
    #"{"sensor":"ina/nishi/m01","id":"m01","x":{"a":[true,false,null,"\ud83d\udca7"]},"value":3}"#,
    "12.5", "-0.0e+10", "[]", #"{"水":"漏れ","value":123456789012345678901234567890e-25}"#,
  ].map { Array($0.utf8) }

  static let tokens: [[UInt8]] = [
    "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u", "null", "NaN", "1e400", "\"ts\":", "\"value\":", "-", "e", ".",
  ]
  .map { Array($0.utf8) }

  static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let at = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &random)
      case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 0...6, using: &random)))
      case 3: bytes.insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: at)
      case 4: bytes.removeSubrange(at...)
      default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 12)], at: Int.random(in: 0...bytes.count, using: &random))
      }
    }
  }

  @Test(arguments: seeds) func neverTraps(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var counts: [String: Int] = [:]
    for _ in 0..<50_000 {
      var bytes = Self.corpus.randomElement(using: &random) ?? []
      Self.mutate(&bytes, &random)
      let quantity = Quantity.allCases.randomElement(using: &random) ?? .flow
      let outcome = decode(bytes, quantity: quantity)
      counts[outcome.code, default: 0] += 1
      let isSound = outcome.error.map { outcome.readings.isEmpty && (0...bytes.count).contains($0.offset) } ?? !outcome.readings.isEmpty
      let isPlausible = outcome.readings.allSatisfy { DecodeLimits.plausible(quantity).contains($0.value) && $0.sequence >= -1 }
      guard isSound, isPlausible else {
        Issue.record("seed \(seed): \(bytes) gave \(outcome)")
        return
      }
    }
    // The mutations must reach both sides and most codes, or the test proves little.
    #expect(counts[""] ?? 0 > 1000)
    #expect(counts["json_syntax"] ?? 0 > 1000)
    #expect(counts.count > 8)
  }

  /// Every prefix of a valid message is a syntax error at its end (or a fault of its own where a prefix is whole).
  @Test(arguments: corpus.prefix(3)) func truncation(_ message: [UInt8]) {
    #expect(decode(message).error == nil)
    for n in 1..<message.count {
      let outcome = decode(Array(message[..<n]))
      #expect(outcome.error == DecodeError(.jsonSyntax, at: n))
    }
  }
}
