import Codecs
import Readings

/// A map of fields on a tree.
struct FieldModel {
  let rules: ModelRules
  let map: FieldMap
  private var faults = Faults()
  private var out: [DeviceReading] = []
  private var records = 0

  /// What was found at the paths of one record or message. Where two stand at one place, the one before holds.
  private struct Found {
    var values: [Int: JSONTree] = [:]
    var times: [Int: JSONTree] = [:]
    var batteries: [Int: JSONTree] = [:]
    var sequence: JSONTree?
    var device: JSONTree?
    var signal: Double?
  }

  private enum Place { case value(Int), time(Int), battery(Int), sequence, signal, device }

  init(_ rules: ModelRules, map: FieldMap) {
    self.rules = rules
    self.map = map
  }

  mutating func verdict(_ tree: JSONTree) -> Verdict {
    if map.each == nil, case .array(let items) = tree {
      for item in items { record(item, isMessage: true) }
    } else {
      var message = Found()
      walk(tree, [], isInner: map.each == nil, &message)
      if map.each == nil { assemble(message, from: 0) }
      finish(message, from: 0)
    }
    if let fault = faults.first ?? (out.isEmpty ? .fieldMissing : nil) { return .fault(fault) }
    return .readings(out)
  }

  private mutating func record(_ tree: JSONTree, isMessage: Bool) {
    records += 1
    if records > rules.limits.maximumReadings { faults.blame(.payloadTooLarge) }
    var found = Found()
    let from = out.count
    walk(tree, [], isInner: true, &found)
    assemble(found, from: from)
    if isMessage { finish(found, from: from) }
  }

  // MARK: - Finding

  private mutating func walk(_ tree: JSONTree, _ path: [String], isInner: Bool, _ found: inout Found) {
    let here = path.joined(separator: ".")
    if !isInner, here == map.each?.description {
      switch tree {
      case .object: return record(tree, isMessage: false)
      case .array(let items): return items.forEach { record($0, isMessage: false) }
      default: break
      }
    }
    if let place = place(here, isInner: isInner) { take(tree, place, &found) }
    switch tree {
    case .object(let members):
      for (key, value) in members {
        // A dot or a star in a key can be no step of a path.
        let name = String(decoding: key.bytes, as: UTF8.self)
        walk(value, path + [name.contains(".") || name == "*" ? "\0" : name], isInner: isInner, &found)
      }
    case .array(let items): for item in items { walk(item, path + ["*"], isInner: isInner, &found) }
    default: break
    }
  }

  private func place(_ here: String, isInner: Bool) -> Place? {
    if isInner {
      if let i = map.values.firstIndex(where: { $0.path.description == here }) { return .value(i) }
      if let i = map.times.firstIndex(where: { $0.description == here }) { return .time(i) }
      if let i = map.batteries.firstIndex(where: { $0.description == here }) { return .battery(i) }
      if map.sequence?.description == here { return .sequence }
    }
    guard !isInner || map.each == nil else { return nil }
    if map.signal?.description == here { return .signal }
    return map.device?.description == here ? .device : nil
  }

  private mutating func take(_ tree: JSONTree, _ place: Place, _ found: inout Found) {
    // Absent.
    if tree.isNull { return }
    var isScalar = false
    switch tree {
    case .number, .string: isScalar = true
    default: break
    }
    func keep(_ old: inout JSONTree?) {
      if !isScalar { return faults.blame(.valueType) }
      if old != nil { return faults.blame(.duplicateKey) }
      old = tree
    }
    switch place {
    case .value(let i): keep(&found.values[i])
    case .time(let i): keep(&found.times[i])
    case .battery(let i): if isScalar { keep(&found.batteries[i]) }
    case .sequence: keep(&found.sequence)
    case .device: keep(&found.device)
    case .signal: if let v = number(tree).map(double), (-200...50).contains(v) { found.signal = max(found.signal ?? v, v) }
    }
  }

  // MARK: - Meaning

  /// The digits of a number, also of one in quotes.
  private func number(_ tree: JSONTree?) -> String? {
    switch tree {
    case .number(let text): text
    case .string(let text): text.number
    default: nil
    }
  }

  private mutating func assemble(_ found: Found, from: Int) {
    let time = time(found)
    let sequence = found.sequence == nil && map.omitsZero && map.sequence != nil ? 0 : number(found.sequence).flatMap(wholeNumber) ?? -1
    let battery = map.batteries.indices.compactMap { number(found.batteries[$0]).map(double) }.first { $0.isFinite }
    for (i, v) in map.values.enumerated() {
      guard let tree = found.values[i] else { continue }
      guard let text = number(tree) else {
        faults.blame(.valueType)
        continue
      }
      let conversion = v.factor == 1 && v.offset == 0 ? nil : Unit.Conversion(factor: v.factor, offset: v.offset)
      if let value = rules.value(double(text), conversion, v.quantity, &faults) {
        out.append(DeviceReading(v.quantity, DecodedReading(time: time, value: value, sequence: max(sequence, -1), battery: battery)))
      }
    }
  }

  private mutating func time(_ found: Found) -> Timestamp? {
    guard let tree = map.times.indices.compactMap({ found.times[$0] }).first else { return nil }
    if let text = number(tree) {
      let v = double(text)
      if v < 1e11 { return rules.time(Timestamp(milliseconds: Int64((max(v, -1e11) * 1000).rounded())), &faults) }
      if v >= 946_684_800_000, v < 1e14 { return rules.time(Timestamp(milliseconds: Int64(v.rounded())), &faults) }
      faults.blame(.timestampUnit)
      return nil
    }
    guard case .string(let text) = tree, let t = text.bytes.withUnsafeBufferPointer({ Timestamp(iso8601: $0) }) else {
      faults.blame(.timestampSyntax)
      return nil
    }
    return rules.time(t, &faults)
  }

  /// Signal and name are the message's.
  private mutating func finish(_ found: Found, from: Int) {
    for i in from..<out.count { out[i].signal = found.signal }
    switch found.device {
    case .string(let name): if !name.is(rules.sensor.sensor) { faults.blame(.sensorMismatch) }
    case .number(let digits): if digits != rules.sensor.sensor { faults.blame(.sensorMismatch) }
    default: break
    }
  }
}
