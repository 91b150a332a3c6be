-- What every version holds: two meters with 60 readings each, a fault that ended, a leak that is open, and a receiver that was told the first
-- change, gave up on the second and waits for its third attempt with the last.
INSERT INTO sensor VALUES (0, 't', 'z', 'm00', 1, 1760000000000), (1, 't', 'z', 'm01', 1, 1760000000000);
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 119)
INSERT INTO history SELECT i + 1, i % 2, 1760000000000 + i / 2 * 60000, 1760000000250 + i / 2 * 60000, i / 2, 10 + (i / 2 * 7 + i % 2) % 5 FROM n;
INSERT INTO event VALUES
  ('evt_a', 0, 18, 0, 1, 1760000600000, 1760000540000, 1760001200000, 1760001200000),
  ('evt_b', 0, 1, 1, 2, 1760003000000, 1760002400000, 1760003000000, NULL);
INSERT INTO transition (seq, transition_key, event_key, slot, kind, change, severity, evidence, time, onset, first_onset, expected, observed,
    excess, volume, confidence, growing) VALUES
  (1, 'msg_a1', 'evt_a', 0, 18, 1, 1, 64, 1760000600000, 1760000540000, 1760000540000, 12, 15.5, 0, 0, 0.9, 0),
  (2, 'msg_a2', 'evt_a', 0, 18, 4, 1, 64, 1760001200000, 1760000540000, 1760000540000, 12, 15.5, 0, 0, 0.9, 0),
  (3, 'msg_b1', 'evt_b', 0, 1, 1, 2, 129, 1760003000000, 1760002400000, 1760002400000, 12, 15.5, 3.5, 7, 0.9, 0);
INSERT INTO endpoint (name, next_seq) VALUES ('hook', 4);
INSERT INTO delivery (id, endpoint, seq, state, attempts, due, last_status, last_error, delivered) VALUES
  (1, 'hook', 1, 1, 1, 1760000000000, 200, NULL, 1760000000000), (2, 'hook', 2, 2, 10, 1760000000000, 500, 'HTTP 500', NULL),
  (3, 'hook', 3, 0, 2, 1760000060000, 503, 'HTTP 503', NULL);
