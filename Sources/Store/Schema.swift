import Glibc

/// The versions of the database. A migration is SQL that takes version n to n + 1; once released it never changes.
enum Schema {
  /// "MZMR": marks the file as ours.
  static let applicationID: Int64 = 0x4d5a_4d52
  static var version: Int { migrations.count }

  static let migrations: [String] = [
    """
    CREATE TABLE sensor (
      slot INTEGER PRIMARY KEY, municipality TEXT NOT NULL, zone TEXT NOT NULL, sensor TEXT NOT NULL, quantity INTEGER NOT NULL,
      first_seen INTEGER NOT NULL, UNIQUE (municipality, zone, sensor, quantity));
    -- rowid = order of arrival. slot -1: a tick, time passing without readings that changed something.
    CREATE TABLE history (
      id INTEGER PRIMARY KEY, slot INTEGER NOT NULL, time INTEGER NOT NULL, arrival INTEGER NOT NULL, seq INTEGER NOT NULL, value REAL);
    CREATE INDEX history_by_time ON history (slot, time);
    CREATE TABLE event (
      event_key TEXT PRIMARY KEY, slot INTEGER NOT NULL, kind INTEGER NOT NULL, is_open INTEGER NOT NULL, severity INTEGER NOT NULL,
      opened INTEGER NOT NULL, onset INTEGER NOT NULL, updated INTEGER NOT NULL, closed INTEGER) WITHOUT ROWID;
    CREATE INDEX event_by_slot ON event (slot, opened);
    CREATE INDEX event_by_time ON event (opened);
    -- Every change of every event, and at the same time the outbox: sinks follow `seq`.
    CREATE TABLE transition (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, transition_key TEXT NOT NULL UNIQUE, event_key TEXT NOT NULL, slot INTEGER NOT NULL,
      kind INTEGER NOT NULL, change INTEGER NOT NULL, severity INTEGER NOT NULL, evidence INTEGER NOT NULL, time INTEGER NOT NULL,
      onset INTEGER NOT NULL, first_onset INTEGER NOT NULL, expected REAL, observed REAL, excess REAL, volume REAL, confidence REAL,
      growing INTEGER NOT NULL);
    CREATE INDEX transition_by_event ON transition (event_key, seq);
    CREATE TABLE checkpoint (
      id INTEGER PRIMARY KEY AUTOINCREMENT, position INTEGER NOT NULL, checksum INTEGER NOT NULL, state BLOB NOT NULL);
    CREATE TABLE endpoint (
      name TEXT PRIMARY KEY, next_seq INTEGER NOT NULL, disabled TEXT, slow_until INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    CREATE TABLE delivery (
      id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, seq INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0,
      attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL, last_status INTEGER, last_error TEXT, delivered INTEGER,
      UNIQUE (endpoint, seq));
    CREATE INDEX delivery_due ON delivery (endpoint, state, due);
    """,
    """
    -- Rows of history that were imported from files, first ... last; what came of them is kept and told to nobody.
    CREATE TABLE import (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
    ALTER TABLE transition ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
    """,
    """
    -- What people said. Its place among the readings is a row of history with slot -2 and this id as seq.
    CREATE TABLE action (
      id INTEGER PRIMARY KEY AUTOINCREMENT, slot INTEGER NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL, first INTEGER NOT NULL,
      last INTEGER NOT NULL, event_key TEXT, person TEXT NOT NULL, note TEXT NOT NULL, said INTEGER NOT NULL);
    CREATE INDEX action_by_slot ON action (slot, id);
    CREATE INDEX action_by_event ON action (event_key, id);
    ALTER TABLE transition ADD COLUMN action INTEGER NOT NULL DEFAULT 0;
    """,
    """
    -- A delivery may be a reminder (round > 0), a part of another one (lead), the first of a digest (digest), or be dropped (state 3).
    CREATE TABLE delivery_4 (
      id INTEGER PRIMARY KEY AUTOINCREMENT, endpoint TEXT NOT NULL, seq INTEGER NOT NULL, round INTEGER NOT NULL DEFAULT 0,
      lead INTEGER, digest INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
      queued INTEGER NOT NULL, due INTEGER NOT NULL, last_status INTEGER, last_error TEXT, delivered INTEGER,
      UNIQUE (endpoint, seq, round));
    INSERT INTO delivery_4 (id, endpoint, seq, state, attempts, queued, due, last_status, last_error, delivered)
      SELECT id, endpoint, seq, state, attempts, coalesce(delivered, due), due, last_status, last_error, delivered FROM delivery;
    DROP TABLE delivery;
    ALTER TABLE delivery_4 RENAME TO delivery;
    CREATE INDEX delivery_due ON delivery (endpoint, state, due);
    CREATE INDEX delivery_queued ON delivery (endpoint, queued);
    CREATE INDEX delivery_lead ON delivery (lead) WHERE lead IS NOT NULL;
    """,
    """
    -- The service itself (SensorID.service), which has events too.
    INSERT INTO sensor VALUES (-1, '_', '_', 'mizumori', 0, 0);
    """,
    """
    -- The history up to `rollup.position` by local hours and days. A day's rows of all sensors lie together: what is made anew every ten
    -- minutes then lies in few pages.
    CREATE TABLE hour (
      day INTEGER NOT NULL, slot INTEGER NOT NULL, hour INTEGER NOT NULL, count INTEGER NOT NULL, sum REAL NOT NULL, low REAL NOT NULL,
      high REAL NOT NULL, PRIMARY KEY (day, slot, hour)) WITHOUT ROWID;
    CREATE TABLE day (
      day INTEGER NOT NULL, slot INTEGER NOT NULL, hours INTEGER NOT NULL, volume REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
      night REAL, PRIMARY KEY (day, slot)) WITHOUT ROWID;
    -- One row. Slots below `slot` are folded through `target` already while a round is under way (target not null). ready 0: being emptied.
    CREATE TABLE rollup (
      id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, target INTEGER, slot INTEGER NOT NULL, ready INTEGER NOT NULL,
      version INTEGER NOT NULL, utc_offset INTEGER NOT NULL, night_start INTEGER NOT NULL, night_end INTEGER NOT NULL);
    INSERT INTO rollup VALUES (1, 0, NULL, 0, 0, 0, 0, 0, 0);
    -- What people entered on the page beside the settings file. NULL = as the file says.
    CREATE TABLE meter_card (
      sensor TEXT PRIMARY KEY, name TEXT, zone_name TEXT, minimum_leak REAL, interval INTEGER, low REAL, high REAL, reverse INTEGER,
      parent TEXT, note TEXT, person TEXT NOT NULL, said INTEGER NOT NULL) WITHOUT ROWID;
    -- Works that recur. Sets of weekdays, weeks and days of the month are bits; zones and sensors are separated by spaces.
    CREATE TABLE work (
      id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, zones TEXT NOT NULL, sensors TEXT NOT NULL, start INTEGER NOT NULL,
      length INTEGER NOT NULL, weekdays INTEGER NOT NULL, weeks INTEGER NOT NULL, days INTEGER NOT NULL, first INTEGER, last INTEGER,
      person TEXT NOT NULL, said INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0);
    -- Month: year * 12 + month - 1; m3.
    CREATE TABLE billed (
      municipality TEXT NOT NULL, month INTEGER NOT NULL, volume REAL NOT NULL, person TEXT NOT NULL, said INTEGER NOT NULL,
      PRIMARY KEY (municipality, month)) WITHOUT ROWID;
    CREATE TABLE sensor_status (slot INTEGER PRIMARY KEY, battery REAL, battery_time INTEGER);
    CREATE INDEX action_by_window ON action (kind, last);
    CREATE INDEX action_by_said ON action (said);
    """,
    """
    -- The history in blocks; its rows are numbered in order of arrival (docs/decisions/0012). Newest first written: a block a commit.
    CREATE TABLE journal (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, data BLOB NOT NULL);
    -- What is older lies by sensors. Rows first ... last; event times of the readings among them.
    CREATE TABLE segment (
      number INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, from_time INTEGER NOT NULL,
      to_time INTEGER NOT NULL);
    -- id: segment's number << 32 | slot + 8.
    CREATE TABLE part (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
    -- Event times of a sensor's readings in all segments.
    CREATE TABLE extent (slot INTEGER PRIMARY KEY, from_time INTEGER NOT NULL, to_time INTEGER NOT NULL);
    """,
    """
    -- The fall of pressure that speaks for a leak: gauge, when, kPa. NULL = none.
    ALTER TABLE transition ADD COLUMN pressure_slot INTEGER;
    ALTER TABLE transition ADD COLUMN pressure_time INTEGER;
    ALTER TABLE transition ADD COLUMN pressure_drop REAL;
    """,
    """
    -- What one meter has told lately, what is open, what waits in a digest: without looking at all that ever was.
    CREATE INDEX transition_by_meter ON transition (slot, kind, seq);
    CREATE INDEX event_open ON event (slot, kind) WHERE is_open = 1;
    CREATE INDEX delivery_digest ON delivery (endpoint, seq) WHERE digest = 1 AND state = 0;
    """,
  ]

  /// Looks at a file before anything may write to it: one that is not ours, damaged or newer is refused untouched.
  ///
  /// A connection that may write folds the log that a crash left behind into the file when it closes; this one cannot.
  static func inspect(_ path: String, checksIntegrity: Bool = false) throws(StoreError) {
    guard access(path, F_OK) == 0 else { return }
    let db = try Database(path: path, readOnly: true)
    _ = try check(db)
    if checksIntegrity { try db.checkIntegrity(indexes: false) }
  }

  /// The version of a database that is ours and not newer than we know; 0 for an empty file.
  private static func check(_ db: Database) throws(StoreError) -> Int {
    let found = Int(try db.integer("PRAGMA user_version"))
    let application = try db.integer("PRAGMA application_id")
    let objects = try db.integer("SELECT count(*) FROM sqlite_master")
    guard found >= 0, objects == 0 || application == applicationID else {
      throw .foreign(file: db.path)
    }
    guard found <= version else { throw .newerSchema(file: db.path, found: found, known: version) }
    return found
  }

  /// What was committed survives a power cut; the log is folded into the file at 8 MB.
  static let synced = "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=2000"
  /// Nobody waits for the disk.
  static let unsynced = "PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0"

  /// Brings the database to the current version, each step in a transaction of its own: a crash leaves the version before it.
  ///
  /// - Parameter progress: of the history's conversion, which may take minutes.
  static func prepare(_ db: Database, progress: (MigrationProgress) -> Void = { _ in }) throws(StoreError) {
    let found = try check(db)
    try db.execute("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=OFF; \(synced)")
    for n in found..<version {
      try db.transaction { () throws(StoreError) in
        try db.execute(migrations[n])
        if n == 6 { try HistoryMigration.run(db, progress: progress) }
        try db.execute("PRAGMA application_id=\(applicationID); PRAGMA user_version=\(n + 1)")
      }
    }
    // The log of a large conversion would keep its size for good.
    if found > 0, found < version { try db.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
  }
}
