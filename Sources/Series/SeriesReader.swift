import Compression
import Readings

/// Reads a CSV series block by block, so that files of any length need little memory.
///
/// Not for several threads at once; it may go from one to another between two calls.
public final class SeriesReader {
  private let path: String
  private let source: GzipReader
  private var scanner: SeriesScanner
  private let buffer: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  /// Bytes not scanned yet; up to `whole` they are whole lines.
  private var start = 0
  private var whole = 0
  private var filled = 0
  private var isAtEnd = false

  /// Bytes of the file (packed where it is packed) taken so far.
  public var consumed: Int { source.consumed }

  /// - Parameter offset: seconds east of UTC of times without an offset.
  /// - Throws: `.missing`, `.unreadable`.
  public convenience init(path: String, offset: Int = 32_400) throws(SeriesError) {
    try self.init(path: path, offset: offset, capacity: 1 << 15)
  }

  /// - Parameter capacity: bytes of the buffer; a longer line is no row.
  init(path: String, offset: Int, capacity: Int) throws(SeriesError) {
    do { source = try GzipReader(path) } catch { throw SeriesError(error, path) }
    self.path = path
    self.capacity = capacity
    scanner = SeriesScanner(file: path, offset: offset)
    buffer = .allocate(capacity: capacity)
  }

  deinit { buffer.deallocate() }

  /// Fills in the rows that come next, in the order of the file.
  /// - Returns: rows filled in; 0 only at the end of the file.
  /// - Throws: `.unreadable` (also gzip data that end too early), or `.badRow` with the line of the first broken row; rows before it have
  ///   been handed out or are lost.
  /// - Complexity: O(bytes); allocates nothing.
  public func read(into rows: UnsafeMutableBufferPointer<SeriesRow>) throws(SeriesError) -> Int {
    guard let out = rows.baseAddress else { return 0 }
    var count = 0
    while count < rows.count {
      if start == whole {
        guard try load() else { break }
      }
      let text = UnsafeBufferPointer(start: buffer + start, count: whole - start)
      start += try scanner.scan(text, into: out, rows.count, &count)
    }
    return count
  }

  /// Moves the rest to the front and reads until there is a whole line; false at the end of the file.
  private func load() throws(SeriesError) -> Bool {
    filled -= start
    if filled > 0, start > 0 { buffer.update(from: buffer + start, count: filled) }
    (start, whole) = (0, 0)
    while whole == 0 {
      guard !isAtEnd else { return false }
      guard filled < capacity else {
        throw SeriesError(kind: .badRow, file: path, line: scanner.line, reason: "a line of more than \(capacity) bytes")
      }
      let room = UnsafeMutableBufferPointer(start: buffer + filled, count: capacity - filled)
      let count: Int
      do { count = try source.read(into: room) } catch { throw SeriesError(error, path) }
      isAtEnd = count == 0
      filled += count
      whole = isAtEnd ? filled : wholeLines(from: filled - count)
    }
    return true
  }

  /// Bytes up to the last line feed, looked for from the end down to `from`.
  private func wholeLines(from: Int) -> Int {
    var i = filled
    while i > from {
      if buffer[i - 1] == 10 { return i }
      i -= 1
    }
    return 0
  }
}
