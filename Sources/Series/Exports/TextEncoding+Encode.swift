import Glibc

extension TextEncoding {
  /// What stands for a character that CP932 lacks: 〓 (U+3013), the printers' mark for a missing letter.
  public static let missing: Unicode.Scalar = "〓"

  /// A text as CP932, the Shift_JIS of Windows. What it lacks is replaced by `missing` and named, each once, in order.
  /// - Complexity: O(length)
  public static func cp932(_ text: String) -> (bytes: [UInt8], replaced: [Unicode.Scalar]) {
    guard let converter = iconv_open("CP932", "UTF-8"), Int(bitPattern: converter) != -1 else { return ([], []) }
    defer { iconv_close(converter) }
    let all = Array(text.utf8)
    var (bytes, replaced): ([UInt8], [Unicode.Scalar]) = ([], [])
    bytes.reserveCapacity(all.count)
    var from = 0
    while from < all.count {
      let (done, out) = convert(converter, all[from...])
      bytes += out
      from += done
      guard from < all.count, let scalar = String(decoding: all[from...].prefix(4), as: UTF8.self).unicodeScalars.first else { break }
      if !replaced.contains(scalar) { replaced.append(scalar) }
      bytes += convert(converter, Array(String(Character(missing)).utf8)[...]).out
      from += UTF8.width(scalar)
    }
    return (bytes, replaced)
  }

  /// As much as can be converted: bytes that were read, and what came of them.
  private static func convert(_ converter: iconv_t, _ text: ArraySlice<UInt8>) -> (done: Int, out: [UInt8]) {
    var input = Array(text)
    var left = input.count
    // Never longer than UTF-8.
    var out = [UInt8](repeating: 0, count: input.count + 8)
    var free = out.count
    input.withUnsafeMutableBytes { source in
      out.withUnsafeMutableBytes { target in
        var (read, written) = (
          source.baseAddress?.assumingMemoryBound(to: CChar.self), target.baseAddress?.assumingMemoryBound(to: CChar.self)
        )
        _ = iconv(converter, &read, &left, &written, &free)
      }
    }
    return (input.count - left, Array(out.prefix(out.count - free)))
  }
}
