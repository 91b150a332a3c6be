import CCrypto
import Glibc

extension Digest {
  /// SHA-256 of a file in pieces of 1 MB, or nil with `errno` set when it cannot be read.
  /// - Complexity: O(size of the file), constant memory.
  public static func sha256(ofFile path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    guard let context = mizumori_sha256_begin() else {
      errno = ENOMEM
      return nil
    }
    var out = [UInt8](repeating: 0, count: 32)
    let isRead = withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 16) { buffer in
      while true {
        let n = read(file, buffer.baseAddress, buffer.count)
        if n < 0, errno == EINTR { continue }
        guard n > 0 else { return n == 0 }
        guard mizumori_sha256_add(context, buffer.baseAddress, n) == 1 else { return false }
      }
    }
    let isDone = mizumori_sha256_end(context, &out) == 1
    return isRead && isDone ? out : nil
  }
}
