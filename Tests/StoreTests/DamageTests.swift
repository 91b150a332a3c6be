import Foundation
import TestSupport
import Testing

@testable import Store

/// Damage that no query meets.
struct DamageTests {
  /// A database with `rows` readings, folded into its file.
  private func make(_ home: String, rows: Int) throws {
    let store = try Store(directory: home)
    try store.commit(StoreTests.batch(0..<rows, isNew: true))
    try store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  private func damagePage(_ home: String) throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: Store.file(in: home)))
    try handle.seek(toOffset: try handle.seekToEnd() / 2 / 4096 * 4096)
    try handle.write(contentsOf: Data(repeating: 0xa5, count: 4096))
    try handle.close()
  }

  /// Rows that are in the table and not in its index, as a flipped bit leaves them.
  private func damageIndex(_ home: String) throws {
    let db = try Database(path: Store.file(in: home), readOnly: false)
    try db.execute(
      """
      PRAGMA writable_schema=ON;
      CREATE TABLE saved AS SELECT * FROM sqlite_master WHERE name = 'action_by_slot';
      DELETE FROM sqlite_master WHERE name = 'action_by_slot';
      PRAGMA writable_schema=RESET;
      INSERT INTO action (slot, kind, time, first, last, person, note, said) VALUES (0, 1, 1, 1, 1, '', '', 1);
      PRAGMA writable_schema=ON;
      INSERT INTO sqlite_master SELECT * FROM saved;
      DROP TABLE saved;
      PRAGMA writable_schema=RESET;
      """)
  }

  @Test func aWholeDatabasePassesAndADamagedPageIsFound() throws {
    let home = try TemporaryDirectory()
    try make(home.path, rows: 20_000)
    try DamageCheck(directory: home.path).run()
    try damagePage(home.path)
    let error = #expect(throws: StoreError.self) { try DamageCheck(directory: home.path).run() }
    guard case .corrupt = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func itCanBeBrokenOff() throws {
    let home = try TemporaryDirectory()
    try make(home.path, rows: 20_000)
    try damagePage(home.path)
    let check = DamageCheck(directory: home.path)
    check.cancel()
    try check.run()
  }

  @Test func itCanBeBrokenOffWhileItRuns() throws {
    let home = try TemporaryDirectory()
    try make(home.path, rows: 400_000)
    let check = DamageCheck(directory: home.path)
    let clock = ContinuousClock()
    let whole = try clock.measure { try check.run() }
    let delay = UInt32(whole / .microseconds(8))
    let part = try clock.measure {
      Thread.detachNewThread {
        usleep(delay)
        check.cancel()
      }
      try check.run()
    }
    #expect(part < whole / 2, "broken off after \(part) of \(whole)")
  }

  @Test func indexesThatDisagreeAreMadeAnew() throws {
    let home = try TemporaryDirectory()
    try make(home.path, rows: 100)
    try damageIndex(home.path)
    #expect(throws: StoreError.self) { try DamageCheck(directory: home.path).run() }
    do {
      let store = try Store(directory: home.path, checksIntegrity: true, isSuspect: true)
      #expect(store.indexDamage?.contains("action_by_slot") == true)
      #expect(store.position == 100)
      #expect(try StoreReader(directory: home.path).actions(slot: 0).count == 1)
    }
    try DamageCheck(directory: home.path).run()
    #expect(try Store(directory: home.path, checksIntegrity: true, isSuspect: true).indexDamage == nil)
  }
}
