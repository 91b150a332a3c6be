import Glibc

/// How the text of an export is written in bytes.
public enum TextEncoding: String, Sendable {
  case utf8 = "UTF-8"
  /// With a byte order mark, as Excel's "Unicode text".
  case utf16 = "UTF-16"
  /// Shift_JIS as Windows writes it.
  case cp932 = "CP932"

  /// A byte order mark decides; else what is valid UTF-8 is UTF-8, and the rest is CP932. O(bytes).
  static func detect(_ bytes: [UInt8]) -> TextEncoding {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return .utf16 }
    return String(validating: bytes, as: UTF8.self) == nil ? .cp932 : .utf8
  }

  /// The text as UTF-8 without a byte order mark. O(bytes).
  /// - Throws: `.unreadable` with the line of the first byte that is not of this encoding.
  func decode(_ bytes: [UInt8], path: String) throws(SeriesError) -> [UInt8] {
    switch self {
    case .utf8: return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    case .utf16, .cp932: break
    }
    let (text, failedAt) = TextEncoding.convert(bytes, from: rawValue)
    guard let failedAt else { return text }
    let line = 1 + bytes.prefix(failedAt).count { $0 == 10 }
    throw SeriesError(
      kind: .unreadable, file: path, line: line,
      reason: "文字コードが分かりません（UTF-8 でも CP932 でもない） / neither UTF-8 nor CP932: save it as CSV UTF-8")
  }

  /// Through glibc's iconv. Returns what was converted, and where it stopped if it did.
  private static func convert(_ bytes: [UInt8], from name: String) -> (text: [UInt8], failedAt: Int?) {
    guard let converter = iconv_open("UTF-8", name), Int(bitPattern: converter) != -1 else { return ([], 0) }
    defer { iconv_close(converter) }
    var input = bytes
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count + bytes.count / 2)
    var chunk = [CChar](repeating: 0, count: 1 << 16)
    var left = bytes.count
    var isStuck = false
    input.withUnsafeMutableBytes { all in
      var source = all.baseAddress?.assumingMemoryBound(to: CChar.self)
      while left > 0, !isStuck {
        chunk.withUnsafeMutableBufferPointer { room in
          var target = room.baseAddress
          var free = room.count
          // E2BIG: the chunk is full and the rest follows in the next round.
          if iconv(converter, &source, &left, &target, &free) == -1, errno != E2BIG { isStuck = true }
          for c in room.prefix(room.count - free) { out.append(UInt8(bitPattern: c)) }
        }
      }
    }
    return (out, isStuck ? bytes.count - left : nil)
  }
}
