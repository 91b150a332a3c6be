import Readings

/// What a record is checked against.
struct RecordRules {
  let limits: DecodeLimits
  let quantity: Quantity
  let sensor: SensorID?
  let allowsReverseFlow: Bool
  let now: Timestamp
}

/// Reads one message: grammar faults end the scan at once, faults of meaning are remembered (the first one) and reported only
/// when the grammar held to the end, so that a broken message always says that it is broken.
struct RecordReader {
  /// Longer decoded names and times are unknown anyway. Fits `municipality/zone/sensor/quantity`.
  static let scratchSize = 256

  var scanner: JSONScanner
  let rules: RecordRules
  let scratch: UnsafeMutableBufferPointer<UInt8>
  private(set) var fault: DecodeError?

  init(_ payload: UnsafeBufferPointer<UInt8>, rules: RecordRules, scratch: UnsafeMutableBufferPointer<UInt8>) {
    scanner = JSONScanner(payload)
    self.rules = rules
    self.scratch = scratch
  }

  @inline(never)
  mutating func blame(_ reason: DecodeError.Reason, at offset: Int) {
    if fault == nil { fault = DecodeError(reason, at: offset) }
  }

  /// Emits as it goes: what an array held before its fault has been emitted when this throws.
  @inline(__always)
  mutating func message(emit: (DecodedReading) -> Void) throws(DecodeError) {
    scanner.skipWhitespace()
    if scanner.isAtEnd { throw DecodeError(.payloadEmpty, at: 0) }
    if scanner.current == UInt8(ascii: "[") {
      try array(emit: emit)
      try finish()
    } else {
      let reading = scanner.current == UInt8(ascii: "{") ? try object(depth: 0, needsTime: false) : try bareNumber()
      try finish()
      if let reading { emit(reading) }
    }
  }

  @inline(__always)
  private mutating func finish() throws(DecodeError) {
    try scanner.expectEnd()
    if let fault { throw fault }
  }

  private mutating func array(emit: (DecodedReading) -> Void) throws(DecodeError) {
    let start = scanner.index
    guard scanner.opens(UInt8(ascii: "]")) else { return blame(.payloadEmpty, at: start) }
    var count = 0
    repeat {
      let at = scanner.index
      count += 1
      if count > rules.limits.maximumReadings { blame(.payloadTooLarge, at: at) }
      if scanner.current == UInt8(ascii: "{") {
        if let reading = try object(depth: 1, needsTime: true) { emit(reading) }
      } else {
        let isNumber = isNumberStart(scanner.current)
        try scanner.skipValue(depth: 1)
        blame(isNumber ? .fieldMissing : .valueType, at: at)
      }
    } while try scanner.continues(UInt8(ascii: "]"))
  }

  private mutating func bareNumber() throws(DecodeError) -> DecodedReading? {
    let at = scanner.index
    guard isNumberStart(scanner.current) else {
      try scanner.skipValue(depth: 0)
      blame(.valueType, at: at)
      return nil
    }
    let number = try scanner.number()
    return accept(number, conversion: nil).map { DecodedReading(time: nil, value: $0) }
  }

  private func isNumberStart(_ c: UInt8) -> Bool { (c >= 48 && c <= 57) || c == UInt8(ascii: "-") }

  /// The value in the base unit, or nil after blaming it.
  @inline(__always)
  mutating func accept(_ number: JSONNumber, conversion: Unit.Conversion?) -> Double? {
    accept(number.value(in: scanner.bytes), conversion: conversion, quantity: rules.quantity, at: number.start)
  }

  /// The same for a quantity that the payload names, and for a number that was added up.
  @inline(__always)
  mutating func accept(_ raw: Double, conversion: Unit.Conversion?, quantity: Quantity, at offset: Int) -> Double? {
    guard raw.isFinite else {
      blame(.numberRange, at: offset)
      return nil
    }
    // Adding 0 turns −0 into 0.
    let value = (conversion.map { $0(raw) } ?? raw) + 0
    guard DecodeLimits.plausible(quantity).contains(value) else {
      blame(.valueRange, at: offset)
      return nil
    }
    if value < 0, quantity == .flow, !rules.allowsReverseFlow {
      blame(.negativeFlow, at: offset)
      return nil
    }
    return value
  }
}
