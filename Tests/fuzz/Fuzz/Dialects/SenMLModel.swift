import Codecs
import Readings

/// RFC 8428 from a tree, for names that are those of the quantities.
struct SenMLModel {
  let rules: ModelRules
  let quantity: Quantity?
  private var faults = Faults()
  private var base: [String: JSONTree] = [:]
  private var battery: Double?
  private var out: [DeviceReading] = []

  init(_ rules: ModelRules, quantity: Quantity?) {
    self.rules = rules
    self.quantity = quantity
  }

  mutating func verdict(_ tree: JSONTree) -> Verdict {
    guard case .array(let records) = tree else { return .fault(.valueType) }
    if records.isEmpty { return .fault(.payloadEmpty) }
    for (n, r) in records.enumerated() {
      if n >= rules.limits.maximumReadings { faults.blame(.payloadTooLarge) }
      if case .object(let members) = r { record(members) } else { faults.blame(.valueType) }
    }
    if let fault = faults.first ?? (out.isEmpty ? .fieldMissing : nil) { return .fault(fault) }
    if let battery { for i in out.indices { out[i].reading.battery = battery } }
    return .readings(out)
  }

  private mutating func record(_ members: [(key: JSONTree.Text, value: JSONTree)]) {
    var own: [String: JSONTree] = [:]
    for (key, value) in members {
      let name = String(decoding: key.bytes, as: UTF8.self)
      switch name {
      case "bn", "bu", "n", "u":
        if own[name] != nil { faults.blame(.duplicateKey) }
        if case .string = value {} else { faults.blame(.valueType) }
      case "bt", "bv", "bs", "bver", "v", "s", "t", "ut":
        if own[name] != nil { faults.blame(.duplicateKey) }
        if case .number(let text) = value {
          if name == "bver", double(text) > 10 { faults.blame(.fieldUnknown) }
        } else {
          faults.blame(.valueType)
        }
      case "vs", "vb", "vd": if own[name] != nil { faults.blame(.duplicateKey) }
      default:
        if name.hasSuffix("_") { faults.blame(.fieldUnknown) }
        continue
      }
      own[name] = value
      if name.hasPrefix("b") { base[name] = value }
    }
    if faults.first == nil { resolve(own) }
  }

  private mutating func resolve(_ own: [String: JSONTree]) {
    let name = lastPart(own["n"]) ?? lastPart(base["bn"])
    if name == "battery" {
      if let v = number(own["v"]) {
        let sum = v + (number(base["bv"]) ?? 0)
        if sum.isFinite { battery = sum }
      }
      return
    }
    guard let q = name.map({ n in Quantity.allCases.first { $0.name == n } }) ?? quantity else { return }
    let isSum = q == .total && own["v"] == nil && own["s"] != nil
    let value = number(own[isSum ? "s" : "v"])
    let common = number(base[isSum ? "bs" : "bv"]) ?? 0
    guard value != nil || common != 0 else { return }
    var conversion: Unit.Conversion?
    if case .string(let unit)? = own["u"] ?? base["bu"] {
      conversion = unit.bytes.withUnsafeBufferPointer { Unit.conversion($0, for: q) }
      guard conversion != nil else { return faults.blame(.unitUnknown) }
    }
    guard let v = rules.value((value ?? 0) + common, conversion, q, &faults), let t = time(own["t"]) else { return }
    out.append(DeviceReading(q, DecodedReading(time: t, value: v)))
  }

  private func number(_ tree: JSONTree?) -> Double? {
    if case .number(let text)? = tree { double(text) } else { nil }
  }

  private func lastPart(_ tree: JSONTree?) -> String? {
    guard case .string(let text)? = tree else { return nil }
    let part = text.bytes.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }.last ?? []
    return part.isEmpty ? nil : String(decoding: part, as: UTF8.self)
  }

  private mutating func time(_ own: JSONTree?) -> Timestamp? {
    let seconds = (number(base["bt"]) ?? 0) + (number(own) ?? 0)
    guard seconds.isFinite, abs(seconds) < 1e11 else {
      faults.blame(.timestampUnit)
      return nil
    }
    let milliseconds = Int64((seconds * 1000).rounded())
    return rules.time(seconds < 0x1000_0000 ? rules.now.adding(milliseconds: milliseconds) : Timestamp(milliseconds: milliseconds), &faults)
  }
}
