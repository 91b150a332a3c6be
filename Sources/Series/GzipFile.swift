import CZlib
import Glibc

/// Whole files through zlib; a file that is not gzip is read as it is.
enum GzipFile {
  static func read(_ path: String) throws(SeriesError) -> [UInt8] {
    guard let file = gzopen(path, "rb") else {
      let missing = errno == ENOENT
      throw SeriesError(kind: missing ? .missing : .unreadable, file: path, line: 0, reason: String(cString: strerror(errno)))
    }
    defer { gzclose(file) }
    gzbuffer(file, 1 << 18)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let n = chunk.withUnsafeMutableBytes { gzread(file, $0.baseAddress, UInt32($0.count)) }
      guard n >= 0 else { throw SeriesError(kind: .unreadable, file: path, line: 0, reason: "broken gzip data, or a directory") }
      if n == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<Int(n)])
    }
  }

  static func write(_ bytes: [UInt8], to path: String) throws(SeriesError) {
    // "T": write through without compression.
    let mode = path.hasSuffix(".gz") ? "wb6" : "wbT"
    guard let file = gzopen(path, mode) else {
      throw SeriesError(kind: .unwritable, file: path, line: 0, reason: String(cString: strerror(errno)))
    }
    let written = bytes.withUnsafeBytes { gzwrite(file, $0.baseAddress, UInt32($0.count)) }
    guard gzclose(file) == Z_OK, Int(written) == bytes.count else {
      throw SeriesError(kind: .unwritable, file: path, line: 0, reason: "not written whole: \(String(cString: strerror(errno)))")
    }
  }
}
