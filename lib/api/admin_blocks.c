/* SPDX-License-Identifier: MIT */
/* What the whole site keeps out, as moderators list and change it: five sets of the same make. */
#include "api/admin.h"

#include "api/entity.h"
#include "api/span.h"

enum { LIMIT_STANDARD = 100 };

static void put_digest(struct jw *w, struct str value)
{
	static const char digits[] = "0123456789abcdef";
	struct hash h = hash_of(value);
	char hex[2 * HASH_BYTES];
	for (size_t i = 0; i < HASH_BYTES; i++) {
		hex[2 * i] = digits[h.at[i] >> 4];
		hex[2 * i + 1] = digits[h.at[i] & 15];
	}
	jw_kstr(w, S("digest"), (struct str){hex, sizeof hex});
}

static void put_domain_block(struct jw *w, const struct site_block *b)
{
	static const struct str severities[] = {S_INIT("silence"), S_INIT("suspend"),
						S_INIT("noop")};
	jw_kstr(w, S("domain"), b->value);
	put_digest(w, b->value);
	jw_kstr(w, S("severity"), severities[b->severity % 3]);
	jw_kbool(w, S("reject_media"), (b->flags & BLOCK_REJECT_MEDIA) != 0);
	jw_kbool(w, S("reject_reports"), (b->flags & BLOCK_REJECT_REPORTS) != 0);
	jw_kbool(w, S("obfuscate"), (b->flags & BLOCK_OBFUSCATE) != 0);
	jw_kstr(w, S("private_comment"), b->note);
	jw_kstr(w, S("public_comment"), b->public_note);
}

static void put_address(struct jw *w, const struct site_block *b)
{
	static const struct str severities[] = {S_INIT("sign_up_requires_approval"),
						S_INIT("sign_up_block"), S_INIT("no_access")};
	jw_kstr(w, S("ip"), b->value);
	jw_kstr(w, S("severity"), severities[b->severity % 3]);
	jw_kstr(w, S("comment"), b->note);
	jw_key(w, S("expires_at"));
	jw_time(w, b->expires_at);
}

/* Ids are counters here, so when it was made is not known; the API wants a time all the same. */
static void put_block(struct jw *w, const struct site_block *b)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), b->id);
	if (b->kind == BLOCK_DOMAIN)
		put_domain_block(w, b);
	else if (b->kind == BLOCK_ADDRESS)
		put_address(w, b);
	else if (b->kind == BLOCK_MAIL)
		jw_kstr(w, S("canonical_email_hash"), b->value);
	else
		jw_kstr(w, S("domain"), b->value);
	if (b->kind == BLOCK_MAIL_DOMAIN) {
		jw_key(w, S("history"));
		jw_raw(w, S("[]"));
		jw_kbool(w, S("allow_with_approval"), (b->flags & BLOCK_WITH_APPROVAL) != 0);
	}
	if (b->kind != BLOCK_MAIL) {
		jw_key(w, S("created_at"));
		jw_time(w, b->created_at);
	}
	jw_close(w, '}');
}

static enum err list(struct req *r, struct answer *out, enum site_block_kind kind)
{
	struct span page = span_of(r, LIMIT_STANDARD);
	struct site_blocks all = site_block_list(r->db, r->a, kind, page);
	struct jw w = {.out = out->body};
	if (all.n > 0)
		answer_links(r, out, all.n == (size_t)page.limit ? all.at[all.n - 1].id : 0,
			     all.at[0].id);
	jw_open(&w, '[');
	for (size_t i = 0; i < all.n; i++)
		put_block(&w, &all.at[i]);
	jw_close(&w, ']');
	return OK;
}

static enum err one(struct req *r, struct db *db, struct answer *out, enum site_block_kind kind,
		    int64_t id)
{
	struct site_block b;
	struct jw w = {.out = out->body};
	if (!site_block_get(db, r->a, kind, id, &b))
		return ERR_NOT_FOUND;
	put_block(&w, &b);
	return OK;
}

static enum err severity_of(struct req *r, const char *words, int *severity)
{
	struct str rest = str_of(words), sent = param_str(r, "severity");
	if (sent.len == 0)
		return OK;
	for (int i = 0; rest.len > 0; i++)
		if (str_eq(str_cut(&rest, '|'), sent)) {
			*severity = i;
			return OK;
		}
	return refuse("Validation failed: Severity is not included in the list");
}

static void flag(struct req *r, const char *name, int bit, int *flags)
{
	bool on = param_bool(r, name, (*flags & bit) != 0);
	*flags = on ? *flags | bit : *flags & ~bit;
}

/* What was sent goes over what is there. */
static enum err fill_domain(struct req *r, struct site_block *b)
{
	if (param_has(r, "domain"))
		b->value = param_str(r, "domain");
	if (param_has(r, "private_comment"))
		b->note = param_str(r, "private_comment");
	if (param_has(r, "public_comment"))
		b->public_note = param_str(r, "public_comment");
	flag(r, "reject_media", BLOCK_REJECT_MEDIA, &b->flags);
	flag(r, "reject_reports", BLOCK_REJECT_REPORTS, &b->flags);
	flag(r, "obfuscate", BLOCK_OBFUSCATE, &b->flags);
	return severity_of(r, "silence|suspend|noop", &b->severity);
}

static enum err fill_address(struct req *r, struct site_block *b)
{
	if (param_has(r, "ip"))
		b->value = param_str(r, "ip");
	if (param_has(r, "comment"))
		b->note = param_str(r, "comment");
	if (param_has(r, "expires_in"))
		b->expires_at = r->now + 1000 * param_i64(r, "expires_in", 0);
	return severity_of(r, "sign_up_requires_approval|sign_up_block|no_access", &b->severity);
}

static enum err fill_mail(struct req *r, struct site_block *b)
{
	b->value = param_has(r, "canonical_email_hash")
			   ? param_str(r, "canonical_email_hash")
			   : site_block_mail_hash(r->a, param_str(r, "email"));
	if (!param_has(r, "canonical_email_hash") && !param_has(r, "email"))
		return refuse("Validation failed: Email can't be blank");
	return OK;
}

static enum err fill(struct req *r, struct site_block *b)
{
	switch (b->kind) {
	case BLOCK_DOMAIN:
		return fill_domain(r, b);
	case BLOCK_ADDRESS:
		return fill_address(r, b);
	case BLOCK_MAIL:
		return fill_mail(r, b);
	case BLOCK_MAIL_DOMAIN:
		flag(r, "allow_with_approval", BLOCK_WITH_APPROVAL, &b->flags);
		break;
	default:
		break;
	}
	b->value = param_str(r, "domain");
	return OK;
}

static enum err put(struct req *r, struct tx *tx, struct answer *out, enum site_block_kind kind,
		    int64_t id)
{
	struct site_block b = {.kind = kind};
	if (id && !site_block_get(tx_db(tx), r->a, kind, id, &b))
		return ERR_NOT_FOUND;
	enum err e = fill(r, &b);
	if (e == OK)
		e = site_block_put(tx, r->a, &b, &id);
	return e == OK ? one(r, tx_db(tx), out, kind, id) : e;
}

static enum err end(struct req *r, struct tx *tx, struct answer *out, enum site_block_kind kind)
{
	enum err e = site_block_end(tx, kind, param_i64(r, "id", 0));
	if (e == OK)
		buf_put(out->body, S("{}"));
	return e;
}

#define SET(name, kind) \
	enum err on_admin_##name##s(struct req *r, struct answer *out) \
	{ \
		return list(r, out, kind); \
	} \
	enum err on_admin_##name(struct req *r, struct answer *out) \
	{ \
		return one(r, r->db, out, kind, param_i64(r, "id", 0)); \
	} \
	enum err on_admin_##name##_add(struct req *r, struct tx *tx, struct answer *out) \
	{ \
		return put(r, tx, out, kind, 0); \
	} \
	enum err on_admin_##name##_end(struct req *r, struct tx *tx, struct answer *out) \
	{ \
		return end(r, tx, out, kind); \
	}

#define SET_WITH_EDIT(name, kind) \
	SET(name, kind) \
	enum err on_admin_##name##_edit(struct req *r, struct tx *tx, struct answer *out) \
	{ \
		return put(r, tx, out, kind, param_i64(r, "id", 0)); \
	}

SET_WITH_EDIT(domain_block, BLOCK_DOMAIN)
SET(domain_allow, BLOCK_ALLOW)
SET(email_domain_block, BLOCK_MAIL_DOMAIN)
SET_WITH_EDIT(ip_block, BLOCK_ADDRESS)
SET(canonical_email_block, BLOCK_MAIL)

/* Which blocks an address would meet. */
enum err on_admin_email_test(struct req *r, struct tx *tx, struct answer *out)
{
	struct str hash = site_block_mail_hash(r->a, param_str(r, "email"));
	struct jw w = {.out = out->body};
	bool is = site_block_has(tx_db(tx), r->a, BLOCK_MAIL, hash, r->now);
	jw_open(&w, '[');
	if (is) {
		jw_open(&w, '{');
		jw_kid(&w, S("id"), site_block_id(tx_db(tx), r->a, BLOCK_MAIL, hash));
		jw_kstr(&w, S("canonical_email_hash"), hash);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	return OK;
}
