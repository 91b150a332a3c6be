-- From version 5 on: the service's table of sensors was full for a while, of which nobody was to be told.
INSERT INTO event VALUES ('evt_s', -1, 25, 0, 1, 1760003500000, 1760003500000, 1760003600000, 1760003600000);
INSERT INTO transition (seq, transition_key, event_key, slot, kind, change, severity, evidence, time, onset, first_onset, expected, observed,
    excess, volume, confidence, growing, imported) VALUES
  (4, 'msg_s1', 'evt_s', -1, 25, 1, 1, 64, 1760003500000, 1760003500000, 1760003500000, 0, 0, 0, 0, 1, 0, 1),
  (5, 'msg_s2', 'evt_s', -1, 25, 4, 1, 64, 1760003600000, 1760003500000, 1760003500000, 0, 0, 0, 0, 1, 0, 1);
