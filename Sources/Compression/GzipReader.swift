import CZlib
import Glibc

/// A file read piece by piece through zlib; one that is not gzip is read as it is.
///
/// A regular file is open only while a piece is read, so that thousands of readers need no descriptors. The reader is no value of several
/// threads at once; it may go from one to another between two calls.
public final class GzipReader {
  /// Bytes of the file that one call of the system is asked for.
  private static let piece = 1 << 14

  private let path: String
  /// −1 for a regular file, which is opened anew for every piece.
  private let descriptor: Int32
  private var position = 0
  private let input: UnsafeMutablePointer<UInt8>
  private var stream: UnsafeMutablePointer<z_stream>?
  private var isBegun = false
  private var isEnded = false
  /// What is left of the first piece of a file that is not gzip.
  private var plain = 0..<0
  /// Bytes taken from the file so far (packed where it is packed), for a progress bar.
  public private(set) var consumed = 0

  public init(_ path: String) throws(GzipFile.Failure) {
    self.path = path
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      let reason = String(cString: strerror(errno))
      throw errno == ENOENT ? .missing(reason) : .unreadable(reason)
    }
    var status = stat()
    let isRegular = fstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    if isRegular { close(file) }
    descriptor = isRegular ? -1 : file
    input = .allocate(capacity: GzipReader.piece)
  }

  deinit {
    if let stream {
      inflateEnd(stream)
      stream.deallocate()
    }
    input.deallocate()
    if descriptor >= 0 { close(descriptor) }
  }

  /// Fills in what comes next.
  /// - Returns: bytes filled in, 0 only at the end of the file.
  /// - Throws: `.unreadable`, also where gzip data end too early.
  public func read(into out: UnsafeMutableBufferPointer<UInt8>) throws(GzipFile.Failure) -> Int {
    guard !isEnded, !out.isEmpty else { return 0 }
    if !isBegun { try begin() }
    if let stream { return try inflate(stream, into: out) }
    guard plain.isEmpty else {
      let count = min(plain.count, out.count)
      out.baseAddress?.update(from: input + plain.lowerBound, count: count)
      plain = plain.lowerBound + count..<plain.upperBound
      return count
    }
    let count = try fill(UnsafeMutableBufferPointer(rebasing: out.prefix(GzipReader.piece)))
    isEnded = count == 0
    return count
  }

  /// Reads the first piece, which tells whether the file is gzip.
  private func begin() throws(GzipFile.Failure) {
    isBegun = true
    var count = 0
    // A pipe may hand over a single byte.
    while count < 2 {
      let more = try fill(UnsafeMutableBufferPointer(start: input + count, count: GzipReader.piece - count))
      if more == 0 { break }
      count += more
    }
    if count >= 2, input[0] == 0x1f, input[1] == 0x8b { try openStream(count) } else { plain = 0..<count }
  }

  private func openStream(_ count: Int) throws(GzipFile.Failure) {
    let s = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    s.initialize(to: z_stream())
    // 15 bits of window, and 16 for the head and tail of gzip.
    guard inflateInit2_(s, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      s.deallocate()
      throw .unreadable("no memory for zlib")
    }
    s.pointee.next_in = input
    s.pointee.avail_in = UInt32(count)
    stream = s
  }

  private func inflate(
    _ s: UnsafeMutablePointer<z_stream>, into out: UnsafeMutableBufferPointer<UInt8>
  ) throws(GzipFile.Failure) -> Int {
    let room = min(out.count, 1 << 30)
    s.pointee.next_out = out.baseAddress
    s.pointee.avail_out = UInt32(room)
    while s.pointee.avail_out > 0 {
      if s.pointee.avail_in == 0, try refill(s) == 0 { throw .unreadable("the gzip data end too early: the file was cut off") }
      let state = CZlib.inflate(s, Z_NO_FLUSH)
      if state == Z_STREAM_END {
        guard try hasAnotherMember(s) else {
          isEnded = true
          break
        }
      } else if state != Z_OK {
        throw .unreadable("broken gzip data, or a directory")
      }
    }
    return room - Int(s.pointee.avail_out)
  }

  /// gzip data may follow gzip data in one file; anything else behind the end is passed over, as `gzip` does.
  private func hasAnotherMember(_ s: UnsafeMutablePointer<z_stream>) throws(GzipFile.Failure) -> Bool {
    if s.pointee.avail_in < 2 {
      // The two bytes that tell may lie in two pieces.
      let rest = Int(s.pointee.avail_in)
      if rest == 1, let last = s.pointee.next_in?.pointee { input[0] = last }
      var count = rest
      while count < 2 {
        let more = try fill(UnsafeMutableBufferPointer(start: input + count, count: GzipReader.piece - count))
        if more == 0 { return false }
        count += more
      }
      s.pointee.next_in = input
      s.pointee.avail_in = UInt32(count)
    }
    guard let next = s.pointee.next_in, next[0] == 0x1f, next[1] == 0x8b else { return false }
    return inflateReset(s) == Z_OK
  }

  private func refill(_ s: UnsafeMutablePointer<z_stream>) throws(GzipFile.Failure) -> Int {
    let count = try load()
    s.pointee.next_in = input
    s.pointee.avail_in = UInt32(count)
    return count
  }

  private func load() throws(GzipFile.Failure) -> Int {
    try fill(UnsafeMutableBufferPointer(start: input, count: GzipReader.piece))
  }

  /// The file's next bytes as they are.
  private func fill(_ out: UnsafeMutableBufferPointer<UInt8>) throws(GzipFile.Failure) -> Int {
    let file = descriptor >= 0 ? descriptor : open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
    defer { if descriptor < 0 { close(file) } }
    var count: Int
    repeat {
      count =
        descriptor >= 0 ? Glibc.read(file, out.baseAddress, out.count) : pread(file, out.baseAddress, out.count, off_t(position))
    } while count < 0 && errno == EINTR
    guard count >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
    position += count
    consumed += count
    return count
  }
}
