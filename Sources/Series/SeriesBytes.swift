import Compression

/// The bytes of a series or export, packed by gzip or not.
enum SeriesBytes {
  static func read(_ path: String) throws(SeriesError) -> [UInt8] {
    do { return try GzipFile.read(path) } catch { throw SeriesError(error, path) }
  }

  static func write(_ bytes: [UInt8], to path: String) throws(SeriesError) {
    do { try GzipFile.write(bytes, to: path) } catch { throw SeriesError(error, path) }
  }
}

extension SeriesError {
  init(_ failure: GzipFile.Failure, _ path: String) {
    switch failure {
    case .missing(let reason): self.init(kind: .missing, file: path, line: 0, reason: reason)
    case .unreadable(let reason): self.init(kind: .unreadable, file: path, line: 0, reason: reason)
    case .unwritable(let reason): self.init(kind: .unwritable, file: path, line: 0, reason: reason)
    }
  }
}
