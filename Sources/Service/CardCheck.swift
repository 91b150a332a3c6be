import Readings
import Store

/// What cannot be said of a meter, with what would be right.
public struct CardError: Error, Hashable, CustomStringConvertible, Sendable {
  /// The field, as the API calls it.
  public let field: String
  public let description: String
}

/// Checks what people enter of a meter.
enum CardCheck {
  /// The card with empty texts taken for nothing.
  /// - Parameters:
  ///   - known: all sensors that may be named as the meter upstream.
  ///   - parent: the meter upstream of each, as it stands now.
  static func checked(
    _ card: MeterCard, of id: SensorID, known: Set<SensorID>, parent: (SensorID) -> SensorID?
  ) throws(CardError) -> MeterCard {
    var card = card
    card.name = try line(card.name, "name")
    card.zoneName = try line(card.zoneName, "zoneName")
    if let note = card.note {
      let isPlain = !note.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || (0x7f...0x9f).contains($0.value) }
      guard note.count <= 1000, isPlain else {
        throw CardError(field: "note", description: "メモは 1,000 字までです / a note has at most 1,000 characters")
      }
      card.note = note.isEmpty ? nil : note
    }
    if let leak = card.minimumLeak, !(0...100_000).contains(leak) {
      throw CardError(field: "minimumLeakM3h", description: "0〜100,000 m³/h にしてください / expected 0 to 100,000 m³/h")
    }
    if let seconds = card.intervalSeconds, !(0...86_400).contains(seconds) {
      throw CardError(field: "intervalS", description: "0〜86,400 秒にしてください / expected 0 to 86,400 seconds")
    }
    if let range = card.range { try check(range) }
    if let text = card.parent { card.parent = try upstream(text, of: id, known, parent) }
    return card
  }

  /// A range from two numbers, low and high.
  static func range(_ numbers: [Double]?) throws(CardError) -> ClosedRange<Double>? {
    guard let numbers else { return nil }
    guard numbers.count == 2, numbers.allSatisfy(\.isFinite), numbers[0] < numbers[1] else {
      throw CardError(field: "range", description: "[下限, 上限] を、この順に書いてください / expected [low, high], low below high")
    }
    try check(numbers[0]...numbers[1])
    return numbers[0]...numbers[1]
  }

  private static func check(_ range: ClosedRange<Double>) throws(CardError) {
    guard range.lowerBound < range.upperBound, abs(range.lowerBound) <= 1e9, abs(range.upperBound) <= 1e9 else {
      throw CardError(field: "range", description: "−10 億〜10 億の中で、下限を上限より小さくしてください / expected low below high, within ±1e9")
    }
  }

  private static func line(_ text: String?, _ field: String) throws(CardError) -> String? {
    guard let text, !text.isEmpty else { return nil }
    guard text.count <= 100, RecurringWorkForm.isLine(text) else {
      throw CardError(field: field, description: "1 行 100 字までです / at most 100 characters on one line")
    }
    return text
  }

  /// The meter upstream must be a flow meter, and the water must not go round in a circle.
  private static func upstream(
    _ text: String, of id: SensorID, _ known: Set<SensorID>, _ parent: (SensorID) -> SensorID?
  ) throws(CardError) -> String? {
    guard !text.isEmpty else { return nil }
    guard let meter = SensorID(text), meter.quantity == .flow || meter.quantity == .total, known.contains(meter) else {
      throw CardError(field: "parent", description: "そのような流量計はありません / no such flow meter")
    }
    var above: SensorID? = meter
    for _ in 0...known.count {
      guard let m = above else { return text }
      guard m != id else { break }
      above = parent(m)
    }
    throw CardError(field: "parent", description: "上流をたどると元に戻ります / the meters upstream go round in a circle")
  }
}
