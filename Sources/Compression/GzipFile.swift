import CZlib
import Glibc

/// Whole files through zlib; a file that is not gzip is read as it is.
public enum GzipFile {
  /// Why a file was not read or written; the text is the system's or zlib's.
  public enum Failure: Error, Hashable, Sendable {
    case missing(String)
    case unreadable(String)
    case unwritable(String)
  }

  /// Bytes that one call of zlib is given; its counts are 32 bits wide.
  private static let step = 1 << 20

  public static func read(_ path: String) throws(Failure) -> [UInt8] {
    guard let file = gzopen(path, "rb") else {
      let reason = String(cString: strerror(errno))
      throw errno == ENOENT ? .missing(reason) : .unreadable(reason)
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: step)
    gzbuffer(file, 1 << 18)
    var n: Int32
    repeat {
      n = chunk.withUnsafeMutableBytes { gzread(file, $0.baseAddress, UInt32($0.count)) }
      if n > 0 { bytes.append(contentsOf: chunk[..<Int(n)]) }
    } while n > 0
    // A file that was cut off reads like a shorter one; only closing it tells.
    let end = gzclose(file)
    guard n == 0, end == Z_OK else {
      let reason = end == Z_BUF_ERROR ? "the gzip data end too early: the file was cut off" : "broken gzip data, or a directory"
      throw .unreadable(reason)
    }
    return bytes
  }

  public static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    // "T": write through without compression.
    let mode = path.hasSuffix(".gz") ? "wb6" : "wbT"
    guard let file = gzopen(path, mode) else {
      throw .unwritable(String(cString: strerror(errno)))
    }
    var isWhole = true
    bytes.withUnsafeBytes { all in
      for from in stride(from: 0, to: all.count, by: step) where isWhole {
        let count = min(step, all.count - from)
        isWhole = gzwrite(file, all.baseAddress?.advanced(by: from), UInt32(count)) == Int32(count)
      }
    }
    guard gzclose(file) == Z_OK, isWhole else {
      throw .unwritable("not written whole: \(String(cString: strerror(errno)))")
    }
  }
}
