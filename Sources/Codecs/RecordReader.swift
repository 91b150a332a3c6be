import Readings

/// Reads one message: grammar faults end the scan at once, faults of meaning are remembered (the first one) and reported only
/// when the grammar held to the end, so that a broken message always says that it is broken.
struct RecordReader {
  /// Longer decoded names and times are unknown anyway. Fits `municipality/zone/sensor/quantity`.
  static let scratchSize = 256

  var scanner: JSONScanner
  // What a record is checked against. Fields, no struct of them: that would be written piece by piece and copied at once, for which the
  // processor waits.
  let quantity: Quantity
  let allowsReverseFlow: Bool
  let sensor: SensorID?
  let now: Timestamp
  let maximumReadings: Int
  let localOffset: Int?
  /// The times between which one is believed.
  let earliest: Timestamp
  let latest: Timestamp
  let scratch: UnsafeMutableBufferPointer<UInt8>
  private(set) var fault: DecodeError?

  @inline(__always)
  init(
    _ payload: UnsafeBufferPointer<UInt8>, limits: DecodeLimits, quantity: Quantity, sensor: SensorID?, allowsReverseFlow: Bool,
    now: Timestamp, scratch: UnsafeMutableBufferPointer<UInt8>
  ) {
    scanner = JSONScanner(payload)
    self.quantity = quantity
    self.allowsReverseFlow = allowsReverseFlow
    self.sensor = sensor
    self.now = now
    maximumReadings = limits.maximumReadings
    localOffset = limits.localOffset
    earliest = limits.earliest
    latest = Timestamp(milliseconds: now.milliseconds &+ limits.futureTolerance)
    self.scratch = scratch
  }

  @inline(never)
  mutating func blame(_ reason: DecodeError.Reason, at offset: Int) {
    if fault == nil { fault = DecodeError(reason, at: offset) }
  }

  /// Emits as it goes: what an array held before its fault has been emitted when this throws.
  /// - Parameter object: reads an object: `object(depth:needsTime:)`, or a shorter way to the same.
  @inline(__always)
  mutating func message(
    emit: (DecodedReading) -> Void, object: (inout RecordReader, _ depth: Int, _ needsTime: Bool) throws(DecodeError) -> DecodedReading?
  ) throws(DecodeError) {
    scanner.skipWhitespace()
    if scanner.isAtEnd { throw DecodeError(.payloadEmpty, at: 0) }
    if scanner.current == UInt8(ascii: "[") {
      try array(emit: emit, object: object)
      try finish()
    } else {
      let reading = scanner.current == UInt8(ascii: "{") ? try object(&self, 0, false) : try bareNumber()
      try finish()
      if let reading { emit(reading) }
    }
  }

  @inline(__always)
  private mutating func finish() throws(DecodeError) {
    try scanner.expectEnd()
    if let fault { throw fault }
  }

  @inline(__always)
  private mutating func array(
    emit: (DecodedReading) -> Void, object: (inout RecordReader, Int, Bool) throws(DecodeError) -> DecodedReading?
  ) throws(DecodeError) {
    let start = scanner.index
    guard scanner.opens(UInt8(ascii: "]")) else { return blame(.payloadEmpty, at: start) }
    var count = 0
    repeat {
      let at = scanner.index
      count += 1
      if count > maximumReadings { blame(.payloadTooLarge, at: at) }
      if scanner.current == UInt8(ascii: "{") {
        if let reading = try object(&self, 1, true) { emit(reading) }
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
    accept(number.value(in: scanner.bytes), conversion: conversion, quantity: quantity, at: number.start)
  }

  /// The same for a quantity that the payload names, and for a number that was added up.
  @inline(__always)
  mutating func accept(_ raw: Double, conversion: Unit.Conversion?, quantity: Quantity, at offset: Int) -> Double? {
    guard raw.isFinite else {
      blame(.numberRange, at: offset)
      return nil
    }
    let value = RecordReader.converted(raw, conversion)
    if let reason = fault(of: value, quantity) {
      blame(reason, at: offset)
      return nil
    }
    return value
  }

  /// In the base unit. Adding 0 turns −0 into 0.
  @inline(__always)
  static func converted(_ raw: Double, _ conversion: Unit.Conversion?) -> Double { (conversion.map { $0(raw) } ?? raw) + 0 }

  /// Why a value in the base unit is not believed.
  @inline(__always)
  func fault(of value: Double, _ quantity: Quantity) -> DecodeError.Reason? {
    guard DecodeLimits.plausible(quantity).contains(value) else { return .valueRange }
    return value < 0 && quantity == .flow && !allowsReverseFlow ? .negativeFlow : nil
  }
}
