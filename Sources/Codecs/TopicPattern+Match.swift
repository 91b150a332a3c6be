import Readings

extension TopicPattern {
  /// The sensor that a topic names.
  ///
  /// Builds a `SensorID`, so it is for topics seen for the first time; `TopicTable` remembers the known ones.
  /// - Complexity: O(bytes).
  public func match(_ topic: UnsafeBufferPointer<UInt8>) -> TopicMatch {
    // Start and length of each placeholder's segment, by `Part.rawValue`.
    var found: (Range<Int>, Range<Int>, Range<Int>, Range<Int>) = (0..<0, 0..<0, 0..<0, 0..<0)
    guard locate(in: topic, &found) else { return .other }
    var quantity = quantity
    if quantity == nil {
      quantity = Quantity.allCases.first { $0.name.utf8.elementsEqual(topic[found.3]) }
      // Status, event and state topics live beside the readings.
      guard quantity != nil else { return .other }
    }
    for range in [found.0, found.1, found.2] where !range.isEmpty || range.lowerBound > 0 {
      guard (1...64).contains(range.count), topic[range].allSatisfy(SensorID.isSegmentByte) else {
        return .failure(DecodeError(.sensorIDCharset, at: range.lowerBound))
      }
    }
    func text(_ fixed: String?, _ range: Range<Int>) -> String { fixed ?? String(decoding: topic[range], as: UTF8.self) }
    guard let quantity,
      let id = SensorID(
        municipality: text(municipality, found.0), zone: text(zone, found.1), sensor: text(sensor, found.2), quantity: quantity)
    else { return .failure(DecodeError(.sensorIDCharset, at: 0)) }
    return .sensor(id)
  }

  /// Whether the topic has the pattern's form, and where its placeholders stand.
  private func locate(in topic: UnsafeBufferPointer<UInt8>, _ found: inout (Range<Int>, Range<Int>, Range<Int>, Range<Int>)) -> Bool {
    var start = 0
    for (n, level) in levels.enumerated() {
      if level == .rest { return true }
      guard start <= topic.count else { return false }
      let end = topic[start...].firstIndex(of: UInt8(ascii: "/")) ?? topic.count
      let segment = topic[start..<end]
      switch level {
      case .rest, .any: break
      case .text(let t): guard segment.elementsEqual(t) else { return false }
      case .part(let part, let prefix, let suffix):
        guard segment.count >= prefix.count + suffix.count, segment.starts(with: prefix), segment.suffix(suffix.count).elementsEqual(suffix)
        else { return false }
        let range = (start + prefix.count)..<(end - suffix.count)
        switch part {
        case .municipality: found.0 = range
        case .zone: found.1 = range
        case .sensor: found.2 = range
        case .quantity: found.3 = range
        }
      }
      start = end + 1
      if n == levels.count - 1 { return end == topic.count }
    }
    return false
  }
}
