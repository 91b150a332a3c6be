import Readings

extension RecordReader {
  /// The value in the base unit of a quantity, or nil after blaming it.
  mutating func accept(_ number: JSONNumber, conversion: Unit.Conversion?, quantity: Quantity) -> Double? {
    accept(number.value(in: scanner.bytes), conversion: conversion, quantity: quantity, at: number.start)
  }

  /// The same for a number that was added up.
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
