import Digests
import Glibc

/// Small steps with files, each safe on the disk before the next.
enum BackupFiles {
  static func failure(_ path: String) -> BackupError { .file(path, String(cString: strerror(errno))) }

  static func size(_ path: String) -> Int64? {
    var info = stat()
    return stat(path, &info) == 0 ? Int64(info.st_size) : nil
  }

  /// Writes a new file for its owner only and waits for the disk.
  static func write(_ bytes: [UInt8], to path: String) throws(BackupError) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    var done = 0
    while done < bytes.count {
      let n = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress! + done, $0.count - done) }
      if n < 0, errno == EINTR { continue }
      guard n > 0 else { throw failure(path) }
      done += n
    }
    guard fsync(file) == 0 else { throw failure(path) }
  }

  /// Copies a file as long as it is now; what is appended meanwhile is left out.
  static func copy(_ from: String, to: String) throws(BackupError) {
    let source = open(from, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else { throw failure(from) }
    defer { close(source) }
    let target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard target >= 0 else { throw failure(to) }
    defer { close(target) }
    var left = Int(size(from) ?? 0)
    while left > 0 {
      let n = sendfile(target, source, nil, min(left, 1 << 24))
      if n < 0, errno == EINTR { continue }
      guard n >= 0 else { throw failure(to) }
      if n == 0 { break }
      left -= n
    }
    guard fsync(target) == 0 else { throw failure(to) }
  }

  /// Makes a rename or a new file last.
  static func syncDirectory(_ path: String) throws(BackupError) {
    let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw failure(path) }
    defer { close(directory) }
    // Some file systems of sticks have no fsync of directories.
    guard fsync(directory) == 0 || errno == EINVAL else { throw failure(path) }
  }

  static func describe(_ name: String, in folder: String) throws(BackupError) -> BackupManifest.File {
    let path = "\(folder)/\(name)"
    guard let size = size(path), let digest = Digest.sha256(ofFile: path) else { throw failure(path) }
    let digits = Array("0123456789abcdef")
    return BackupManifest.File(
      name: name, size: size, sha256: String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }))
  }

  /// Removes a folder of plain files.
  static func remove(folder: String) {
    for name in names(folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  static func names(_ folder: String) -> [String] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var out: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { out.append(name) }
    }
    return out.sorted()
  }
}
