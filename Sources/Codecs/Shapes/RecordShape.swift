import Readings

/// How a record of a sender is written: the bytes between its varying places, and what these places are.
///
/// Senders write all their records by one form, so the next one differs in a few numbers only. Where its bytes between them are those of a
/// record that the scanner accepted, the scanner would find the same tokens in it. See `RecordReader.shaped`.
struct RecordShape {
  /// Bytes of the first literal, eight at most, the first one lowest: tells most shapes apart by one comparison.
  var first: UInt64 = 0
  var firstMask: UInt64 = 0
  /// A record of this shape has at least so many bytes, eight or more; a place of the table without a shape fits none.
  var leastBytes = Int.max
  var quantity = Quantity.flow
  /// Of the limits, which tell what a time without an offset means.
  var localOffset: Int?
  /// Of the unit that stands in the literals; nil for the base unit.
  var conversion: Unit.Conversion?
  var hasTime = false
  /// What is taken from a local time for UTC, ms.
  var zone: Int64 = 0
  /// `YYYY-MM-DDT` of the last record, in words that overlap, and when that day began, ms since 1970 UTC.
  var date: (UInt64, UInt64) = (0, 0)
  var midnight: Int64 = 0

  /// Steps of a shape at most, the last one included.
  static let mostSteps = 10
  /// Bytes of all its literals at most.
  static let mostText = 240
}

/// A literal and the varying place behind it.
struct ShapeStep {
  /// What stands behind the literal.
  enum Place: UInt8 {
    /// Nothing: the record ends.
    case end
    /// `YYYY-MM-DDTHH:MM:SS`, or that with a fraction; what comes after it belongs to the next literal.
    case time
    /// Seconds or milliseconds since 1970.
    case unixTime
    case value, sequence, battery
    /// The inside of a string: a sensor's name.
    case name
    /// Of fields that mean nothing.
    case otherNumber, otherString
  }

  var place: Place
  /// Bytes of the literal before it, 1…240.
  var literal: UInt8
  /// Of a time: digits of its fraction, 0…9.
  var digits: UInt8
  /// Bits of eight bytes that the literal does not fill.
  var surplus: UInt8

  /// - Parameter literal: its bytes, 1…240.
  init(_ place: Place, literal: Int, digits: Int = 0) {
    self.place = place
    self.literal = UInt8(literal)
    self.digits = UInt8(digits)
    surplus = UInt8(max(0, 8 - literal) * 8)
  }
}
