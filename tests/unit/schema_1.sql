-- kwipd's whole schema as of today. store/migrate.c brings older files here; a test compares both.
-- Ids of kwips, accounts and relations are made by us: 48 bits of milliseconds, 16 of node and
-- sequence, so they sort by time and need no created_at of their own. Times are milliseconds UTC.
-- Booleans are 0 or 1. Tables keyed by a pair are WITHOUT ROWID: the pair is the row's place.

-- Facts about this file: schema (version), epoch (new at every restore; the cache is bound to it), secret (hex; signs CSRF tokens), created_at.
CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

-- People, local and remote. What is secret about local ones stands in login.
CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,                      -- as written; unique without regard to case, per domain
	name_key TEXT NOT NULL,                  -- lower case
	domain TEXT NOT NULL DEFAULT '',         -- '' for local ones
	display_name TEXT NOT NULL DEFAULT '',
	about TEXT NOT NULL DEFAULT '',          -- source text
	fields TEXT NOT NULL DEFAULT '[]',       -- JSON: [[name, value], ...]
	avatar TEXT NOT NULL DEFAULT '',         -- path below /media; '' is the drawn default
	header TEXT NOT NULL DEFAULT '',
	state INTEGER NOT NULL DEFAULT 0,        -- enum account_state
	role INTEGER NOT NULL DEFAULT 0,         -- enum account_role
	locked INTEGER NOT NULL DEFAULT 0,       -- follows need consent
	bot INTEGER NOT NULL DEFAULT 0,
	discoverable INTEGER NOT NULL DEFAULT 1,
	indexable INTEGER NOT NULL DEFAULT 1,
	hide_collections INTEGER NOT NULL DEFAULT 0,
	kwips_count INTEGER NOT NULL DEFAULT 0,
	followers_count INTEGER NOT NULL DEFAULT 0,
	following_count INTEGER NOT NULL DEFAULT 0,
	last_kwip INTEGER,                       -- id of the newest kwip that is not direct
	uri TEXT,                                -- ActivityPub id of a remote one
	url TEXT,
	inbox TEXT,
	shared_inbox TEXT,
	public_key TEXT,
	fetched_at INTEGER
);
CREATE UNIQUE INDEX account_name ON account (name_key, domain);
CREATE UNIQUE INDEX account_uri ON account (uri) WHERE uri IS NOT NULL;

-- How a local account gets in, and its private preferences.
CREATE TABLE login (
	account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
	email TEXT,                              -- as written
	email_key TEXT,                          -- lower case, unique
	password TEXT NOT NULL,                  -- Argon2id, libsodium's printable form; '' = no password login
	language TEXT NOT NULL DEFAULT '',
	default_visibility INTEGER NOT NULL DEFAULT 0,
	default_sensitive INTEGER NOT NULL DEFAULT 0,
	show_repeats INTEGER NOT NULL DEFAULT 0, -- timelines show what was said before
	default_order INTEGER NOT NULL DEFAULT 0,-- 0 active, 1 recent: what the home page opens with
	invited_by INTEGER,
	last_login_at INTEGER,
	notices_read INTEGER NOT NULL DEFAULT 0  -- id of the newest notice seen
);
CREATE UNIQUE INDEX login_email ON login (email_key) WHERE email_key IS NOT NULL;

-- Browser sessions: BLAKE2b of the cookie's secret.
CREATE TABLE session (
	hash BLOB PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	agent TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX session_account ON session (account);
CREATE INDEX session_expires ON session (expires_at);

-- Client applications of the API; row 1 is kwipd itself (the web pages).
CREATE TABLE app (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	website TEXT NOT NULL DEFAULT '',
	client_id TEXT NOT NULL UNIQUE,
	client_secret BLOB NOT NULL,             -- hash
	redirect_uris TEXT NOT NULL DEFAULT '',
	scopes TEXT NOT NULL DEFAULT 'read',
	created_at INTEGER NOT NULL
);

-- Bearer tokens: BLAKE2b of the token.
CREATE TABLE token (
	hash BLOB PRIMARY KEY,
	account INTEGER REFERENCES account (id) ON DELETE CASCADE, -- NULL: an app's own token
	app INTEGER NOT NULL REFERENCES app (id),
	scopes TEXT NOT NULL,
	created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX token_account ON token (account);

-- One-time links: setup of the first admin, password reset. BLAKE2b of the link's secret.
CREATE TABLE ticket (
	hash BLOB PRIMARY KEY,
	kind INTEGER NOT NULL,                   -- enum ticket_kind
	account INTEGER REFERENCES account (id) ON DELETE CASCADE,
	expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX ticket_account ON ticket (account);
CREATE INDEX ticket_expires ON ticket (expires_at);

-- Invitations by members; the code is meant to be passed on and so is kept readable.
CREATE TABLE invite (
	code TEXT PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	uses INTEGER NOT NULL DEFAULT 0,
	max_uses INTEGER NOT NULL DEFAULT 1,     -- 0: no limit
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX invite_account ON invite (account);

-- Everything said: kwips, comments (reply_to set) and boosts (boost_of set, no text of their own).
CREATE TABLE kwip (
	id INTEGER PRIMARY KEY,
	author INTEGER NOT NULL REFERENCES account (id),
	conversation INTEGER NOT NULL,           -- id of the root; its own for a root or a boost; stays when the root is deleted
	reply_to INTEGER,                        -- the kwip answered; may be gone
	reply_to_author INTEGER,
	boost_of INTEGER,                        -- deleted together with the boosted
	visibility INTEGER NOT NULL DEFAULT 0,   -- enum visibility
	app INTEGER NOT NULL DEFAULT 1,          -- where it was said; an app's id
	body TEXT NOT NULL DEFAULT '',           -- source text (local), sanitised HTML (remote)
	warning TEXT NOT NULL DEFAULT '',
	sensitive INTEGER NOT NULL DEFAULT 0,
	language TEXT NOT NULL DEFAULT '',
	edited_at INTEGER,
	activity INTEGER NOT NULL,               -- roots: id of the last comment that counts, or their own id
	comments_count INTEGER NOT NULL DEFAULT 0, -- roots: comments in the conversation; others: direct answers
	boosts_count INTEGER NOT NULL DEFAULT 0,
	favourites_count INTEGER NOT NULL DEFAULT 0,
	repeat_of INTEGER,                       -- the first kwip that said the same; hidden from timelines
	repeats_count INTEGER NOT NULL DEFAULT 0,-- on the first: how many later ones there are
	uri TEXT,                                -- ActivityPub id of a remote one
	url TEXT
);
CREATE INDEX kwip_author ON kwip (author, id);
CREATE INDEX kwip_author_active ON kwip (author, activity) WHERE reply_to IS NULL AND boost_of IS NULL;
CREATE INDEX kwip_public ON kwip (id) WHERE visibility = 0 AND reply_to IS NULL AND boost_of IS NULL AND repeat_of IS NULL;
CREATE INDEX kwip_public_active ON kwip (activity) WHERE visibility = 0 AND reply_to IS NULL AND boost_of IS NULL AND repeat_of IS NULL;
CREATE INDEX kwip_conversation ON kwip (conversation, id) WHERE reply_to IS NOT NULL;
CREATE INDEX kwip_boost ON kwip (boost_of, author) WHERE boost_of IS NOT NULL;
CREATE INDEX kwip_repeat ON kwip (repeat_of, id) WHERE repeat_of IS NOT NULL;
CREATE UNIQUE INDEX kwip_uri ON kwip (uri) WHERE uri IS NOT NULL;

-- What a kwip said before each edit.
CREATE TABLE kwip_edit (
	kwip INTEGER NOT NULL REFERENCES kwip (id) ON DELETE CASCADE,
	at INTEGER NOT NULL,                     -- when this text was replaced
	body TEXT NOT NULL,
	warning TEXT NOT NULL,
	sensitive INTEGER NOT NULL,
	PRIMARY KEY (kwip, at)
) WITHOUT ROWID;

-- What is gone, so that it can answer 410 and is never taken in again.
CREATE TABLE tombstone (
	id INTEGER PRIMARY KEY,
	author INTEGER NOT NULL,
	uri TEXT,
	at INTEGER NOT NULL
);

-- Who is named in a kwip.
CREATE TABLE mention (
	kwip INTEGER NOT NULL REFERENCES kwip (id) ON DELETE CASCADE,
	account INTEGER NOT NULL REFERENCES account (id),
	PRIMARY KEY (kwip, account)
) WITHOUT ROWID;
CREATE INDEX mention_account ON mention (account, kwip);

CREATE TABLE tag (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE                -- folded, without '#'
);
CREATE TABLE kwip_tag (
	tag INTEGER NOT NULL REFERENCES tag (id),
	kwip INTEGER NOT NULL REFERENCES kwip (id) ON DELETE CASCADE,
	PRIMARY KEY (tag, kwip)
) WITHOUT ROWID;
CREATE INDEX kwip_tag_kwip ON kwip_tag (kwip, tag);

-- Links found in a kwip, in order.
CREATE TABLE link (
	kwip INTEGER NOT NULL REFERENCES kwip (id) ON DELETE CASCADE,
	place INTEGER NOT NULL,
	url TEXT NOT NULL,
	PRIMARY KEY (kwip, place)
) WITHOUT ROWID;

-- actor follows target; pending = asked, not yet allowed. id orders the lists.
CREATE TABLE follow (
	actor INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	target INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	pending INTEGER NOT NULL DEFAULT 0,
	boosts INTEGER NOT NULL DEFAULT 1,       -- show the target's boosts
	notify INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (actor, target)
) WITHOUT ROWID;
CREATE INDEX follow_target ON follow (target, pending, id);
CREATE INDEX follow_notify ON follow (target, actor) WHERE notify = 1;

CREATE TABLE block (
	actor INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	target INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	PRIMARY KEY (actor, target)
) WITHOUT ROWID;
CREATE INDEX block_target ON block (target, actor);

CREATE TABLE mute (
	actor INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	target INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	notices INTEGER NOT NULL DEFAULT 1,      -- notices are muted too
	expires_at INTEGER,
	PRIMARY KEY (actor, target)
) WITHOUT ROWID;
CREATE INDEX mute_target ON mute (target, actor);
CREATE INDEX mute_expires ON mute (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE favourite (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	kwip INTEGER NOT NULL REFERENCES kwip (id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	PRIMARY KEY (account, kwip)
) WITHOUT ROWID;
CREATE INDEX favourite_account ON favourite (account, id);
CREATE INDEX favourite_kwip ON favourite (kwip, id);

CREATE TABLE bookmark (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	kwip INTEGER NOT NULL REFERENCES kwip (id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	PRIMARY KEY (account, kwip)
) WITHOUT ROWID;
CREATE INDEX bookmark_account ON bookmark (account, id);
CREATE INDEX bookmark_kwip ON bookmark (kwip);

-- Conversations whose notices somebody does not want. kwip is the root.
CREATE TABLE conversation_mute (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	kwip INTEGER NOT NULL,
	PRIMARY KEY (account, kwip)
) WITHOUT ROWID;
CREATE INDEX conversation_mute_kwip ON conversation_mute (kwip, account);

-- Notifications. Ids are small counters: clients take them as 32-bit numbers.
CREATE TABLE notice (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	kind INTEGER NOT NULL,                   -- enum notice_kind
	actor INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	kwip INTEGER REFERENCES kwip (id) ON DELETE CASCADE,
	at INTEGER NOT NULL
);
CREATE INDEX notice_account ON notice (account, id);
CREATE INDEX notice_kwip ON notice (kwip) WHERE kwip IS NOT NULL;
CREATE INDEX notice_actor ON notice (actor, account, kind, kwip);

-- Idempotency-Key of a posted kwip, kept for a day.
CREATE TABLE idempotency (
	account INTEGER NOT NULL,
	key BLOB NOT NULL,                       -- 16-byte hash
	kwip INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (account, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);

-- The first kwip of every (author, app, visibility, normalised text): how repeats are found.
CREATE TABLE saying (
	hash BLOB PRIMARY KEY,                   -- 16 bytes
	kwip INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX saying_kwip ON saying (kwip);

-- The log: see store/event.h.
CREATE TABLE event (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	kind INTEGER NOT NULL,
	actor INTEGER NOT NULL DEFAULT 0,
	kwip INTEGER NOT NULL DEFAULT 0,
	target INTEGER NOT NULL DEFAULT 0,
	extra INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE reader (
	name TEXT PRIMARY KEY,
	seq INTEGER NOT NULL,
	at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE parked (
	reader TEXT NOT NULL,
	seq INTEGER NOT NULL,
	reason TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (reader, seq)
) WITHOUT ROWID;

INSERT INTO meta (key, value) VALUES ('schema', '1');
INSERT INTO app (id, name, website, client_id, client_secret, scopes, created_at) VALUES (1, 'Web', '', 'kwipd-web', x'', '', 0);
INSERT INTO app (id, name, website, client_id, client_secret, scopes, created_at) VALUES (2, 'API', '', 'kwipd-api', x'', 'read write follow push', 0);
