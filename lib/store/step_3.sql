-- From schema 2 to 3. Additions go to the end.
CREATE TABLE joining (
	account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
	reason TEXT NOT NULL
);
