import Readings

extension RecordReader {
  /// Reads the record at the scanner's index, which has not the shape at `place`: by another shape, which `place` then names, or by the
  /// scanner; then its shape is learnt where it has one.
  @inline(never)
  mutating func unshaped(
    _ shapes: RecordShapes, _ place: inout Int, depth: Int, needsTime: Bool
  ) throws(DecodeError) -> DecodedReading? {
    for other in 0..<RecordShapes.capacity where other != place {
      guard let reading = shaped(shapes, other, needsTime: needsTime) else { continue }
      place = other
      return reading
    }
    let start = scanner.index
    guard let reading = try object(depth: depth, needsTime: needsTime) else { return nil }
    if shapes.mayLearn() {
      var scanner = scanner
      scanner.index = start
      var learner = ShapeLearner(scanner, quantity: quantity, localOffset: localOffset, scratch: scratch)
      if let new = learner.learn(into: shapes) { place = new }
    }
    return reading
  }
}

/// Finds the shape of a record that was accepted.
private struct ShapeLearner {
  private var scanner: JSONScanner
  private let quantity: Quantity
  private let localOffset: Int?
  private let scratch: UnsafeMutableBufferPointer<UInt8>
  private var shape = RecordShape()
  private var steps: [ShapeStep] = []
  private var text: [UInt8] = []
  private var least = 0
  /// Where the present literal begins.
  private var from: Int

  init(_ scanner: JSONScanner, quantity: Quantity, localOffset: Int?, scratch: UnsafeMutableBufferPointer<UInt8>) {
    self.scanner = scanner
    self.quantity = quantity
    self.localOffset = localOffset
    self.scratch = scratch
    from = scanner.index
    shape.quantity = quantity
    shape.localOffset = localOffset
  }

  /// - Returns: its place; nil for a record with nested values, too many fields, or a time of a rare form.
  mutating func learn(into shapes: RecordShapes) -> Int? {
    do {
      _ = scanner.opens(UInt8(ascii: "}"))
      repeat {
        guard try member() else { return nil }
      } while try scanner.continues(UInt8(ascii: "}"))
    } catch {
      return nil
    }
    guard end(.end, at: scanner.index, next: scanner.index), let head = steps.first else { return nil }
    let count = min(8, Int(head.literal))
    shape.first = text.prefix(count).firstWord
    shape.firstMask = count == 8 ? .max : 1 << UInt64(count * 8) - 1
    shape.leastBytes = least
    let place = shapes.place()
    shapes.shapes[place] = shape
    shapes.steps(of: place).update(from: steps, count: steps.count)
    shapes.text(of: place).copyMemory(from: text, byteCount: text.count)
    return place
  }

  /// Ends the literal at `at`, where a place begins; the next literal begins at `next`. False when the table has no room for it.
  private mutating func end(_ place: ShapeStep.Place, at: Int, next: Int, digits: Int = 0) -> Bool {
    guard steps.count < RecordShape.mostSteps, text.count + at - from <= RecordShape.mostText else { return false }
    steps.append(ShapeStep(place, literal: at - from, digits: digits))
    text.append(contentsOf: scanner.bytes[from..<at])
    least += at - from
    from = next
    return true
  }

  private mutating func member() throws(DecodeError) -> Bool {
    let key = try scanner.string()
    try scanner.colon()
    let field = RecordField(scanner.word(of: key, scratch: scratch))
    let start = scanner.index
    switch scanner.current {
    case UInt8(ascii: "\""): return take(try scanner.string(), as: field)
    case 48...57, UInt8(ascii: "-"):
      let number = try scanner.number()
      return end(place(ofNumber: field), at: start, next: number.end)
    case UInt8(ascii: "{"), UInt8(ascii: "["): return false
    default:
      try scanner.skipValue(depth: 0)
      return true
    }
  }

  private mutating func place(ofNumber field: RecordField?) -> ShapeStep.Place {
    switch field {
    case .value: return .value
    case .sequence: return .sequence
    case .battery: return .battery
    case .time:
      shape.hasTime = true
      return .unixTime
    case .unit, .sensor, .id, nil: return .otherNumber
    }
  }

  private mutating func take(_ s: JSONString, as field: RecordField?) -> Bool {
    switch field {
    case .unit:
      shape.conversion = scanner.text(of: s, scratch: scratch).flatMap { Unit.conversion($0, for: quantity) }
      return true
    case .time: return takeTime(s)
    case .sensor, .id: return end(.name, at: s.start, next: s.end)
    case .value, .sequence, .battery, nil: return end(.otherString, at: s.start, next: s.end)
    }
  }

  /// The usual form alone: `YYYY-MM-DDTHH:MM:SS`, perhaps a point and up to nine digits, and whatever names the offset.
  private mutating func takeTime(_ s: JSONString) -> Bool {
    guard !s.hasEscapes, s.end - s.start >= 19, scanner.bytes[s.start + 16] == UInt8(ascii: ":") else { return false }
    let all = UnsafeBufferPointer(rebasing: scanner.bytes[s.start..<s.end])
    // A fraction behind a comma would pass for a part of the offset.
    guard all.count == 19 || all[19] != UInt8(ascii: ",") else { return false }
    let local = UnsafeBufferPointer(rebasing: all[..<19])
    guard let time = Timestamp(iso8601: all, defaultOffset: localOffset),
      let clock = Timestamp(iso8601: local, defaultOffset: 0)
    else { return false }
    var digits = 0
    if all.count > 20, all[19] == UInt8(ascii: ".") { digits = all[20...].prefix { $0 &- 48 <= 9 }.count }
    guard digits <= 9 else { return false }
    shape.hasTime = true
    // Milliseconds of the fraction belong to no offset; offsets are whole minutes.
    shape.zone = clock.milliseconds - (time.milliseconds - ((time.milliseconds % 1000 + 1000) % 1000))
    least += 19
    return end(.time, at: s.start, next: s.start + 19 + (digits == 0 ? 0 : digits + 1), digits: digits)
  }
}
