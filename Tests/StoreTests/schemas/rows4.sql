-- From version 4 on: the first delivery has been told again, as a reminder.
INSERT INTO delivery (endpoint, seq, round, state, attempts, queued, due, delivered)
  SELECT endpoint, seq, 1, 1, 1, 1760003400000, 1760003400000, 1760003400000 FROM delivery WHERE id = 1;
