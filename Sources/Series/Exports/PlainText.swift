/// Makes one character of what people write in several ways.
public enum PlainText {
  /// Full-width letters, digits and signs become ASCII; `㎥` and `³`, `ℓ` and `㍑`, `−`, `℃` and the ideographic blank as well.
  ///
  /// Full-width commas, semicolons and quotation marks stay: they separate nothing.
  /// - Parameter text: valid UTF-8.
  /// - Complexity: O(bytes), one allocation.
  static func normalise(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(where: { $0 >= 0x80 }) else { return text }
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    var i = 0
    text.withUnsafeBufferPointer { b in
      while i < b.count {
        let c = b[i]
        if c == 0xC2, i + 1 < b.count, b[i + 1] == 0xB3 {
          out.append(51)
          i += 2
        } else if c >= 0xE0, c < 0xF0, i + 2 < b.count {
          append(UInt32(c & 0x0F) << 12 | UInt32(b[i + 1] & 0x3F) << 6 | UInt32(b[i + 2] & 0x3F), b[i..<(i + 3)], &out)
          i += 3
        } else {
          out.append(c)
          i += 1
        }
      }
    }
    return out
  }

  /// As `normalise` for bytes.
  public static func normalise(_ text: String) -> String { String(decoding: normalise(Array(text.utf8)), as: UTF8.self) }

  private static func append(_ scalar: UInt32, _ original: Slice<UnsafeBufferPointer<UInt8>>, _ out: inout [UInt8]) {
    switch scalar {
    case 0x3000: out.append(32)
    case 0xFF02, 0xFF0C, 0xFF1B: out.append(contentsOf: original)
    case 0xFF01...0xFF5E: out.append(UInt8(scalar - 0xFF01 + 0x21))
    case 0x2212: out.append(45)
    case 0x33A5: out.append(contentsOf: [109, 51])
    case 0x2113, 0x3351: out.append(76)
    case 0x2103: out.append(67)
    default: out.append(contentsOf: original)
    }
  }
}
