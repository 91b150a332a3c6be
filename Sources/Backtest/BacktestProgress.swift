import Glibc
import Synchronization

/// How far a run is; written by its threads, read by whoever shows it.
public final class BacktestProgress: Sendable {
  private let bytesRead = Atomic<Int>(0)
  private let bytesExpected = Atomic<Int>(0)
  private let judged = Atomic<Int>(0)

  public init() {}

  /// Readings judged so far.
  public var readings: Int { judged.load(ordering: .relaxed) }

  /// Part of the files' bytes that was read, 0…1; nil where their size is not known (pipes).
  public var fraction: Double? {
    let all = bytesExpected.load(ordering: .relaxed)
    return all > 0 ? min(1, Double(bytesRead.load(ordering: .relaxed)) / Double(all)) : nil
  }

  func expect(bytes: Int) { bytesExpected.add(bytes, ordering: .relaxed) }
  func add(bytes: Int) { bytesRead.add(bytes, ordering: .relaxed) }
  func add(readings: Int) { judged.add(readings, ordering: .relaxed) }
}

extension BacktestGroup {
  /// Bytes of the members' files.
  var bytes: Int { members.reduce(0) { $0 + $1.bytes } }
}

extension BacktestSeries {
  /// Bytes of the file; 0 for what is no file or not there.
  var bytes: Int {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
  }
}
