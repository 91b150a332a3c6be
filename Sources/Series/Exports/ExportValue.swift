/// What stands in a cell of values.
enum ExportValue: Equatable {
  case number(Double)
  /// Empty, `-`, `***`, 欠測 …
  case missing
  /// Something else.
  case text

  /// Reads `12.5`, `1,234.5`, `+3`, `▲3` (−3), `1.2E+03`. Full-width characters must have been normalised.
  /// - Complexity: O(length), no allocation but for rare numbers of more than 15 digits and for words.
  static func read(_ b: UnsafeBufferPointer<UInt8>) -> ExportValue {
    guard !b.isEmpty else { return .missing }
    if let v = number(b) { return .number(v) }
    return isMissing(b) ? .missing : .text
  }

  private static func number(_ b: UnsafeBufferPointer<UInt8>) -> Double? {
    var from = 0
    var negative = false
    if b.count > 3, b[0] == 0xE2, b[1] == 0x96, b[2] == 0xB2 || b[2] == 0xB3 {
      // ▲ or △: how accounts write a negative number.
      negative = true
      from = 3
    } else if b[0] == 43 {
      from = 1
    }
    guard from < b.count, b.count - from <= 40 else { return nil }
    let body = UnsafeBufferPointer(rebasing: b[from...])
    if from > 0, body[0] == 45 || body[0] == 43 { return nil }
    guard body.contains(44) else { return Decimal.read(body).map { negative ? -$0 : $0 } }
    guard hasWholeGroups(body) else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: body.count) { plain in
      var n = 0
      for c in body where c != 44 {
        plain[n] = c
        n += 1
      }
      return Decimal.read(UnsafeBufferPointer(rebasing: plain[..<n])).map { negative ? -$0 : $0 }
    }
  }

  /// Commas stand where thousands end: `12,5` is no number of ours.
  private static func hasWholeGroups(_ b: UnsafeBufferPointer<UInt8>) -> Bool {
    var digits = 0
    var commas = 0
    for c in b.dropFirst(b[0] == 45 ? 1 : 0) {
      if c >= 48 && c <= 57 {
        digits += 1
      } else if c == 44 {
        guard commas == 0 ? (1...3).contains(digits) : digits == 3 else { return false }
        commas += 1
        digits = 0
      } else {
        break
      }
    }
    return commas > 0 && digits == 3
  }

  /// What loggers, SCADA and spreadsheets write where there is no value.
  static let missingWords: Set<String> = [
    "欠測", "欠", "欠損", "欠値", "異常", "故障", "断", "通信断", "停止", "休止", "保守", "点検", "点検中", "調整中", "未計測", "未受信", "無効", "なし", "ー", "―", "－", "‐", "–",
    "—", "×", "nan", "null", "nil", "none", "n/a", "na", "#n/a", "#ref!", "#value!", "#div/0!", "#num!", "#name?", "#null!", "err", "error",
    "bad", "fail", "invalid", "no data", "nodata", "x", "inf", "-inf", "---.-", "over",
  ]

  private static func isMissing(_ b: UnsafeBufferPointer<UInt8>) -> Bool {
    // Runs of signs: -, ---, ***, ///, --.-
    if b.allSatisfy({ $0 == 45 || $0 == 42 || $0 == 46 || $0 == 47 || $0 == 95 || $0 == 63 }) { return true }
    guard b.count <= 24 else { return false }
    let word = String(decoding: b, as: UTF8.self).lowercased()
    return missingWords.contains(word) || word.allSatisfy { $0 == "ー" || $0 == "―" || $0 == "×" || $0 == "＊" }
  }
}
