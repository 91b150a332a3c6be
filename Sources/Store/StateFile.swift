import Glibc

/// A large state of the detector: a file of its own beside the database, which a row of `checkpoint` names once the file is on disk.
///
/// A file that no row names is nothing: a crash may leave one behind. Its name is never used again, so no database that was put back from a
/// backup finds a file of another course of things.
public final class StateFile: @unchecked Sendable {
  // @unchecked: `descriptor` changes once, in `close()`, which the owner calls when nobody writes any more; `pwrite` is safe from any thread.
  let name: String
  private let directory: String
  private var descriptor: Int32

  private static let prefix = "state-"
  /// Before the name in the blob of a row: "MZSF". A state itself begins otherwise.
  private static let mark: [UInt8] = [0x4d, 0x5a, 0x53, 0x46]

  /// Begins a new one.
  public init(directory: String, position: Int64) throws(StoreError) {
    self.directory = directory
    name = "\(StateFile.prefix)\(position)-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
    descriptor = open("\(directory)/\(name)", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw failure() }
  }

  /// Opens the one that the blob of a row names; nil for a blob that is a state itself, and for a file that is not there.
  init?(blob: [UInt8], directory: String) {
    guard let name = StateFile.name(in: blob) else { return nil }
    self.name = name
    self.directory = directory
    descriptor = open("\(directory)/\(name)", O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
  }

  deinit { close() }

  /// Nil for a blob that names no file.
  static func name(in blob: [UInt8]) -> String? {
    guard blob.starts(with: mark), blob.count < maximumBlob else { return nil }
    let name = String(decoding: blob.dropFirst(mark.count), as: UTF8.self)
    return name.hasPrefix(prefix) && !name.contains("/") ? name : nil
  }

  /// No blob that names a file is as long.
  static let maximumBlob = 200
  var blob: [UInt8] { StateFile.mark + Array(name.utf8) }

  /// From any thread.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let n = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if n < 0, errno == EINTR { continue }
      guard n > 0 else { throw failure() }
      done += n
    }
  }

  /// Sees that what was written is on disk.
  public func sync() throws(StoreError) { if fdatasync(descriptor) != 0 { throw failure() } }

  /// Sees that the file itself is found after a power cut.
  public func syncName() throws(StoreError) {
    guard fsync(descriptor) == 0 else { throw failure() }
    let parent = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard parent >= 0 else { throw failure() }
    defer { Glibc.close(parent) }
    guard fsync(parent) == 0 else { throw failure() }
  }

  /// Bytes; 0 when they cannot be asked for.
  var count: Int {
    var info = stat()
    return fstat(descriptor, &info) == 0 ? Int(info.st_size) : 0
  }

  /// Fills `out` with what stands from `offset` on.
  func read(at offset: Int, into out: UnsafeMutableRawBufferPointer) -> Bool {
    var done = 0
    while done < out.count {
      let n = pread(descriptor, out.baseAddress! + done, out.count - done, off_t(offset + done))
      if n < 0, errno == EINTR { continue }
      guard n > 0 else { return false }
      done += n
    }
    return true
  }

  public func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  public func remove() { unlink("\(directory)/\(name)") }

  private func failure() -> StoreError {
    let (code, operation) = (errno, "write \(directory)/\(name)")
    if code == ENOSPC || code == EDQUOT { return .diskFull(operation: operation) }
    return .io(operation: operation, detail: String(cString: strerror(code)))
  }

  /// Removes the files of states that are not among `named`. With hundreds of megabytes that takes a while.
  static func removeOthers(than named: Set<String>, in directory: String) {
    for name in names(in: directory) where !named.contains(name) { unlink("\(directory)/\(name)") }
  }

  /// Bytes of the largest one in a data directory, which a backup takes into its database; 0 without any.
  public static func largest(in directory: String) -> Int64 {
    names(in: directory).reduce(0) { most, name in
      var info = stat()
      return stat("\(directory)/\(name)", &info) == 0 ? max(most, Int64(info.st_size)) : most
    }
  }

  private static func names(in directory: String) -> [String] {
    guard let d = opendir(directory) else { return [] }
    defer { closedir(d) }
    var out: [String] = []
    while let entry = readdir(d) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasPrefix(prefix) { out.append(name) }
    }
    return out
  }
}

/// A state that was saved: in a row of the database, or in a file.
public enum StoredState: Sendable {
  case bytes([UInt8])
  case file(StateFile)

  public var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .file(let file): file.count
    }
  }

  /// Fills `out` with the bytes from `offset` on; false when they are not there.
  public func read(at offset: Int, into out: UnsafeMutableRawBufferPointer) -> Bool {
    switch self {
    case .file(let file): return file.read(at: offset, into: out)
    case .bytes(let bytes):
      guard offset >= 0, offset + out.count <= bytes.count else { return false }
      bytes.withUnsafeBytes { out.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + out.count])) }
      return true
    }
  }
}
