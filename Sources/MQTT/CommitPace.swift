/// How often commits may come that nothing hurries. Pure: monotonic milliseconds come in.
///
/// Each commit writes two blocks of the database's log and lets the file system write some of its own: 548 MB a day at 200 messages a
/// minute when every two seconds there is one, which an SD card does not stand for years. So commits come `period` apart on the average.
/// What was not used is saved, up to `most` commits: who sends a few messages by hand sees them at once, and only what trickles in the whole
/// day is grouped.
struct CommitPace: Sendable {
  /// Milliseconds between commits on the average; 0 = as they come.
  var period: Int64 = 0
  /// Commits that may be saved.
  static let most: Int64 = 120

  private var lastAt: Int64?
  /// Milliseconds saved at `lastAt`.
  private var saved: Int64 = 0

  /// From when on the next one does not come too early.
  var next: Int64 {
    guard let lastAt else { return .min }
    return lastAt + max(0, period - saved)
  }

  mutating func committed(now: Int64) {
    let most = CommitPace.most * period
    let had = lastAt.map { min(most, saved + max(0, now - $0)) } ?? most
    saved = max(0, had - period)
    lastAt = now
  }
}
