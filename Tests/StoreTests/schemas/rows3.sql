-- From version 3 on: somebody has acknowledged the leak, after the last reading.
INSERT INTO action (slot, kind, time, first, last, event_key, person, note, said) VALUES
  (0, 1, 1760003300000, 0, 0, 'evt_b', '山田', '見た', 1760003300000);
INSERT INTO history VALUES (121, -2, 1760003300000, 1760003300000, 1, NULL);
