import Reports
import Series

/// A report as bytes of a file.
public enum ReportFile {
  /// CSV in `utf-8` (with the mark that Excel looks for) or `cp932`. What CP932 lacks is replaced by 〓, and a last row says what it was.
  public static func csv(_ report: Report, _ language: ReportLanguage, _ encoding: ReportEncoding) -> [UInt8] {
    let text = ReportCSV.text(report, language)
    switch encoding {
    case .utf8: return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    case .cp932:
      let (bytes, replaced) = TextEncoding.cp932(text)
      guard !replaced.isEmpty else { return bytes }
      let names = replaced.prefix(50).map { "U+" + String($0.value, radix: 16, uppercase: true) }.joined(separator: " ")
      let row =
        language == .ja
        ? "CP932 にない文字を〓に置き換えました,\(names)\r\n" : "Characters that CP932 lacks were replaced by 〓,\(names)\r\n"
      return bytes + TextEncoding.cp932(row).bytes
    }
  }
}
