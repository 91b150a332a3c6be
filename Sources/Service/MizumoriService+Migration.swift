import Logging
import Store

extension MizumoriService {
  /// Milliseconds between two lines on a conversion under way.
  private static let migrationLine: Int64 = 5000

  /// Says in the log and to systemd how far the history of an older version is converted, and keeps systemd from ending a long start.
  func migrationReport() -> (MigrationProgress) -> Void {
    let began = Clocks.monotonic()
    var last = began
    return { [notifier, logger] progress in
      guard progress.total > 0 else { return }
      let now = Clocks.monotonic()
      notifier.extendStart(seconds: 600)
      let isEnd = progress.done == 0 || progress.done == progress.total
      guard isEnd || now - last >= MizumoriService.migrationLine else { return }
      last = now
      notifier.status("履歴を新しい形に移しています / converting the history: \(progress.percent) %")
      logger.notice(
        progress.done == progress.total
          ? "履歴を新しい形に移しました / history converted"
          : "履歴を新しい形に移しています。止めても、次の起動で初めからやり直します / converting the history; a start that is broken off begins anew",
        metadata: ["percent": "\(progress.percent)", "rows": "\(progress.total)", "seconds": "\((now - began) / 1000)"])
    }
  }
}
