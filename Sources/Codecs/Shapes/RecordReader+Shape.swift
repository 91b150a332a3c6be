import Readings

extension RecordReader {
  /// Reads the record at the scanner's index as one of a shape, if it is one that would be accepted, and passes over it.
  ///
  /// Literals are compared byte by byte; what varies is read by the rules of the scanner, and checked by them. A literal behind a number
  /// begins with no byte that could go on with it, and one behind a string with its quote. So the scanner would find the same tokens here
  /// as in the record that the shape is from, and the same fields.
  /// - Returns: nil, with nothing changed that matters, whenever something is not as the shape says or would not be accepted: the scanner
  ///   tells what it is.
  /// - Complexity: O(bytes of the record). Allocates nothing, but for numbers of more than 19 digits or extreme powers of ten.
  @inline(__always)
  mutating func shaped(_ shapes: RecordShapes, _ place: Int, needsTime: Bool) -> DecodedReading? {
    let shape = shapes.shapes + place
    let start = scanner.index
    guard let bytes = scanner.bytes.baseAddress, shape.pointee.leastBytes <= scanner.bytes.count &- start else { return nil }
    let base = UnsafeRawPointer(bytes)
    let first = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    guard (first ^ shape.pointee.first) & shape.pointee.firstMask == 0, shape.pointee.quantity == quantity,
      shape.pointee.hasTime || !needsTime, shape.pointee.localOffset == localOffset
    else { return nil }
    return read(shapes, place, ShapeCursor(base, end: scanner.bytes.count, at: start))
  }

  @inline(__always)
  private mutating func read(_ shapes: RecordShapes, _ place: Int, _ begin: ShapeCursor) -> DecodedReading? {
    let shape = shapes.shapes + place
    var cursor = begin
    var (step, text) = (UnsafePointer(shapes.steps(of: place)), UnsafeRawPointer(shapes.text(of: place)))
    var out = DecodedReading(time: nil, value: 0)
    while cursor.literal(text, step.pointee) {
      switch step.pointee.place {
      case .end:
        guard fault(of: out.value, quantity) == nil else { return nil }
        scanner.index = cursor.at
        return out
      case .time:
        guard let time = cursor.time(shape, digits: step.pointee.digits).map(Timestamp.init(milliseconds:)), believes(time) else {
          return nil
        }
        out.time = time
      case .value:
        guard let raw = cursor.number(shapes.tens), raw.isFinite else { return nil }
        out.value = RecordReader.converted(raw, shape.pointee.conversion)
      case .sequence:
        guard let whole = cursor.counter() else { return nil }
        out.sequence = whole
      case .battery:
        guard let level = cursor.number(shapes.tens) else { return nil }
        out.battery = level.isFinite ? level : nil
      case .unixTime:
        guard let time = cursor.number(shapes.tens).flatMap(RecordReader.unixTime), believes(time) else { return nil }
        out.time = time
      case .otherNumber:
        guard cursor.number(shapes.tens) != nil else { return nil }
      case .name, .otherString:
        guard let next = string(from: cursor.at, isName: step.pointee.place == .name) else { return nil }
        cursor.move(to: next)
      }
      text += Int(step.pointee.literal)
      step += 1
    }
    return nil
  }

  @inline(__always)
  private mutating func believes(_ t: Timestamp) -> Bool { t >= earliest && t <= latest }

  /// Where the string that begins at `start`, behind its quote, ends; nil where it is none, or a name that is not the sensor's.
  @inline(never)
  private mutating func string(from start: Int, isName: Bool) -> Int? {
    var scanner = JSONScanner(scanner.bytes)
    // The quote before it belongs to the literal.
    scanner.index = start - 1
    guard let s = try? scanner.string() else { return nil }
    guard isName else { return s.end }
    return scanner.text(of: s, scratch: scratch).map { isAccepted(name: $0) } ?? false ? s.end : nil
  }
}
