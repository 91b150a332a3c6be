import Readings

extension AlertMessage {
  /// By how much pressure fell: `25 kPa`, `0.12 MPa`.
  func fall(_ language: Language) -> String? {
    guard let size = transition.pressure?.size, size.isFinite else { return nil }
    return size >= 100 ? "\(Figures.decimal(size / 1000)) MPa" : "\(Int(size.rounded())) kPa"
  }

  /// When pressure fell and by how much, without an end: `11月23日 02:12 に「末端水圧」の水圧が 25 kPa 下がりました`, `pressure fell by …`.
  func fallAt(_ language: Language) -> String? {
    guard let fall = fall(language), let time = transition.pressure?.time else { return nil }
    let when = Figures.time(time, calendar, language)
    switch language {
    case .ja: return "\(when) に\(pressureName.map { "「\($0)」の" } ?? "")水圧が \(fall) 下がりました"
    case .en: return "pressure\(pressureName.map { " at \"\($0)\"" } ?? "") fell by \(fall) at \(when)"
    }
  }

  /// The same as a sentence of its own.
  func fallSentence(_ language: Language) -> String? {
    fallAt(language).map { language == .ja ? $0 + "。" : $0.prefix(1).uppercased() + String($0.dropFirst()) + "." }
  }
}
