import Readings

/// The shapes of the last senders' records, so that a message of a known one is compared with what it must look like instead of being
/// scanned. What is decoded is the same with and without, for any bytes; only the time that it takes differs.
///
/// 16 shapes in 8 kB, and no more memory ever. For one thread.
public final class RecordShapes {
  /// How many senders' forms are remembered.
  public static let capacity = 16

  let shapes: UnsafeMutablePointer<RecordShape>
  private let steps: UnsafeMutablePointer<ShapeStep>
  private let texts: UnsafeMutableRawPointer
  /// 10^0 … 10^6.
  let tens: UnsafeMutablePointer<Double>
  /// The place that the next new shape takes.
  private var next = 0
  /// What learning may cost: it grows by a record each and falls by `price` when a shape is learnt. So senders that never write two records
  /// alike cost hardly more than without.
  private var credit = 16 * RecordShapes.price
  private static let price = 8

  /// Shapes learnt so far, those that have been forgotten among them.
  public private(set) var learnt = 0

  /// Room before and behind the literals for reading eight bytes at a time.
  private static let margin = 8
  private static let textStride = RecordShape.mostText + 2 * margin

  public init() {
    shapes = .allocate(capacity: RecordShapes.capacity)
    shapes.initialize(repeating: RecordShape(), count: RecordShapes.capacity)
    steps = .allocate(capacity: RecordShapes.capacity * RecordShape.mostSteps)
    steps.initialize(repeating: ShapeStep(.end, literal: 1), count: RecordShapes.capacity * RecordShape.mostSteps)
    let bytes = RecordShapes.capacity * RecordShapes.textStride
    texts = .allocate(byteCount: bytes, alignment: 16)
    texts.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    tens = .allocate(capacity: 7)
    for (n, power) in [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6].enumerated() { (tens + n).initialize(to: power) }
  }

  deinit {
    shapes.deallocate()
    steps.deallocate()
    texts.deallocate()
    tens.deallocate()
  }

  /// The steps of the shape at a place.
  @inline(__always)
  func steps(of place: Int) -> UnsafeMutablePointer<ShapeStep> { steps + place &* RecordShape.mostSteps }

  /// Its literals one after the other; eight bytes before them may be read.
  @inline(__always)
  func text(of place: Int) -> UnsafeMutableRawPointer { texts + (place &* RecordShapes.textStride &+ RecordShapes.margin) }

  /// Whether the shape of a record that fits none may be learnt now.
  func mayLearn() -> Bool {
    guard credit >= RecordShapes.price else { return false }
    credit -= RecordShapes.price
    return true
  }

  /// So many records were accepted, by a shape or not.
  @inline(__always)
  func credit(_ records: Int) { credit = min(credit &+ records, RecordShapes.capacity &* RecordShapes.price) }

  /// The place for a new shape, in turn.
  func place() -> Int {
    defer { next = (next + 1) % RecordShapes.capacity }
    shapes[next].leastBytes = .max
    learnt += 1
    return next
  }
}
