-- From version 6 on: a value that is no number, a reading that claimed to be ahead, one that came late, and a card.
INSERT INTO history VALUES (122, 1, 1760003400000, 1760003400250, 60, NULL);
INSERT INTO history VALUES (123, -3, 1760003460000, 1760003460000, 1, NULL);
INSERT INTO history VALUES (124, 1, 1760000030000, 1760003461000, 61, 0.30000000000000004);
INSERT INTO meter_card (sensor, name, person, said) VALUES ('t/a/1', '配水場', '山田', 1760003500000);
