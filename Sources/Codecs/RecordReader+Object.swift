import Readings

/// The fields that a record may have.
enum RecordField: UInt8 {
  case time, value, unit, sequence, battery, sensor, id

  /// - Parameter word: the name's bytes, the first one lowest; a name has seven at most.
  @inline(__always)
  init?(_ word: UInt64) {
    switch word {
    case 0x7374: self = .time  // ts
    case 0x65_756c_6176: self = .value
    case 0x7469_6e75: self = .unit
    case 0x71_6573: self = .sequence  // seq
    case 0x79_7265_7474_6162: self = .battery
    case 0x726f_736e_6573: self = .sensor
    case 0x6469: self = .id
    default: return nil
    }
  }
}

/// What was found in one object, before it is put together.
private struct Fields {
  var seen: UInt8 = 0
  var time: Timestamp?
  var value: JSONNumber?
  var conversion: Unit.Conversion?
  var sequence: Int64 = -1
  var battery: Double?

  /// False when the field was there before.
  mutating func mark(_ f: RecordField) -> Bool {
    let bit = UInt8(1) << f.rawValue
    defer { seen |= bit }
    return seen & bit == 0
  }
}

extension JSONScanner {
  /// The field whose name stands here without escapes; the index is behind its closing quote then. Nil for any other name and near the end of
  /// the payload: nothing has moved then.
  ///
  /// Each length is a constant of its branch: what comes next need not wait until the end of the name is found.
  @inline(__always)
  fileprivate mutating func plainField() -> RecordField? {
    guard index &+ 9 <= bytes.count, bytes[index] == UInt8(ascii: "\""), let base = bytes.baseAddress else { return nil }
    let w = UInt64(littleEndian: UnsafeRawPointer(base).loadUnaligned(fromByteOffset: index &+ 1, as: UInt64.self))
    return plainField(2, w) ?? plainField(5, w) ?? plainField(4, w) ?? plainField(3, w)
  }

  /// The field, if its name has that length. `w`: the eight bytes behind its opening quote.
  @inline(__always)
  private mutating func plainField(_ length: Int, _ w: UInt64) -> RecordField? {
    let bits = UInt64(length &* 8)
    guard UInt8(truncatingIfNeeded: w &>> bits) == UInt8(ascii: "\""), let field = RecordField(w & (1 &<< bits &- 1)) else { return nil }
    index &+= length &+ 2
    return field
  }

  /// The time of the string here, where it is a time to the second with an offset of hours and minutes (25 characters); the index is behind its
  /// closing quote then. Nil for any other: nothing has moved then.
  @inline(__always)
  fileprivate mutating func secondWithOffset() -> Timestamp? {
    guard index &+ 27 <= bytes.count, bytes[index &+ 26] == UInt8(ascii: "\""), let base = bytes.baseAddress,
      let t = Timestamp(iso8601: UnsafeBufferPointer(start: base + (index &+ 1), count: 25))
    else { return nil }
    index &+= 27
    return t
  }
}

extension RecordReader {
  /// One object; nil when something in it was blamed.
  /// - Parameter depth: containers around it.
  mutating func object(depth: Int, needsTime: Bool) throws(DecodeError) -> DecodedReading? {
    let start = scanner.index
    var fields = Fields()
    if scanner.opens(UInt8(ascii: "}")) {
      repeat { try member(into: &fields, depth: depth + 1) } while try scanner.continues(UInt8(ascii: "}"))
    }
    return assemble(fields, start: start, needsTime: needsTime)
  }

  @inline(__always)
  private mutating func assemble(_ fields: Fields, start: Int, needsTime: Bool) -> DecodedReading? {
    guard fault == nil else { return nil }
    guard let number = fields.value, fields.time != nil || !needsTime else {
      blame(.fieldMissing, at: start)
      return nil
    }
    guard let value = accept(number, conversion: fields.conversion) else { return nil }
    return DecodedReading(time: fields.time, value: value, sequence: fields.sequence, battery: fields.battery)
  }

  @inline(__always)
  private mutating func member(into fields: inout Fields, depth: Int) throws(DecodeError) {
    let at = scanner.index
    var name = scanner.plainField()
    if name == nil { name = RecordField(scanner.word(of: try scanner.string(), scratch: scratch)) }
    try scanner.colon()
    guard let field = name else { return try scanner.skipValue(depth: depth) }
    guard fields.mark(field) else {
      blame(.duplicateKey, at: at)
      return try scanner.skipValue(depth: depth)
    }
    let start = scanner.index
    switch scanner.current {
    case UInt8(ascii: "\""):
      if field == .time, let t = scanner.secondWithOffset() {
        fields.time = checked(t, at: start &+ 1)
      } else {
        take(try scanner.string(), as: field, into: &fields)
      }
    case 48...57, UInt8(ascii: "-"): take(try scanner.number(), as: field, into: &fields)
    default:
      let isNull = scanner.current == UInt8(ascii: "n")
      try scanner.skipValue(depth: depth)
      if !isNull || field == .value { refuse(field, at: start) }
    }
  }

  /// A value of a type that the field cannot have.
  private mutating func refuse(_ field: RecordField, at offset: Int) {
    switch field {
    case .time: blame(.timestampSyntax, at: offset)
    case .unit: blame(.unitUnknown, at: offset)
    case .value, .sequence, .sensor, .id: blame(.valueType, at: offset)
    case .battery: break
    }
  }

  @inline(__always)
  private mutating func take(_ s: JSONString, as field: RecordField, into fields: inout Fields) {
    let text = scanner.text(of: s, scratch: scratch)
    switch field {
    case .time: fields.time = time(text, at: s.start)
    case .unit:
      fields.conversion = text.flatMap { Unit.conversion($0, for: quantity) }
      if fields.conversion == nil { blame(.unitUnknown, at: s.start) }
    case .sensor, .id: checkName(text, at: s.start)
    case .value, .sequence, .battery: refuse(field, at: s.start - 1)
    }
  }

  @inline(__always)
  private mutating func take(_ n: JSONNumber, as field: RecordField, into fields: inout Fields) {
    switch field {
    case .time: fields.time = time(n)
    case .value: fields.value = n
    case .sequence:
      if let whole = n.integer, whole >= 0 {
        fields.sequence = whole
      } else {
        let v = n.value(in: scanner.bytes)
        blame(v < 0 || v >= 0x1p63 ? .numberRange : .valueType, at: n.start)
      }
    case .battery:
      let v = n.value(in: scanner.bytes)
      fields.battery = v.isFinite ? v : nil
    case .unit, .sensor, .id: refuse(field, at: n.start)
    }
  }
}
