import Readings

extension RecordReader {
  /// The sensor as named in the payload: its characters first, then whether it is the one of the topic.
  mutating func checkName(_ text: UnsafeBufferPointer<UInt8>?, at offset: Int) {
    guard let text, isName(text) else { return blame(.sensorIDCharset, at: offset) }
    if !isOwn(text) { blame(.sensorMismatch, at: offset) }
  }

  /// Whether `checkName` has nothing to say.
  func isAccepted(name text: UnsafeBufferPointer<UInt8>) -> Bool { isName(text) && isOwn(text) }

  private func isOwn(_ text: UnsafeBufferPointer<UInt8>) -> Bool { sensor.map { names(text, $0) } ?? true }

  /// One, three or four segments with slashes between them.
  private func isName(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var slashes = 0
    var length = 0
    for c in text {
      if c == UInt8(ascii: "/") {
        guard length > 0 else { return false }
        slashes += 1
        length = 0
      } else {
        guard SensorID.isSegmentByte(c), length < 64 else { return false }
        length += 1
      }
    }
    return length > 0 && slashes <= 3
  }

  private func names(_ text: UnsafeBufferPointer<UInt8>, _ sensor: SensorID) -> Bool {
    var rest = text[...]
    /// Takes `segment` and the slash behind it, if there is one.
    func take(_ segment: String) -> Bool {
      let n = segment.utf8.count
      guard rest.count >= n, rest.prefix(n).elementsEqual(segment.utf8) else { return false }
      rest = rest.dropFirst(n)
      guard let c = rest.first else { return true }
      rest = rest.dropFirst()
      return c == UInt8(ascii: "/")
    }
    if !text.contains(UInt8(ascii: "/")) { return take(sensor.sensor) && rest.isEmpty }
    guard take(sensor.municipality), take(sensor.zone), take(sensor.sensor) else { return false }
    return rest.isEmpty || (take(sensor.quantity.name) && rest.isEmpty)
  }
}
