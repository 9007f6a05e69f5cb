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
	fetched_at INTEGER,
	limited INTEGER NOT NULL DEFAULT 0,       -- shown only to followers; moderators' doing
	sensitized INTEGER NOT NULL DEFAULT 0,    -- all its media count as sensitive
	attribution TEXT NOT NULL DEFAULT '',     -- domains that may name it as author, separated by spaces
	avatar_description TEXT NOT NULL DEFAULT '',
	header_description TEXT NOT NULL DEFAULT '',
	show_media INTEGER NOT NULL DEFAULT 1,    -- these three: what clients show on the profile
	show_media_replies INTEGER NOT NULL DEFAULT 1,
	show_featured INTEGER NOT NULL DEFAULT 1
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
	notices_read INTEGER NOT NULL DEFAULT 0,  -- id of the newest notice seen
	quote_policy INTEGER NOT NULL DEFAULT 0,  -- enum quote_policy of new kwips
	expand_media INTEGER NOT NULL DEFAULT 0,  -- 0 standard, 1 show all, 2 hide all
	expand_warned INTEGER NOT NULL DEFAULT 0, -- open what stands behind a warning
	autoplay INTEGER NOT NULL DEFAULT 0
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
	url TEXT,
	quote_of INTEGER,                         -- the kwip quoted; may be gone
	quote_state INTEGER NOT NULL DEFAULT 0,   -- enum quote_state
	quote_policy INTEGER NOT NULL DEFAULT 0,  -- enum quote_policy: who may quote this one
	quotes_count INTEGER NOT NULL DEFAULT 0,
	media_count INTEGER NOT NULL DEFAULT 0,   -- attached media
	polled INTEGER NOT NULL DEFAULT 0         -- there is a poll
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
	media TEXT NOT NULL DEFAULT '[]',         -- JSON: [[id, description], ...] as it was
	options TEXT NOT NULL DEFAULT '[]',       -- JSON: titles of the poll's options as they were
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
	activity INTEGER,                        -- that of a public root, so that a tag has an active order too
	author INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (tag, kwip)
) WITHOUT ROWID;
CREATE INDEX kwip_tag_kwip ON kwip_tag (kwip, tag);
CREATE INDEX kwip_tag_active ON kwip_tag (tag, activity) WHERE activity IS NOT NULL;
CREATE INDEX kwip_tag_author ON kwip_tag (tag, author, kwip);
CREATE TRIGGER kwip_moved AFTER UPDATE OF activity ON kwip WHEN new.activity <> old.activity AND new.visibility = 0 AND new.reply_to IS NULL AND new.boost_of IS NULL BEGIN UPDATE kwip_tag SET activity = new.activity WHERE kwip = new.id; END;

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
	languages TEXT NOT NULL DEFAULT '',       -- only kwips in these; separated by spaces, '' for all
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
	at INTEGER NOT NULL,
	bucket INTEGER NOT NULL DEFAULT 0,        -- what is grouped has the same one; see core/notice.h
	filtered INTEGER NOT NULL DEFAULT 0,      -- kept back by the account's policy
	extra INTEGER NOT NULL DEFAULT 0          -- id of a report
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

CREATE INDEX kwip_quote ON kwip (quote_of, id) WHERE quote_of IS NOT NULL;
CREATE INDEX kwip_author_media ON kwip (author, id) WHERE media_count > 0;
CREATE INDEX kwip_public_media ON kwip (id) WHERE visibility = 0 AND media_count > 0 AND reply_to IS NULL AND boost_of IS NULL AND repeat_of IS NULL;
CREATE INDEX kwip_link ON link (url, kwip);
CREATE INDEX token_app ON token (app, account);
CREATE INDEX account_staff ON account (id) WHERE role > 0;

-- Authorization codes of OAuth 2 (RFC 6749 4.1): BLAKE2b of the code. A used one stays until it expires, so that using it again ends what it gave.
CREATE TABLE grant_code (
	hash BLOB PRIMARY KEY,
	app INTEGER NOT NULL REFERENCES app (id) ON DELETE CASCADE,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	redirect_uri TEXT NOT NULL,
	scopes TEXT NOT NULL,
	challenge TEXT NOT NULL DEFAULT '',      -- PKCE (RFC 7636), S256; '' for none
	expires_at INTEGER NOT NULL,
	token BLOB                               -- hash of the token it gave
) WITHOUT ROWID;
CREATE INDEX grant_code_expires ON grant_code (expires_at);
CREATE INDEX grant_code_account ON grant_code (account);

-- Pictures, films and sounds. Files are named by what is in them and so may be shared by several rows.
CREATE TABLE media (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	kwip INTEGER REFERENCES kwip (id) ON DELETE SET NULL, -- NULL: not attached (yet)
	place INTEGER NOT NULL DEFAULT 0,
	scheduled INTEGER,                       -- id of the scheduled kwip that holds it
	role INTEGER NOT NULL DEFAULT 0,         -- enum media_role
	state INTEGER NOT NULL DEFAULT 0,        -- enum media_state
	kind INTEGER NOT NULL DEFAULT 0,         -- enum media_kind
	type TEXT NOT NULL DEFAULT '',           -- media type, by its content
	file TEXT NOT NULL DEFAULT '',           -- path below /media
	preview TEXT NOT NULL DEFAULT '',
	bytes INTEGER NOT NULL DEFAULT 0,
	width INTEGER NOT NULL DEFAULT 0,
	height INTEGER NOT NULL DEFAULT 0,
	preview_width INTEGER NOT NULL DEFAULT 0,
	preview_height INTEGER NOT NULL DEFAULT 0,
	duration_ms INTEGER NOT NULL DEFAULT 0,
	blurhash TEXT NOT NULL DEFAULT '',
	description TEXT NOT NULL DEFAULT '',
	focus_x INTEGER NOT NULL DEFAULT 0,      -- -1000..1000
	focus_y INTEGER NOT NULL DEFAULT 0,
	remote_url TEXT NOT NULL DEFAULT '',
	why TEXT NOT NULL DEFAULT '',            -- a sentence, when it failed
	parent INTEGER                           -- the media whose preview a thumbnail becomes
);
CREATE INDEX media_kwip ON media (kwip, place) WHERE kwip IS NOT NULL;
CREATE INDEX media_loose ON media (id) WHERE kwip IS NULL;
CREATE INDEX media_waiting ON media (id) WHERE state = 0;
CREATE INDEX media_account ON media (account, id);
CREATE INDEX media_file ON media (file);
CREATE INDEX media_preview ON media (preview);
CREATE INDEX media_role ON media (account, role, id) WHERE role > 0;
CREATE INDEX media_scheduled ON media (scheduled) WHERE scheduled IS NOT NULL;

-- Link previews (the API's cards), one per address; courier fetches them.
CREATE TABLE preview (
	id INTEGER PRIMARY KEY,
	url TEXT NOT NULL UNIQUE,
	state INTEGER NOT NULL DEFAULT 0,        -- enum preview_state
	kind INTEGER NOT NULL DEFAULT 0,         -- 0 link, 1 photo, 2 video, 3 rich
	title TEXT NOT NULL DEFAULT '',
	description TEXT NOT NULL DEFAULT '',
	author_name TEXT NOT NULL DEFAULT '',
	author_url TEXT NOT NULL DEFAULT '',
	provider_name TEXT NOT NULL DEFAULT '',
	provider_url TEXT NOT NULL DEFAULT '',
	image TEXT NOT NULL DEFAULT '',          -- path below /media
	image_description TEXT NOT NULL DEFAULT '',
	width INTEGER NOT NULL DEFAULT 0,
	height INTEGER NOT NULL DEFAULT 0,
	blurhash TEXT NOT NULL DEFAULT '',
	language TEXT NOT NULL DEFAULT '',
	published_at INTEGER,
	fetched_at INTEGER NOT NULL DEFAULT 0,
	author INTEGER,                          -- whom the page names as its author here; may be gone
	author_host TEXT NOT NULL DEFAULT ''     -- where the page that says so stands
);
CREATE INDEX preview_image ON preview (image) WHERE image <> '';
-- Which preview a kwip shows: that of its first link that has one.
CREATE TABLE kwip_preview (
	kwip INTEGER PRIMARY KEY REFERENCES kwip (id) ON DELETE CASCADE,
	preview INTEGER NOT NULL REFERENCES preview (id) ON DELETE CASCADE
);
CREATE INDEX kwip_preview_preview ON kwip_preview (preview, kwip);

-- Kwips that their author shows on top of the profile.
CREATE TABLE pin (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	kwip INTEGER NOT NULL REFERENCES kwip (id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	PRIMARY KEY (account, kwip)
) WITHOUT ROWID;
CREATE INDEX pin_kwip ON pin (kwip);

CREATE TABLE poll (
	id INTEGER PRIMARY KEY,
	kwip INTEGER NOT NULL UNIQUE REFERENCES kwip (id) ON DELETE CASCADE,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	expires_at INTEGER,
	multiple INTEGER NOT NULL DEFAULT 0,
	hide_totals INTEGER NOT NULL DEFAULT 0,
	voters_count INTEGER NOT NULL DEFAULT 0,
	told INTEGER NOT NULL DEFAULT 0          -- its end was told to who voted
);
CREATE INDEX poll_due ON poll (expires_at) WHERE told = 0;
CREATE INDEX poll_account ON poll (account);
CREATE TABLE poll_option (
	poll INTEGER NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
	place INTEGER NOT NULL,
	title TEXT NOT NULL,
	votes_count INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (poll, place)
) WITHOUT ROWID;
CREATE TABLE poll_vote (
	poll INTEGER NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	place INTEGER NOT NULL,
	PRIMARY KEY (poll, account, place)
) WITHOUT ROWID;
CREATE INDEX poll_vote_account ON poll_vote (account);

-- Kwips to be said later, and texts begun; params is the JSON of what was sent.
CREATE TABLE scheduled (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	app INTEGER NOT NULL DEFAULT 1,
	at INTEGER NOT NULL,
	params TEXT NOT NULL,
	failed TEXT NOT NULL DEFAULT ''          -- why it could not be said
);
CREATE INDEX scheduled_account ON scheduled (account, id);
CREATE INDEX scheduled_at ON scheduled (at) WHERE failed = '';
CREATE TABLE unfinished (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	params TEXT NOT NULL,
	updated_at INTEGER NOT NULL
);
CREATE INDEX unfinished_account ON unfinished (account, id);

CREATE TABLE list (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	title TEXT NOT NULL,
	replies INTEGER NOT NULL DEFAULT 0,      -- enum list_replies: list, followed, none
	exclusive INTEGER NOT NULL DEFAULT 0     -- its members are not shown at home
);
CREATE INDEX list_account ON list (account, id);
CREATE TABLE list_member (
	list INTEGER NOT NULL REFERENCES list (id) ON DELETE CASCADE,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	PRIMARY KEY (list, account)
) WITHOUT ROWID;
CREATE INDEX list_member_account ON list_member (account, list);
CREATE INDEX list_member_list ON list_member (list, id);

-- What somebody does not want to read, by words or by kwip.
CREATE TABLE filter (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	title TEXT NOT NULL,
	contexts INTEGER NOT NULL,               -- bits, 1 << enum filter_context
	action INTEGER NOT NULL DEFAULT 0,       -- 0 warn, 1 hide, 2 blur
	expires_at INTEGER
);
CREATE INDEX filter_account ON filter (account, id);
CREATE TABLE filter_keyword (
	id INTEGER PRIMARY KEY,
	filter INTEGER NOT NULL REFERENCES filter (id) ON DELETE CASCADE,
	keyword TEXT NOT NULL,
	whole_word INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX filter_keyword_filter ON filter_keyword (filter, id);
CREATE TABLE filter_kwip (
	id INTEGER PRIMARY KEY,
	filter INTEGER NOT NULL REFERENCES filter (id) ON DELETE CASCADE,
	kwip INTEGER NOT NULL REFERENCES kwip (id) ON DELETE CASCADE,
	UNIQUE (filter, kwip)
);
CREATE INDEX filter_kwip_kwip ON filter_kwip (kwip);

CREATE TABLE tag_follow (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	tag INTEGER NOT NULL REFERENCES tag (id),
	id INTEGER NOT NULL,
	PRIMARY KEY (account, tag)
) WITHOUT ROWID;
CREATE INDEX tag_follow_tag ON tag_follow (tag, account);
CREATE TABLE tag_featured (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	tag INTEGER NOT NULL REFERENCES tag (id),
	id INTEGER NOT NULL,
	PRIMARY KEY (account, tag)
) WITHOUT ROWID;
CREATE INDEX tag_featured_tag ON tag_featured (tag, account);

-- How far somebody has read: timeline 0 home, 1 notifications.
CREATE TABLE marker (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	timeline INTEGER NOT NULL,
	last_read INTEGER NOT NULL,
	version INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (account, timeline)
) WITHOUT ROWID;

CREATE TABLE announcement (
	id INTEGER PRIMARY KEY,
	body TEXT NOT NULL,
	starts_at INTEGER,
	ends_at INTEGER,
	all_day INTEGER NOT NULL DEFAULT 0,
	published_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
);
CREATE TABLE announcement_read (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	announcement INTEGER NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
	PRIMARY KEY (account, announcement)
) WITHOUT ROWID;
CREATE INDEX announcement_read_announcement ON announcement_read (announcement);
CREATE TABLE announcement_reaction (
	announcement INTEGER NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
	name TEXT NOT NULL,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	PRIMARY KEY (announcement, name, account)
) WITHOUT ROWID;
CREATE INDEX announcement_reaction_account ON announcement_reaction (account);

-- Custom emoji of this site; file as in media.
CREATE TABLE emoji (
	shortcode TEXT PRIMARY KEY,
	file TEXT NOT NULL,
	still TEXT NOT NULL,                     -- the same without motion
	category TEXT NOT NULL DEFAULT '',
	listed INTEGER NOT NULL DEFAULT 1        -- shown in pickers
) WITHOUT ROWID;

-- actor's private remark on target; whom actor recommends on the profile; who was waved away as a suggestion.
CREATE TABLE account_note (
	actor INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	target INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	comment TEXT NOT NULL,
	PRIMARY KEY (actor, target)
) WITHOUT ROWID;
CREATE INDEX account_note_target ON account_note (target);
CREATE TABLE endorsement (
	actor INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	target INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	PRIMARY KEY (actor, target)
) WITHOUT ROWID;
CREATE INDEX endorsement_target ON endorsement (target);
CREATE TABLE suggestion_hidden (
	actor INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	target INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	PRIMARY KEY (actor, target)
) WITHOUT ROWID;
CREATE INDEX suggestion_hidden_target ON suggestion_hidden (target);
-- Whole servers that somebody does not want to see.
CREATE TABLE domain_block (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	domain TEXT NOT NULL,
	id INTEGER NOT NULL,
	PRIMARY KEY (account, domain)
) WITHOUT ROWID;

CREATE TABLE report (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	target INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	category INTEGER NOT NULL DEFAULT 0,     -- enum report_category
	comment TEXT NOT NULL DEFAULT '',
	forwarded INTEGER NOT NULL DEFAULT 0,
	kwips TEXT NOT NULL DEFAULT '[]',        -- JSON: ids; kept also when they are gone
	rules TEXT NOT NULL DEFAULT '[]',        -- JSON: ids
	assigned INTEGER,
	resolved_at INTEGER,
	resolved_by INTEGER,
	updated_at INTEGER NOT NULL
);
CREATE INDEX report_account ON report (account);
CREATE INDEX report_target ON report (target);
CREATE INDEX report_open ON report (id) WHERE resolved_at IS NULL;
CREATE TABLE rule (
	id INTEGER PRIMARY KEY,
	place INTEGER NOT NULL DEFAULT 0,
	text TEXT NOT NULL,
	hint TEXT NOT NULL DEFAULT ''
);
-- What moderators did, to whom.
CREATE TABLE audit (
	id INTEGER PRIMARY KEY,
	moderator INTEGER NOT NULL,
	action TEXT NOT NULL,
	target INTEGER NOT NULL DEFAULT 0,
	report INTEGER NOT NULL DEFAULT 0,
	text TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_target ON audit (target, id);
-- Servers, mail domains and addresses that the whole site keeps out, and what may not trend.
CREATE TABLE site_block (
	id INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL,                   -- enum site_block_kind
	value TEXT NOT NULL,
	severity INTEGER NOT NULL DEFAULT 0,
	flags INTEGER NOT NULL DEFAULT 0,
	note TEXT NOT NULL DEFAULT '',           -- for moderators
	public_note TEXT NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL,
	expires_at INTEGER,
	UNIQUE (kind, value)
);

-- Web Push (RFC 8030). Ids are small counters; one subscription per token.
CREATE TABLE push_subscription (
	id INTEGER PRIMARY KEY,
	token BLOB NOT NULL UNIQUE REFERENCES token (hash) ON DELETE CASCADE,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	endpoint TEXT NOT NULL,
	p256dh TEXT NOT NULL,                    -- base64url, as sent
	auth TEXT NOT NULL,
	standard INTEGER NOT NULL DEFAULT 0,     -- RFC 8291, else the older draft's encoding
	alerts INTEGER NOT NULL DEFAULT 0,       -- bits, 1 << enum notice_kind
	policy INTEGER NOT NULL DEFAULT 0        -- 0 all, 1 followed, 2 follower, 3 none
);
CREATE INDEX push_account ON push_subscription (account);

-- Whose notices somebody wants to look through first: 0 accept, 1 filter, 2 drop.
CREATE TABLE notice_policy (
	account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
	not_following INTEGER NOT NULL DEFAULT 0,
	not_followers INTEGER NOT NULL DEFAULT 0,
	new_accounts INTEGER NOT NULL DEFAULT 0,
	private_mentions INTEGER NOT NULL DEFAULT 0,
	limited_accounts INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE notice_request (
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	actor INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	id INTEGER NOT NULL,
	state INTEGER NOT NULL DEFAULT 0,        -- 0 asked, 1 accepted for ever
	count INTEGER NOT NULL DEFAULT 0,
	last_kwip INTEGER,
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (account, actor)
) WITHOUT ROWID;
CREATE INDEX notice_request_account ON notice_request (account, id) WHERE state = 0;
CREATE INDEX notice_request_actor ON notice_request (actor);
CREATE INDEX notice_bucket ON notice (account, bucket, id) WHERE bucket <> 0;

-- Private conversations as one of their members sees them. kwips: who may see the last one is in mention.
CREATE TABLE direct (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	conversation INTEGER NOT NULL,
	people TEXT NOT NULL,                    -- ids of the others, ascending, separated by spaces
	last_kwip INTEGER NOT NULL,
	unread INTEGER NOT NULL DEFAULT 0,
	UNIQUE (account, conversation, people)
);
CREATE INDEX direct_account ON direct (account, last_kwip);
CREATE INDEX direct_last ON direct (last_kwip);

-- Why somebody who waits to be let in wants to join.
CREATE TABLE joining (
	account INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
	reason TEXT NOT NULL
);

INSERT INTO meta (key, value) VALUES ('schema', '3');
INSERT INTO app (id, name, website, client_id, client_secret, scopes, created_at) VALUES (1, 'Web', '', 'kwipd-web', x'', '', 0);
INSERT INTO app (id, name, website, client_id, client_secret, scopes, created_at) VALUES (2, 'API', '', 'kwipd-api', x'', 'read write follow push', 0);
