import Readings

/// What holds for the records that follow (RFC 8428, 4.1).
private struct Base {
  var name: JSONString?
  var time = 0.0
  var unit: JSONString?
  var value = 0.0
  var sum = 0.0
}

/// One record's own fields (4.2).
private struct Record {
  var name: JSONString?
  var time: JSONNumber?
  var unit: JSONString?
  var value: JSONNumber?
  var sum: JSONNumber?
  /// One bit a field, for doubled ones.
  var seen: UInt32 = 0
}

/// The fields, with their place in `Record.seen`.
private enum Label: UInt32 {
  case bn, bt, bu, bv, bs, bver, n, u, v, vs, vb, vd, s, t, ut

  /// - Parameter word: the name's bytes, the first one lowest; a name has four at most.
  @inline(__always)
  init?(_ word: UInt64) {
    switch word {
    case 0x6e62: self = .bn
    case 0x7462: self = .bt
    case 0x7562: self = .bu
    case 0x7662: self = .bv
    case 0x7362: self = .bs
    case 0x7265_7662: self = .bver
    case 0x6e: self = .n
    case 0x75: self = .u
    case 0x76: self = .v
    case 0x7376: self = .vs
    case 0x6276: self = .vb
    case 0x6476: self = .vd
    case 0x73: self = .s
    case 0x74: self = .t
    case 0x7475: self = .ut
    default: return nil
    }
  }
}

/// One reading of a SenML pack.
struct SenMLPack {
  /// Times below this are relative to now (4.5.3).
  private static let firstAbsoluteTime = 268_435_456.0
  private static let newestVersion = 10.0

  private let names: NameTable.View
  /// Of records without a name.
  private let quantity: Quantity?
  private let maximumReadings: Int
  private var reader: RecordReader
  private var base = Base()
  /// Holds nothing but while a pack is read.
  private var out: [DeviceReading] = []
  private var battery: Double?

  init(_ names: NameTable.View, _ quantity: Quantity?, _ reader: RecordReader, _ maximumReadings: Int) {
    self.names = names
    self.quantity = quantity
    self.reader = reader
    self.maximumReadings = maximumReadings
  }

  /// Appends what the pack holds.
  mutating func read(into all: inout [DeviceReading]) throws(DecodeError) {
    swap(&out, &all)
    defer { swap(&out, &all) }
    let first = out.count
    reader.scanner.skipWhitespace()
    if reader.scanner.isAtEnd { throw DecodeError(.payloadEmpty, at: 0) }
    guard reader.scanner.current == UInt8(ascii: "[") else {
      try reader.scanner.skipValue(depth: 0)
      try reader.scanner.expectEnd()
      throw DecodeError(.valueType, at: 0)
    }
    try records()
    try reader.scanner.expectEnd()
    if let fault = reader.fault { throw fault }
    guard out.count > first else { throw DecodeError(.fieldMissing, at: 0) }
    if let battery { for i in first..<out.count { out[i].reading.battery = battery } }
  }

  private mutating func records() throws(DecodeError) {
    guard reader.scanner.opens(UInt8(ascii: "]")) else { return reader.blame(.payloadEmpty, at: 0) }
    var count = 0
    repeat {
      let at = reader.scanner.index
      count += 1
      if count > maximumReadings { reader.blame(.payloadTooLarge, at: at) }
      if reader.scanner.current == UInt8(ascii: "{") {
        try record(at: at)
      } else {
        try reader.scanner.skipValue(depth: 1)
        reader.blame(.valueType, at: at)
      }
    } while try reader.scanner.continues(UInt8(ascii: "]"))
  }

  private mutating func record(at start: Int) throws(DecodeError) {
    var r = Record()
    if reader.scanner.opens(UInt8(ascii: "}")) {
      repeat { try member(&r) } while try reader.scanner.continues(UInt8(ascii: "}"))
    }
    if reader.fault == nil { resolve(r, at: start) }
  }

  private mutating func member(_ r: inout Record) throws(DecodeError) {
    let at = reader.scanner.index
    let key = try reader.scanner.string()
    try reader.scanner.colon()
    guard let label = Label(reader.scanner.word(of: key, scratch: reader.scratch)) else {
      // RFC 8428, 4.4: such a field must be understood.
      let last = reader.scanner.text(of: key, scratch: reader.scratch)?.last
      if last == UInt8(ascii: "_") { reader.blame(.fieldUnknown, at: at) }
      return try reader.scanner.skipValue(depth: 2)
    }
    if r.seen >> label.rawValue & 1 == 1 { reader.blame(.duplicateKey, at: at) }
    r.seen |= 1 << label.rawValue
    try take(label, &r, at: reader.scanner.index)
  }

  private mutating func take(_ label: Label, _ r: inout Record, at: Int) throws(DecodeError) {
    switch label {
    case .bn, .bu, .n, .u:
      guard reader.scanner.current == UInt8(ascii: "\"") else { return try refuse(at) }
      let s = try reader.scanner.string()
      switch label {
      case .bn: base.name = s
      case .bu: base.unit = s
      case .n: r.name = s
      default: r.unit = s
      }
    case .bt, .bv, .bs, .bver, .v, .s, .t, .ut:
      guard reader.scanner.current &- 48 <= 9 || reader.scanner.current == UInt8(ascii: "-") else { return try refuse(at) }
      let number = try reader.scanner.number()
      let value = number.value(in: reader.scanner.bytes)
      switch label {
      case .bt: base.time = value
      case .bv: base.value = value
      case .bs: base.sum = value
      case .bver: if value > SenMLPack.newestVersion { reader.blame(.fieldUnknown, at: at) }
      case .v: r.value = number
      case .s: r.sum = number
      case .t: r.time = number
      default: break
      }
    case .vs, .vb, .vd: try reader.scanner.skipValue(depth: 2)
    }
  }

  private mutating func refuse(_ at: Int) throws(DecodeError) {
    try reader.scanner.skipValue(depth: 2)
    reader.blame(.valueType, at: at)
  }

  // MARK: - Meaning

  private mutating func resolve(_ r: Record, at start: Int) {
    let name = lastPart(r.name) ?? lastPart(base.name)
    let meaning = name.map { names.find($0) }
    if meaning == SenMLDecoder.battery {
      if let v = r.value?.value(in: reader.scanner.bytes), (v + base.value).isFinite { battery = v + base.value }
      return
    }
    guard let quantity = meaning.map({ $0 < 0 ? nil : Quantity(rawValue: UInt8($0)) }) ?? quantity else { return }
    // 4.2: base value and value are added, so a record may have only one of them.
    let isSum = quantity == .total && r.value == nil && r.sum != nil
    let own = (isSum ? r.sum : r.value)?.value(in: reader.scanner.bytes)
    let common = isSum ? base.sum : base.value
    guard own != nil || common != 0 else { return }
    var conversion: Unit.Conversion?
    if let unit = r.unit ?? base.unit {
      conversion = reader.scanner.text(of: unit, scratch: reader.scratch).flatMap { Unit.conversion($0, for: quantity) }
      guard conversion != nil else { return reader.blame(.unitUnknown, at: unit.start) }
    }
    guard let value = reader.accept((own ?? 0) + common, conversion: conversion, quantity: quantity, at: start),
      let time = time(r.time, at: start)
    else { return }
    out.append(DeviceReading(quantity, DecodedReading(time: time, value: value)))
  }

  /// Behind the last `/` or `:`; nil where nothing is left.
  private mutating func lastPart(_ s: JSONString?) -> UnsafeBufferPointer<UInt8>? {
    guard let s, let text = reader.scanner.text(of: s, scratch: reader.scratch) else { return nil }
    var from = text.count
    while from > 0, text[from &- 1] != UInt8(ascii: "/"), text[from &- 1] != UInt8(ascii: ":") { from &-= 1 }
    return from < text.count ? UnsafeBufferPointer(rebasing: text[from...]) : nil
  }

  /// Base time and time together; small ones count from now.
  private mutating func time(_ own: JSONNumber?, at start: Int) -> Timestamp? {
    let seconds = base.time + (own?.value(in: reader.scanner.bytes) ?? 0)
    guard seconds.isFinite, abs(seconds) < 1e11 else {
      reader.blame(.timestampUnit, at: own?.start ?? start)
      return nil
    }
    let milliseconds = Int64((seconds * 1000).rounded())
    let time =
      seconds < SenMLPack.firstAbsoluteTime ? reader.now.adding(milliseconds: milliseconds) : Timestamp(milliseconds: milliseconds)
    return reader.checked(time, at: own?.start ?? start)
  }
}
