import Readings

extension AlertMessage {
  /// By how much pressure fell: `25 kPa`, `0.12 MPa`.
  func fall(_ language: Language) -> String? {
    guard let size = transition.pressure?.size, size.isFinite else { return nil }
    return size >= 100 ? "\(Figures.decimal(size / 1000)) MPa" : "\(Int(size.rounded())) kPa"
  }

  /// The sentence that says when pressure fell and by how much; in English its beginning, in the middle of a sentence.
  func fallAt(_ language: Language) -> String? {
    guard let fall = fall(language), let time = transition.pressure?.time else { return nil }
    let (when, name) = (Figures.time(time, calendar, language), pressureName)
    switch language {
    case .ja: return "\(when) に\(name.map { "「\($0)」の" } ?? "")水圧が \(fall) 下がりました。"
    case .en: return "pressure\(name.map { " at \"\($0)\"" } ?? "") fell by \(fall) at \(when), "
    }
  }
}
