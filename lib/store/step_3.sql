-- From schema 2 to 3. Additions go to the end.
ALTER TABLE preview ADD COLUMN author INTEGER;
ALTER TABLE preview ADD COLUMN author_host TEXT NOT NULL DEFAULT '';
CREATE TABLE joining (
	account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
	reason TEXT NOT NULL
);
