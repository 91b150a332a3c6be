import Readings

/// One reading of a message along the tree of its map.
struct FieldWalk {
  /// What was found for one target.
  private enum Found {
    case nothing
    case number(JSONNumber)
    case text(JSONString)
  }

  private let decoder: FieldDecoder
  private let targets: FieldTargets
  private var reader: RecordReader
  /// Of the record that is being read; those of the message (signal, device) stay.
  private var found: [Found]
  private var signal: Double?
  private var out: [DeviceReading] = []
  private var records = 0

  init(_ decoder: FieldDecoder, _ reader: RecordReader) {
    self.decoder = decoder
    self.reader = reader
    targets = FieldTargets(decoder.map)
    found = Array(repeating: .nothing, count: targets.count)
  }

  mutating func message() throws(DecodeError) -> [DeviceReading] {
    reader.scanner.skipWhitespace()
    if reader.scanner.isAtEnd { throw DecodeError(.payloadEmpty, at: 0) }
    if reader.scanner.current == UInt8(ascii: "["), decoder.map.each == nil {
      try recordArray(depth: 0)
    } else {
      try value(0, decoder.outer, depth: 0)
      if decoder.map.each == nil { assemble(at: 0) }
      finish(from: 0)
    }
    try reader.scanner.expectEnd()
    if let fault = reader.fault { throw fault }
    guard !out.isEmpty else { throw DecodeError(.fieldMissing, at: 0) }
    return out
  }

  // MARK: - Reading

  private mutating func value(_ node: Int32, _ tree: FieldTree, depth: Int) throws(DecodeError) {
    guard node >= 0 else { return try reader.scanner.skipValue(depth: depth) }
    let here = tree.nodes[Int(node)]
    let at = reader.scanner.index
    switch reader.scanner.current {
    case UInt8(ascii: "{"):
      misfit(here, at: at)
      if here.hasRecords { return try record(depth: depth) }
      if here.children.isEmpty { return try reader.scanner.skipValue(depth: depth) }
      try object(here, tree, depth: depth)
    case UInt8(ascii: "["):
      misfit(here, at: at)
      if here.hasRecords { return try recordArray(depth: depth) }
      if here.element < 0 { return try reader.scanner.skipValue(depth: depth) }
      try array(depth: depth) { (walk, inner) throws(DecodeError) in try walk.value(here.element, tree, depth: inner) }
    default:
      try scalar(here, at: at, depth: depth)
    }
  }

  private mutating func object(_ here: FieldTree.Node, _ tree: FieldTree, depth: Int) throws(DecodeError) {
    guard depth < JSONScanner.maximumDepth else { throw DecodeError(.jsonSyntax, at: reader.scanner.index) }
    guard reader.scanner.opens(UInt8(ascii: "}")) else { return }
    repeat {
      let key = try reader.scanner.string()
      try reader.scanner.colon()
      let child = reader.scanner.text(of: key, scratch: reader.scratch).map { here.child($0) } ?? -1
      try value(child, tree, depth: depth + 1)
    } while try reader.scanner.continues(UInt8(ascii: "}"))
  }

  private mutating func array(
    depth: Int, _ element: (inout FieldWalk, Int) throws(DecodeError) -> Void
  ) throws(DecodeError) {
    guard depth < JSONScanner.maximumDepth else { throw DecodeError(.jsonSyntax, at: reader.scanner.index) }
    guard reader.scanner.opens(UInt8(ascii: "]")) else { return }
    repeat { try element(&self, depth + 1) } while try reader.scanner.continues(UInt8(ascii: "]"))
  }

  private mutating func recordArray(depth: Int) throws(DecodeError) {
    try array(depth: depth) { (walk, inner) throws(DecodeError) in try walk.record(depth: inner) }
  }

  private mutating func record(depth: Int) throws(DecodeError) {
    let at = reader.scanner.index
    records += 1
    if records > decoder.limits.maximumReadings { reader.blame(.payloadTooLarge, at: at) }
    let first = out.count
    for i in 0...targets.sequence { found[i] = .nothing }
    try value(0, decoder.inner, depth: depth)
    assemble(at: at)
    // Within `each`, signal and name are those of the message around the records.
    if decoder.map.each == nil { finish(from: first) }
  }

  private mutating func scalar(_ here: FieldTree.Node, at: Int, depth: Int) throws(DecodeError) {
    guard here.target >= 0 else { return try reader.scanner.skipValue(depth: depth) }
    switch reader.scanner.current {
    case UInt8(ascii: "\""): keep(.text(try reader.scanner.string()), Int(here.target), at: at)
    case 48...57, UInt8(ascii: "-"): keep(.number(try reader.scanner.number()), Int(here.target), at: at)
    default:
      let isNull = reader.scanner.current == UInt8(ascii: "n")
      try reader.scanner.skipValue(depth: depth)
      if !isNull { misfit(here, at: at) }
    }
  }

  /// A value that is neither number nor text where one was expected. For a battery or signal it must not cost a reading.
  private mutating func misfit(_ here: FieldTree.Node, at: Int) {
    let target = Int(here.target)
    guard target >= 0, !(targets.firstBattery..<targets.sequence).contains(target), target != targets.signal else { return }
    reader.blame(.valueType, at: at)
  }

  private mutating func keep(_ new: Found, _ target: Int, at: Int) {
    if target == targets.signal {
      guard let v = number(new)?.value(in: reader.scanner.bytes), (-200...50).contains(v) else { return }
      signal = max(signal ?? v, v)
      return
    }
    if case .nothing = found[target] {
      found[target] = new
    } else {
      reader.blame(.duplicateKey, at: at)
    }
  }

  // MARK: - Putting together

  /// What was found for the record that ends here.
  private mutating func assemble(at start: Int) {
    let time = time()
    let sequence = sequence()
    let battery = battery()
    for (i, v) in decoder.map.values.enumerated() {
      if case .nothing = found[i] { continue }
      guard let number = number(found[i]) else {
        reader.blame(.valueType, at: start)
        continue
      }
      let conversion = v.factor == 1 && v.offset == 0 ? nil : Unit.Conversion(factor: v.factor, offset: v.offset)
      guard
        let value = reader.accept(
          number.value(in: reader.scanner.bytes), conversion: conversion, quantity: v.quantity, at: number.start)
      else { continue }
      out.append(DeviceReading(v.quantity, DecodedReading(time: time, value: value, sequence: sequence, battery: battery)))
    }
  }

  private mutating func time() -> Timestamp? {
    for i in targets.firstTime..<targets.firstBattery {
      switch found[i] {
      case .nothing: continue
      case .number(let n): return reader.time(n)
      case .text(let s):
        // Seconds in quotes are seconds.
        if let n = number(found[i]) { return reader.time(n) }
        return reader.time(reader.scanner.text(of: s, scratch: reader.scratch), at: s.start)
      }
    }
    return nil
  }

  private mutating func sequence() -> Int64 {
    guard decoder.map.sequence != nil else { return -1 }
    if case .nothing = found[targets.sequence] { return decoder.map.omitsZero ? 0 : -1 }
    guard let whole = number(found[targets.sequence])?.integer, whole >= 0 else { return -1 }
    return whole
  }

  private func battery() -> Double? {
    for i in targets.firstBattery..<targets.sequence {
      if let v = number(found[i])?.value(in: reader.scanner.bytes), v.isFinite { return v }
    }
    return nil
  }

  /// A number, also one in quotes.
  private func number(_ f: Found) -> JSONNumber? {
    switch f {
    case .nothing: return nil
    case .number(let n): return n
    case .text(let s):
      var scanner = reader.scanner
      scanner.index = s.start
      guard !s.hasEscapes, s.end > s.start, let n = try? scanner.number(), n.end == s.end else { return nil }
      return n
    }
  }

  /// What stands once in a message holds for its readings, which begin at `first`: their signal is set, its name is checked.
  private mutating func finish(from first: Int) {
    for i in first..<out.count { out[i].signal = signal }
    checkDevice()
    signal = nil
    found[targets.device] = .nothing
  }

  private mutating func checkDevice() {
    guard let sensor = reader.rules.sensor else { return }
    switch found[targets.device] {
    case .nothing: return
    case .text(let s):
      guard let name = reader.scanner.text(of: s, scratch: reader.scratch), name.elementsEqual(sensor.sensor.utf8) else {
        return reader.blame(.sensorMismatch, at: s.start)
      }
    // Devices that are numbered.
    case .number(let n):
      guard reader.scanner.bytes[n.start..<n.end].elementsEqual(sensor.sensor.utf8) else {
        return reader.blame(.sensorMismatch, at: n.start)
      }
    }
  }
}
