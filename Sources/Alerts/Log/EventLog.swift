import Glibc

/// The JSON-lines log: one transition a line, append-only, in outbox order.
///
/// A line that a crash tore is cut off at opening and written again from the outbox: `lastSeq` says where to go on. What the file cannot say
/// after a rotation stands in a file beside it (`.seq`). Not thread-safe.
public final class EventLog {
  /// An error of the file system, with the path.
  public struct Failure: Error, CustomStringConvertible, Sendable {
    public let description: String
  }

  public let path: String
  private var descriptor: Int32 = -1
  /// The outbox sequence of the last whole line that was ever written, 0 when there is none.
  public private(set) var lastSeq: Int64 = 0

  public init(path: String) throws(Failure) {
    self.path = path
    try open()
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private func open() throws(Failure) {
    descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw failure("open") }
    try repairTail()
    // The file is new: rotated away, whatever stood in the one before is not written again.
    if lastSeq == 0 { lastSeq = readMark() }
  }

  /// Remembers how far the log has come. Not made durable: after a power cut the file itself tells, unless it was rotated just then, and
  /// some lines are written twice.
  private func writeMark() {
    let file = Glibc.open(path + ".seq", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
    guard file >= 0 else { return }
    defer { close(file) }
    let text = Array("\(lastSeq)\n".utf8)
    _ = write(file, text, text.count)
  }

  private func readMark() -> Int64 {
    let file = Glibc.open(path + ".seq", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    var text = [UInt8](repeating: 0, count: 32)
    let n = read(file, &text, text.count)
    return Int64(String(decoding: text.prefix(max(0, n)).prefix { (48...57).contains($0) }, as: UTF8.self)) ?? 0
  }

  /// Cuts a torn last line and reads the sequence of the last whole one. Looks at the last 256 KiB at most; a line is far shorter.
  private func repairTail() throws(Failure) {
    let size = lseek(descriptor, 0, SEEK_END)
    guard size > 0 else { return }
    let from = max(0, size - 262_144)
    var tail = [UInt8](repeating: 0, count: Int(size - from))
    guard pread(descriptor, &tail, tail.count, from) == tail.count else { throw failure("read") }
    let whole = tail.lastIndex(of: 10).map { $0 + 1 } ?? 0
    if whole < tail.count, ftruncate(descriptor, from + off_t(whole)) != 0 { throw failure("truncate") }
    let lines = tail[..<whole].split(separator: 10)
    if let last = lines.last, let seq = EventLog.seq(of: last) { lastSeq = max(lastSeq, seq) }
  }

  /// The number after `{"seq":`.
  private static func seq(of line: ArraySlice<UInt8>) -> Int64? {
    let head = Array("{\"seq\":".utf8)
    guard line.starts(with: head) else { return nil }
    return Int64(String(decoding: line.dropFirst(head.count).prefix { $0 >= 48 && $0 <= 57 }, as: UTF8.self))
  }

  /// Appends whole lines and makes them durable. A line that is already there (by its sequence) is passed over.
  public func append(_ messages: [AlertMessage]) throws(Failure) {
    let new = messages.filter { $0.seq > lastSeq }
    guard let last = new.last else { return }
    var text = ""
    for m in new { text += m.logLine + "\n" }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let n = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if n < 0 {
        if errno == EINTR { continue }
        let error = failure("write")
        // Half a line may stand there now: the next open would cut it, so do it at once.
        try? repairTail()
        throw error
      }
      bytes = bytes.dropFirst(n)
    }
    guard fdatasync(descriptor) == 0 else { throw failure("fsync") }
    lastSeq = last.seq
    writeMark()
  }

  /// Opens the path anew, after a log rotation renamed the file.
  public func reopen() throws(Failure) {
    if descriptor >= 0 { close(descriptor) }
    try open()
  }

  private func failure(_ operation: String) -> Failure {
    Failure(description: "\(path): \(operation): \(String(cString: strerror(errno)))")
  }
}
