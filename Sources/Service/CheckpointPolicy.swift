/// When the detector's state is saved while the service runs. Pure: monotonic milliseconds come in.
///
/// A state is some 6 kB a sensor. A small one is written twice, into the log of the database and from there into its file; a large one once,
/// into a file of its own. Saved every minute a state of 170 sensors would be 2.9 GB a day, which wears out an SD card. So it is saved only
/// when a start after a crash would have to read so much of the history anew that somebody notices (some 2 s a million readings), or after
/// some hours; and not more often than a day's bytes allow, until it would be too much. A stop in order always saves it.
struct CheckpointPolicy {
  /// Milliseconds between two at least.
  var interval: Int64
  /// What states may write a day, unless somebody asks for more.
  static let dailyBytes = 50_000_000

  /// Bytes that may be written a day; nil = as many as come.
  var bytesPerDay: Int? = dailyBytes
  /// Rows of the history after the last one at which it is saved whatever it costs.
  static let mostRows: Int64 = 1_000_000
  /// Fewer rows are read in a moment; they wait for `hours`.
  static let fewRows: Int64 = 50_000
  static let hours: Int64 = 6

  private var lastAt: Int64
  private var lastPosition: Int64
  /// Bytes written for the last state.
  private var written = 0

  init(interval: Int64, now: Int64, position: Int64) {
    self.interval = interval
    lastAt = now
    lastPosition = position
  }

  /// How often a state of that size is written.
  static func times(bytes: Int) -> Int { bytes > StateSaver.largeState ? 1 : 2 }

  /// It was tried. `bytes` = 0: in vain.
  /// - Parameter times: how often these bytes were written.
  mutating func tried(bytes: Int, times: Int = 2, position: Int64, now: Int64) {
    lastAt = now
    guard bytes > 0 else { return }
    (written, lastPosition) = (bytes * times, position)
  }

  func isDue(position: Int64, now: Int64) -> Bool {
    let passed = now - lastAt
    // Without a new row the state on disk is as good.
    guard passed >= interval, position > lastPosition else { return false }
    guard let bytesPerDay, position - lastPosition < CheckpointPolicy.mostRows, written > 0 else { return true }
    guard position - lastPosition >= CheckpointPolicy.fewRows || passed >= CheckpointPolicy.hours * 3_600_000 else { return false }
    return passed >= Int64(written) * 86_400_000 / Int64(max(1, bytesPerDay))
  }

  /// Bytes that states of the size `bytes` write on a day with so many rows of history, when they are bounded.
  static func written(bytes: Double, rowsPerDay: Double) -> Double {
    let few = max(24 / Double(hours), rowsPerDay / Double(fewRows))
    let all = Double(times(bytes: Int(bytes))) * bytes
    return max(min(all * few, Double(dailyBytes)), all * rowsPerDay / Double(mostRows))
  }
}
