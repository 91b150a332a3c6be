/// The language of a printed report.
public enum ReportLanguage: String, Sendable, CaseIterable {
  case ja, en

  /// Picks one of two texts.
  func callAsFunction(_ ja: String, _ en: String) -> String { self == .ja ? ja : en }
}
