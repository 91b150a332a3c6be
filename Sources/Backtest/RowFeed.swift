import Readings
import Series

/// The rows of one series, a block at a time. What the judging thread reads and what is read ahead lie in two buffers.
///
/// `@unchecked`: the front buffer belongs to the judging thread; reader and back buffer to whoever set `state` to `busy` under the lock of
/// `ReadAhead`, and to the judging thread while it is `idle`.
final class RowFeed: @unchecked Sendable {
  /// Rows of a block: some 0.2 ms of judging, so that handing over costs nothing.
  static let blockRows = 1024

  enum State {
    /// Nobody reads ahead.
    case idle
    /// Somebody should.
    case wanted
    /// Somebody does.
    case busy
    /// The back buffer holds what comes next; no rows: the end.
    case ready(Result<Int, SeriesError>)
  }

  private enum Source {
    case file(SeriesReader)
    /// `bytes`: of the file that they came from.
    case memory([SeriesRow], next: Int, bytes: Int)
  }

  /// Guarded by `ReadAhead`.
  var state = State.idle
  /// Stands in the list of `ReadAhead`, which guards this too.
  var isListed = false
  private var source: Source
  private var front: UnsafeMutableBufferPointer<SeriesRow>
  private var back: UnsafeMutableBufferPointer<SeriesRow>
  private var reported = 0
  private let progress: BacktestProgress

  private init(_ source: Source, _ progress: BacktestProgress) {
    self.source = source
    self.progress = progress
    front = .allocate(capacity: RowFeed.blockRows)
    back = .allocate(capacity: RowFeed.blockRows)
  }

  convenience init(path: String, offset: Int, progress: BacktestProgress) throws(SeriesError) {
    self.init(.file(try SeriesReader(path: path, offset: offset)), progress)
  }

  convenience init(rows: [SeriesRow], bytes: Int, progress: BacktestProgress) { self.init(.memory(rows, next: 0, bytes: bytes), progress) }

  deinit {
    front.deallocate()
    back.deallocate()
  }

  /// Reads the next block into the back buffer.
  func readBack() -> Result<Int, SeriesError> {
    switch source {
    case .file(let reader):
      let r = Result { () throws(SeriesError) in try reader.read(into: back) }
      report(bytes: reader.consumed)
      return r
    case .memory(let rows, let next, let bytes):
      let count = min(RowFeed.blockRows, rows.count - next)
      for i in 0..<count { back.initializeElement(at: i, to: rows[next + i]) }
      source = .memory(rows, next: next + count, bytes: bytes)
      if !rows.isEmpty { report(bytes: bytes * (next + count) / rows.count) }
      return .success(count)
    }
  }

  private func report(bytes: Int) {
    progress.add(bytes: bytes - reported)
    reported = bytes
  }

  /// The back buffer's rows, now in front; those that were in front are no longer valid.
  func turn() -> UnsafePointer<SeriesRow>? {
    swap(&front, &back)
    return UnsafePointer(front.baseAddress)
  }
}
