-- From version 2 on: the first readings came from a file.
INSERT INTO import VALUES (1, 20);
