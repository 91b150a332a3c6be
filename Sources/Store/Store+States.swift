import Glibc

extension Store {
  /// Takes a state in a file, which must be on disk, as the newest checkpoint, and keeps the one before it.
  ///
  /// - Parameter waits: for the disk. If not, a power cut before the next `commit` may leave the checkpoints as they were.
  /// - Returns: files that no checkpoint names any more, for `removeStates`: not before the next `commit` when this did not wait.
  public func adopt(_ file: StateFile, position: Int64, waits: Bool) throws(StoreError) -> [String] {
    let before = try stateNames()
    let blob = file.blob
    let transaction = waits ? db.transaction : db.unsyncedTransaction
    try transaction { () throws(StoreError) in
      let s = try db.statement("INSERT INTO checkpoint (position, checksum, state) VALUES (?, ?, ?)")
      s.bind(1, position)
      s.bind(2, Checksum.of(blob, position))
      s.bind(3, blob)
      try s.run()
      try db.execute(Store.forgetOlder)
    }
    return before.subtracting(try stateNames()).map { "\(directory)/\($0)" }
  }

  /// Removes files that `adopt` gave back. From any thread; with hundreds of megabytes it takes a while.
  public static func removeStates(_ files: [String]) { for file in files { unlink(file) } }

  /// Removes all files of states that no checkpoint names: what a crash left behind. Not while one is being written.
  public func removeUnnamedStates() throws(StoreError) { StateFile.removeOthers(than: try stateNames(), in: directory) }

  /// Two checkpoints are kept.
  static let forgetOlder = "DELETE FROM checkpoint WHERE id NOT IN (SELECT id FROM checkpoint ORDER BY id DESC LIMIT 2)"

  func stateNames() throws(StoreError) -> Set<String> {
    let s = try db.statement("SELECT state FROM checkpoint WHERE length(state) < ?")
    defer { s.reset() }
    s.bind(1, StateFile.maximumBlob)
    var names: Set<String> = []
    while try s.step() {
      if let name = s.withBlob(0, { StateFile.name(in: Array($0)) }) { names.insert(name) }
    }
    return names
  }
}
