/// When the detector's state is saved while the service runs. Pure: monotonic milliseconds come in.
///
/// A state is some 6 kB a sensor. A small one is written twice, into the log of the database and from there into its file. Saved every minute
/// that would be 3.5 GB a day for 200 sensors, which wears out an SD card. So it is saved only as often as a day's bytes allow, and before a
/// start would have to read too much of the history anew (some 2 s a million readings). A stop in order always saves it.
struct CheckpointPolicy {
  /// Milliseconds between two at least.
  var interval: Int64
  /// What states may write a day, unless somebody asks for more.
  static let dailyBytes = 50_000_000

  /// Bytes that may be written a day; nil = as many as come.
  var bytesPerDay: Int? = dailyBytes
  /// Rows of the history after the last one at which it is saved whatever it costs.
  var rows: Int64 = 1_000_000

  private var lastAt: Int64
  private var lastPosition: Int64
  /// Bytes written for the last state.
  private var written = 0

  init(interval: Int64, now: Int64, position: Int64) {
    self.interval = interval
    lastAt = now
    lastPosition = position
  }

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
    guard let bytesPerDay, position - lastPosition < rows else { return true }
    return passed >= Int64(written) * 86_400_000 / Int64(max(1, bytesPerDay))
  }
}
