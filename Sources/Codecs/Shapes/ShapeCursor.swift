import Readings

/// Reads the places of a record of known shape from left to right. Each function passes over what it read, or says that the scanner must.
///
/// A value apart from `RecordReader`, few words long, so that the compiler keeps it in registers.
struct ShapeCursor {
  let base: UnsafeRawPointer
  /// Bytes of the payload, at least eight.
  let end: Int
  /// Where the record begins.
  let start: Int
  private(set) var at: Int

  @inline(__always)
  init(_ base: UnsafeRawPointer, end: Int, at: Int) {
    (self.base, self.end) = (base, end)
    (start, self.at) = (at, at)
  }

  @inline(__always)
  mutating func move(to index: Int) { at = index }

  // MARK: - Literals

  /// - Parameter text: the literal; eight bytes before it may be read.
  @inline(__always)
  mutating func literal(_ text: UnsafeRawPointer, _ step: ShapeStep) -> Bool {
    let count = Int(step.literal)
    guard at &+ count <= end else { return false }
    var i = 0
    while i &+ 8 < count {
      if load(at &+ i) != text.loadUnaligned(fromByteOffset: i, as: UInt64.self) { return false }
      i &+= 8
    }
    // The last eight bytes; what lies before the literal is shifted out.
    let last = at &+ count &- 8
    if last < 0 {
      // The first literal of a payload, too short for that: `RecordReader.shaped` has compared it.
      guard at == start else { return false }
    } else {
      let x = load(last) ^ text.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      guard UInt64(littleEndian: x) &>> UInt64(truncatingIfNeeded: step.surplus) == 0 else { return false }
    }
    at &+= count
    return true
  }

  // MARK: - Times

  /// `YYYY-MM-DDTHH:MM:SS`, with a fraction where the shape has one. Hour 24 and second 60 are left to the scanner.
  @inline(__always)
  mutating func time(_ shape: UnsafeMutablePointer<RecordShape>, digits: UInt8) -> Int64? {
    guard at &+ 19 <= end else { return nil }
    // Against `00:00:00`, as `TimeCursor` does it.
    let x = UInt64(littleEndian: load(at &+ 11)) ^ 0x3030_3a30_303a_3030
    guard ((x &+ 0x7676_7f76_767f_7676) | x) & 0x8080_8080_8080_8080 == 0 else { return nil }
    let pairs = x &* 10 &+ x >> 8
    let (h, m, s) = (pairs & 0xff, pairs >> 24 & 0xff, pairs >> 48 & 0xff)
    guard h <= 23, m <= 59, s <= 59 else { return nil }
    let clock = Int64(truncatingIfNeeded: h &* 3600 &+ m &* 60 &+ s) &* 1000
    let date = (load(at), load(at &+ 3))
    if date.0 != shape.pointee.date.0 || date.1 != shape.pointee.date.1 {
      let text = UnsafeBufferPointer(start: (base + at).assumingMemoryBound(to: UInt8.self), count: 19)
      guard ShapeCursor.learn(date, text, clock, shape) else { return nil }
    }
    at &+= 19
    let time = shape.pointee.midnight &+ clock
    guard digits > 0 else { return time }
    return fraction(Int(digits)).map { time &+ $0 }
  }

  /// Another day than the last record's.
  @inline(never)
  private static func learn(
    _ date: (UInt64, UInt64), _ text: UnsafeBufferPointer<UInt8>, _ clock: Int64, _ shape: UnsafeMutablePointer<RecordShape>
  ) -> Bool {
    guard let local = Timestamp(iso8601: text, defaultOffset: 0) else { return false }
    shape.pointee.date = date
    shape.pointee.midnight = local.milliseconds &- clock &- shape.pointee.zone
    return true
  }

  /// A point and so many digits, in whole milliseconds.
  private mutating func fraction(_ digits: Int) -> Int64? {
    guard at &+ digits < end, byte(at) == 0x2e else { return nil }
    var (scale, milliseconds): (Int64, Int64) = (100, 0)
    for i in (at &+ 1)...(at &+ digits) {
      let d = byte(i) &- 48
      guard d <= 9 else { return nil }
      milliseconds &+= Int64(d) &* scale
      scale /= 10
    }
    at &+= digits &+ 1
    return milliseconds
  }

  // MARK: - Numbers

  /// - Parameter tens: 10^0 … 10^6.
  @inline(__always)
  mutating func number(_ tens: UnsafePointer<Double>) -> Double? {
    if let short = ShortNumber(eight()) {
      at &+= short.count
      // Both operands are exact, so the one operation rounds correctly.
      let magnitude = Double(short.significand) / tens[short.decimals]
      return short.isNegative ? -magnitude : magnitude
    }
    guard let long = long() else { return nil }
    return long.value(in: bytes)
  }

  /// A whole number from 0.
  @inline(__always)
  mutating func counter() -> Int64? {
    if let short = ShortNumber(eight()), short.decimals == 0, !short.isNegative {
      at &+= short.count
      return Int64(truncatingIfNeeded: short.significand)
    }
    guard let whole = long()?.integer, whole >= 0 else { return nil }
    return whole
  }

  @inline(never)
  private mutating func long() -> JSONNumber? {
    var scanner = JSONScanner(bytes)
    scanner.index = at
    guard let n = try? scanner.number() else { return nil }
    at = n.end
    return n
  }

  // MARK: - Bytes

  private var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: end) }

  private func byte(_ i: Int) -> UInt8 { base.load(fromByteOffset: i, as: UInt8.self) }

  @inline(__always)
  private func load(_ i: Int) -> UInt64 { base.loadUnaligned(fromByteOffset: i, as: UInt64.self) }

  /// The next eight bytes, the first one lowest; 0 behind the payload.
  @inline(__always)
  private func eight() -> UInt64 {
    let missing = at &+ 8 &- end
    return missing <= 0
      ? UInt64(littleEndian: load(at)) : UInt64(littleEndian: load(at &- missing)) >> UInt64(truncatingIfNeeded: missing &* 8)
  }
}
