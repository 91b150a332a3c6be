import Foundation

/// Questions on a terminal; without one the defaults are the answers.
struct Questions {
  private let isTerminal = isatty(STDIN_FILENO) == 1

  /// Asks until the answer is a number in range; nothing is the default.
  func number(_ text: String, _ fallback: Int, in range: ClosedRange<Int>) -> Int {
    while let answer = answer("\(text) [\(fallback)] ") {
      if answer.isEmpty { return fallback }
      if let n = Int(answer), range.contains(n) { return n }
      note("\(range.lowerBound)…\(range.upperBound)")
    }
    return fallback
  }

  /// Asks until the answer is yes or no; nothing is no.
  func yes(_ text: String) -> Bool {
    while let answer = answer("\(text) [y/N] ") {
      if answer.isEmpty { return false }
      if let known = YesNo(answer) { return known.isYes }
      note("yes / no")
    }
    return false
  }

  /// Nil without a terminal and at the end of the input.
  private func answer(_ prompt: String) -> String? {
    guard isTerminal else { return nil }
    FileHandle.standardError.write(Data(prompt.utf8))
    return readLine()?.trimmingCharacters(in: .whitespaces)
  }
}
