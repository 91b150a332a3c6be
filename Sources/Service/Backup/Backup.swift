import Accounts
import Glibc
import Readings
import Settings
import Store

/// A folder with all that a town's box needs to go on elsewhere: database, accounts, log, settings. No secrets of the settings.
public struct Backup: Sendable {
  static let database = Store.fileName
  static let accounts = AccountFile.name
  static let log = MizumoriSettings.Alerts.logName
  static let settings = "mizumori.yaml"
  /// Names of folders begin so; then follow date and time.
  static let prefix = "mizumori-"

  public let folder: String
  public let manifest: BackupManifest

  /// Makes a backup in a new folder within `parent`, beside the running service or without it.
  ///
  /// The folder gets its name when all of it is on the disk: what has the name of a backup is one.
  /// - Parameters:
  ///   - settingsFile: to be copied too; nil when there is none.
  ///   - hasLog: whether the log of alerts goes with it.
  public static func make(
    _ settings: MizumoriSettings, settingsFile: String?, version: String, parent: String, hasLog: Bool, now: Timestamp
  ) throws(BackupError) -> Backup {
    let data = settings.data.directory
    guard let needed = BackupFiles.size(Store.file(in: data)) else { throw .noData(data) }
    let made = now.iso8601(offset: settings.utility.offset)
    let name = prefix + String(made.prefix(19).filter { $0 != "-" && $0 != ":" }.map { $0 == "T" ? "-" : $0 })
    let (folder, part) = ("\(parent)/\(name)", "\(parent)/.\(name).part")
    guard access(folder, F_OK) != 0 else { throw .occupied(folder) }
    if let free = DiskSpace(of: parent)?.free, free < needed { throw .noRoom(parent, free: free, needed: needed) }
    BackupFiles.remove(folder: part)
    guard mkdir(part, 0o700) == 0 else { throw BackupFiles.failure(part) }
    do throws(BackupError) {
      let manifest = try fill(part, settings, settingsFile, version, made, hasLog)
      guard rename(part, folder) == 0 else { throw BackupFiles.failure(folder) }
      try BackupFiles.syncDirectory(parent)
      return Backup(folder: folder, manifest: manifest)
    } catch {
      BackupFiles.remove(folder: part)
      throw error
    }
  }

  private static func fill(
    _ part: String, _ settings: MizumoriSettings, _ settingsFile: String?, _ version: String, _ made: String, _ hasLog: Bool
  ) throws(BackupError) -> BackupManifest {
    let facts: StoreBackup
    do {
      facts = try StoreBackup.copy(directory: settings.data.directory, to: "\(part)/\(database)")
    } catch {
      throw .store(error)
    }
    var others = [(accounts, "\(settings.data.directory)/\(accounts)")]
    if hasLog { others.append((log, settings.alerts.logFile)) }
    if let settingsFile { others.append((Backup.settings, settingsFile)) }
    var names = [database]
    for (name, source) in others where access(source, F_OK) == 0 {
      try BackupFiles.copy(source, to: "\(part)/\(name)")
      names.append(name)
    }
    var files: [BackupManifest.File] = []
    for name in names { files.append(try BackupFiles.describe(name, in: part)) }
    let manifest = BackupManifest(version: version, made: made, utility: settings.utility.name, database: facts, files: files)
    try manifest.write(folder: part)
    try BackupFiles.syncDirectory(part)
    return manifest
  }

  /// A backup that is there, its files compared with what was written and the database looked through.
  /// - Complexity: O(size)
  public init(checking folder: String) throws(BackupError) {
    self.folder = folder
    manifest = try BackupManifest(folder: folder)
    for file in manifest.files {
      let path = "\(folder)/\(file.name)"
      // A name with a slash could point elsewhere.
      guard !file.name.contains("/"), access(path, R_OK) == 0, try BackupFiles.describe(file.name, in: folder) == file else {
        throw .changed(path)
      }
    }
    guard manifest.files.contains(where: { $0.name == Backup.database }) else { throw .notOne(folder) }
    do {
      _ = try StoreBackup.check("\(folder)/\(Backup.database)")
    } catch {
      throw .store(error)
    }
  }

  private init(folder: String, manifest: BackupManifest) {
    self.folder = folder
    self.manifest = manifest
  }

  /// Removes the oldest backups within `parent` until `count` are left. Folders without a manifest of ours are not touched.
  /// - Returns: what was removed.
  public static func prune(_ parent: String, keeping count: Int) -> [String] {
    let all = BackupFiles.names(parent).filter { $0.hasPrefix(prefix) }.map { "\(parent)/\($0)" }
      .filter { (try? BackupManifest(folder: $0)) != nil }
    // Names are in order of time.
    let old = all.dropLast(max(1, count))
    for folder in old { BackupFiles.remove(folder: folder) }
    return Array(old)
  }
}
