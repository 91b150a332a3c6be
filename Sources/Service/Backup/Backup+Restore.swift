import Glibc
import Store

extension Backup {
  /// What `restore` did.
  public struct Restored: Hashable, Sendable {
    /// Files that lie in the data directory now.
    public var placed: [String]
    /// What was there before, under its new name.
    public var setAside: [String]
  }

  /// Puts database, accounts and log into a data directory that no service uses.
  ///
  /// Each file is copied beside its place, waited for and renamed, the database last: a power cut leaves a directory that is as before, or
  /// one that a second `restore` mends.
  /// - Parameters:
  ///   - logFile: where the log of alerts belongs.
  ///   - replaces: whether what is there may be set aside; otherwise `.occupied`.
  ///   - stamp: makes the names of what is set aside unique, for example Unix seconds.
  public func restore(directory: String, logFile: String, replaces: Bool, stamp: Int64) throws(BackupError) -> Restored {
    let places = [
      (Backup.accounts, "\(directory)/\(Backup.accounts)"), (Backup.log, logFile), (Backup.database, Store.file(in: directory)),
    ]
    let wanted = places.filter { name, _ in manifest.files.contains { $0.name == name } }
    let hold: DirectoryHold
    do {
      hold = try DirectoryHold(directory: directory)
    } catch {
      throw .store(error)
    }
    defer { withExtendedLifetime(hold) {} }
    if !replaces, let taken = wanted.first(where: { access($0.1, F_OK) == 0 }) { throw .occupied(taken.1) }
    if let free = DiskSpace(of: directory)?.free {
      let needed = manifest.files.reduce(0) { $0 + $1.size }
      if free < needed { throw .noRoom(directory, free: free, needed: needed) }
    }
    var done = Restored(placed: [], setAside: [])
    for (name, place) in wanted {
      let part = place + ".restoring"
      unlink(part)
      try BackupFiles.copy("\(folder)/\(name)", to: part)
      done.setAside += try Backup.setAside(place, stamp)
      guard rename(part, place) == 0 else { throw BackupFiles.failure(place) }
      done.placed.append(place)
    }
    try BackupFiles.syncDirectory(directory)
    return done
  }

  /// Renames a file that is there; a database's log (WAL) goes with it, and the other files have none.
  private static func setAside(_ place: String, _ stamp: Int64) throws(BackupError) -> [String] {
    guard access(place, F_OK) == 0 else { return [] }
    let aside = "\(place).replaced-\(stamp)"
    do {
      try DamagedDatabase.move(place, to: aside)
    } catch {
      throw .store(error)
    }
    return [aside]
  }
}
