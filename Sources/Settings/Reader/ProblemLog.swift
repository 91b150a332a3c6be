/// Collects what is wrong, and which keys were asked for, while the settings are read.
///
/// A class, since the sections of one file share it; it lives only within one `load`.
final class ProblemLog {
  private(set) var problems: [SettingsProblem] = []

  func add(_ place: SettingsPlace, _ key: String, _ japanese: String, _ english: String) {
    let problem = SettingsProblem(place: place, key: key, japanese: japanese, english: english)
    if !problems.contains(problem) { problems.append(problem) }
  }

  /// Those of the file by line, then the others.
  var sorted: [SettingsProblem] {
    func line(_ p: SettingsProblem) -> Int {
      if case .file(_, let line) = p.place { line } else { .max }
    }
    return problems.enumerated().sorted { (line($0.element), $0.offset) < (line($1.element), $1.offset) }.map(\.element)
  }
}
