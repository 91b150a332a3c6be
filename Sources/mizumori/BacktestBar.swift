import Backtest
import Foundation

/// The bar that a backtest shows on a terminal's standard error, twice a second.
///
/// `@unchecked`: `isEnded` is touched under the condition's lock only.
final class BacktestBar: @unchecked Sendable {
  private let progress: BacktestProgress
  private let began = DispatchTime.now().uptimeNanoseconds
  private let condition = NSCondition()
  private var isEnded = false

  init(_ progress: BacktestProgress) {
    self.progress = progress
    Thread.detachNewThread { [self] in run() }
  }

  /// Ends and wipes the bar; nothing is drawn afterwards.
  func end() {
    condition.lock()
    isEnded = true
    write("\r\u{1b}[K")
    condition.signal()
    condition.unlock()
  }

  private func run() {
    condition.lock()
    defer { condition.unlock() }
    while true {
      _ = condition.wait(until: Date(timeIntervalSinceNow: 0.5))
      if isEnded { return }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
      write("\r" + progress.line(seconds: seconds) + "\u{1b}[K")
    }
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
