import Codecs
import Glibc
import Readings

/// What a reading costs to decode.
enum Decoding {
  /// The one message of Reference/reference.c, by the scanner alone.
  static func canonical(_ n: Int) {
    let decoder = CanonicalDecoder()
    var sum = 0.0
    var faults = 0
    let since = Probe.cpuSeconds()
    Array(Workload.payload.utf8).withUnsafeBufferPointer { bytes in
      for _ in 0..<n {
        if decoder.decode(bytes, quantity: .flow, now: Workload.payloadNow, emit: { sum += $0.value }) != nil { faults += 1 }
      }
    }
    print(n, Probe.cpuSeconds() - since)
    if faults > 0 || sum <= 0 { exit(1) }
  }

  /// - Parameters:
  ///   - n: readings; of dialects messages.
  ///   - what: `shape`: the one message with the shape remembered; `array`: 60 readings a message, a minute apart; `senders`: messages of
  ///     sixteen senders in turn; both by the scanner, with `-shape` by shapes, with `-one` by shapes without knowing whose message it is.
  static func run(_ n: Int, what: String) {
    switch what {
    case "shape": pool([Array(Workload.payload.utf8)], readings: 1, n, .each)
    case "array": pool(arrays(), readings: 60, n, .scanner)
    case "array-shape": pool(arrays(), readings: 60, n, .each)
    case "senders": pool(senders(), readings: 1, n, .scanner)
    case "senders-shape": pool(senders(), readings: 1, n, .each)
    case "senders-one": pool(senders(), readings: 1, n, .one)
    default: dialect(n, what)
    }
  }

  private enum Way { case scanner, each, one }

  private static func pool(_ messages: [[UInt8]], readings: Int, _ n: Int, _ way: Way) {
    let decoder = CanonicalDecoder()
    let shapes = RecordShapes()
    var hints = [UInt8](repeating: 0, count: way == .one ? 1 : min(messages.count, forms.count))
    var out: [DecodedReading] = []
    var (sum, faults, at, place) = (0.0, 0, 0, 0)
    let since = Probe.cpuSeconds()
    for _ in 0..<n / readings {
      out.removeAll(keepingCapacity: true)
      let error = messages[at].withUnsafeBufferPointer { bytes in
        way == .scanner
          ? decoder.decode(bytes, quantity: .flow, now: Workload.payloadNow, into: &out)
          : decoder.decode(bytes, quantity: .flow, now: Workload.payloadNow, shapes: shapes, hint: &hints[place], into: &out)
      }
      if error != nil || out.count != readings { faults += 1 }
      sum += out[0].value
      at = at + 1 == messages.count ? 0 : at + 1
      place = place + 1 == hints.count ? 0 : place + 1
    }
    print(n / readings * readings, Probe.cpuSeconds() - since)
    if faults > 0 || sum <= 0 { exit(1) }
  }

  private static func dialect(_ n: Int, _ name: String) {
    guard let example = DialectExample.all.first(where: { $0.name == name }) else { exit(64) }
    var out: [DeviceReading] = []
    var readings = 0
    var sum = 0.0
    let since = Probe.cpuSeconds()
    Array(example.text.utf8).withUnsafeBufferPointer { bytes in
      for _ in 0..<n {
        out.removeAll(keepingCapacity: true)
        _ = example.decoder.decode(bytes, sensor: example.sensor, now: DialectExample.now, into: &out)
        readings += out.count
        sum += out[0].reading.value
      }
    }
    print(n, Probe.cpuSeconds() - since)
    if readings != n * example.readings || sum <= 0 { exit(1) }
  }

  // MARK: - Messages

  /// As sixteen makes of gateways write a reading: T a time for UTC, L for Tokyo, U Unix seconds, V a value, N a counter, B a battery.
  static let forms = [
    #"{"ts":"L+09:00","value":V,"unit":"m3/h","seq":N}"#, #"{"ts":"TZ","value":V}"#, #"{"value":V,"ts":U}"#,
    #"{"ts":U,"value":V,"seq":N}"#, #"{"ts":"T.000Z","value":V,"unit":"m3/h"}"#, #"{"seq":N,"ts":"L+09:00","value":V,"battery":B}"#,
    #"{ "ts": "L+09:00", "value": V, "unit": "m3/h" }"#, #"{"id":"m01","ts":"TZ","value":V,"seq":N}"#,
    #"{"value":V,"unit":"l/s","ts":"L+0900"}"#, #"{"ts":"L+09:00","value":V,"unit":"l/min","battery":B,"seq":N}"#,
    #"{"rssi":-87,"ts":"TZ","value":V,"snr":5.2}"#, #"{"ts":"T+00:00","value":V,"status":"ok"}"#,
    #"{"unit":"m3/h","value":V,"seq":N,"ts":U}"#,
    #"{"sensor":"m01","value":V,"ts":"L+09:00","unit":"m3/h"}"#, #"{"ts":"L.5+09:00","value":V}"#,
    #"{"battery":B,"value":V,"ts":"TZ","seq":N}"#,
  ]

  private static let first: Int64 = 1_795_000_020_000

  /// 64 messages of each sender in turn, five minutes apart.
  private static func senders() -> [[UInt8]] {
    var values = Numbers(state: 1)
    return (0..<1024).map { n in
      let k = n / forms.count
      return Array(text(forms[n % forms.count], at: Timestamp(milliseconds: first + Int64(k) * 300_000), number: k, &values).utf8)
    }
  }

  /// 64 messages of 60 readings a minute apart.
  private static func arrays() -> [[UInt8]] {
    var values = Numbers(state: 1)
    return (0..<64).map { m in
      array(
        (0..<60).map { k in
          let n = m * 60 + k
          return text(forms[0], at: Timestamp(milliseconds: first + Int64(n) * 60_000), number: n, &values)
        })
    }
  }

  static func array(_ records: [String]) -> [UInt8] { Array(("[" + records.joined(separator: ",") + "]").utf8) }

  /// A record in that form.
  static func text(_ form: String, at time: Timestamp, number k: Int, _ values: inout Numbers) -> String {
    let hundredths = Int(Workload.value(at: time.milliseconds, &values) * 100)
    let fraction = hundredths % 100
    var out = ""
    for c in form {
      switch c {
      case "T": out += time.iso8601(offset: 0).dropLast()
      case "L": out += time.iso8601(offset: 32_400).prefix(19)
      case "U": out += "\(time.seconds)"
      case "V": out += "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
      case "N": out += "\(100_000 + k)"
      case "B": out += "\(90 - k % 7)"
      default: out.append(c)
      }
    }
    return out
  }
}
