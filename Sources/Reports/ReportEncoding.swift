/// How a report's CSV is written in bytes.
public enum ReportEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  /// Shift_JIS as Windows writes it.
  case cp932

  /// The charset of RFC 2046 (IANA's name).
  public var charset: String { self == .utf8 ? "utf-8" : "Windows-31J" }
}
