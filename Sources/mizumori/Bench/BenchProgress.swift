import Foundation
import Service
import Synchronization

/// One line on standard error that tells how far the bench is; nothing where that is no terminal.
final class BenchProgress: Sendable {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let language: BenchLanguage
  private let last = Mutex<String>("")

  init(_ language: BenchLanguage) { self.language = language }

  func show(_ stage: BenchStage, _ share: Double) {
    guard isTerminal else { return }
    let words = BenchProgress.words[stage.rawValue]
    let line = "[\(stage.rawValue + 1)/\(BenchStage.allCases.count)] \(language == .ja ? words.0 : words.1) \(Int(share * 100)) %"
    last.withLock { shown in
      if shown == line { return }
      shown = line
      write("\r\u{1B}[K" + line)
    }
  }

  func clear() {
    guard isTerminal else { return }
    write("\r\u{1B}[K")
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  private static let words: [(String, String)] = [
    ("学習", "learning"), ("受信と判定", "receiving and judging"), ("記録（ディスク）", "storing"), ("集計", "hours and days"),
    ("漏水の準備", "preparing leaks"), ("知らせの速さ", "publish to alert"), ("まとめて受信", "receiving at full speed"),
  ]
}
