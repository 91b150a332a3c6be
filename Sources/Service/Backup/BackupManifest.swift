import FoundationEssentials
import Store

/// What lies in a backup, `manifest.json` of its folder.
public struct BackupManifest: Codable, Hashable, Sendable {
  /// A file of the backup. Its digest tells whether the stick or disk has changed it.
  public struct File: Codable, Hashable, Sendable {
    public var name: String
    /// Bytes.
    public var size: Int64
    /// SHA-256 in hexadecimal.
    public var sha256: String
  }

  public static let name = "manifest.json"
  static let currentFormat = 1

  public var format = currentFormat
  /// Version of the program that made it.
  public var version: String
  /// When it was begun, ISO 8601 with the utility's offset.
  public var made: String
  public var utility: String
  /// Version of the database's schema: a program that knows it or a later one can read it.
  public var schema: Int
  public var entries: Int64
  public var sensors: Int64
  public var events: Int64
  public var files: [File]

  init(version: String, made: String, utility: String, database: StoreBackup, files: [File]) {
    self.version = version
    self.made = made
    self.utility = utility
    schema = database.schema
    entries = database.entries
    sensors = database.sensors
    events = database.events
    self.files = files
  }

  /// - Throws: `BackupError.notOne` when the folder holds no manifest that this version can read.
  init(folder: String) throws(BackupError) {
    let path = "\(folder)/\(BackupManifest.name)"
    guard let data = try? Data(contentsOf: URL(filePath: path)), let found = try? JSONDecoder().decode(BackupManifest.self, from: data),
      found.format == BackupManifest.currentFormat
    else { throw .notOne(folder) }
    self = found
  }

  func write(folder: String) throws(BackupError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { throw .file(BackupManifest.name, "JSON") }
    try BackupFiles.write(Array(data) + [10], to: "\(folder)/\(BackupManifest.name)")
  }
}

/// Why there is no backup, or why it cannot be used.
public enum BackupError: Error, Equatable, CustomStringConvertible, Sendable {
  /// There is no database to copy.
  case noData(String)
  /// The folder is no backup, or one of a later version.
  case notOne(String)
  /// A file differs from what was written, or is missing.
  case changed(String)
  /// There is a database already where it should be put.
  case occupied(String)
  /// Bytes that are free and bytes that are needed.
  case noRoom(String, free: Int64, needed: Int64)
  /// A file and what the system said.
  case file(String, String)
  case store(StoreError)

  public var description: String {
    switch self {
    case .noData(let path): "\(path): 控えを取るデータがまだありません / there are no data yet"
    case .notOne(let path):
      "\(path): 水守の控えではないか、新しい版の控えです / no backup of mizumori, or one of a later version"
    case .changed(let path):
      "\(path): 控えを取ったときと中身が違います。この控えは使えません / differs from what was written: this backup cannot be used"
    case .occupied(let path):
      "\(path) にはもうデータがあります。置き換えるなら --replace を付けてください（いまのものは名前を変えて残します） / there are data already: --replace sets them aside and puts the backup in their place"
    case .noRoom(let path, let free, let needed):
      "\(path): 空きが足りません（空き \(free >> 20) MB、必要 \(needed >> 20) MB） / not enough room: \(free >> 20) MB free, \(needed >> 20) MB needed"
    case .file(let path, let detail): "\(path): \(detail)"
    case .store(let error): error.description
    }
  }
}
