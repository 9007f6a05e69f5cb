/* SPDX-License-Identifier: MIT */
/* What stands beside the Instance entity: rules, activity, texts about the site, languages. */
#include "api/discovery.h"

#include "api/entity.h"
#include "base/conf.h"
#include "core/about.h"

enum err on_instance_rules(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	entity_rules(&w, r->a, r->db);
	return OK;
}

static void put_count(struct jw *w, struct str key, int64_t n)
{
	jw_key(w, key);
	jw_id(w, n);
}

/* Numbers as strings, the week as Unix seconds. */
enum err on_instance_activity(struct req *r, struct answer *out)
{
	struct about_week weeks[ABOUT_WEEKS];
	struct jw w = {.out = out->body};
	about_weeks(r->db, r->now, weeks);
	jw_open(&w, '[');
	for (int i = 0; i < ABOUT_WEEKS; i++) {
		jw_open(&w, '{');
		put_count(&w, S("week"), weeks[i].from / 1000);
		put_count(&w, S("statuses"), weeks[i].statuses);
		put_count(&w, S("logins"), weeks[i].logins);
		put_count(&w, S("registrations"), weeks[i].registrations);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	return OK;
}

enum err on_instance_none(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("[]"));
	return OK;
}

/* {updated_at, content}; when the texts last changed nobody knows: the site's beginning is told. */
static void put_text(struct req *r, struct answer *out, struct str html)
{
	struct jw w = {.out = out->body};
	jw_open(&w, '{');
	jw_key(&w, S("updated_at"));
	jw_time(&w, about_founded(r->db));
	jw_kstr(&w, S("content"), html);
	jw_close(&w, '}');
}

static void put_contact(struct buf *b)
{
	if (conf.contact.len == 0)
		return;
	buf_put(b, S("<p>Questions go to <a href=\"mailto:"));
	esc_attr(b, conf.contact);
	buf_put(b, S("\">"));
	esc_text(b, conf.contact);
	buf_put(b, S("</a>.</p>"));
}

enum err on_instance_description(struct req *r, struct answer *out)
{
	SCOPED_BUF b = BUF_EMPTY;
	buf_put(&b, S("<p>"));
	esc_text(&b, conf.description);
	buf_put(&b, S("</p>"));
	put_contact(&b);
	put_text(r, out, buf_str(&b));
	return OK;
}

/* What the program does with people's data: true of every site that runs it. */
enum err on_instance_privacy(struct req *r, struct answer *out)
{
	SCOPED_BUF b = BUF_EMPTY;
	buf_put(&b,
		S("<p>This server keeps what you give it: your name, your profile, what you say and to whom,"
		  " whom you follow, and, if you gave one, your mail address, which only you and the people"
		  " who run this place can see. Your password is kept as a hash that cannot be turned back.</p>"
		  "<p>What you say in public can be read and copied by everybody. What you say to your followers"
		  " or to certain people is shown to them alone; it is not encrypted, so the people who run"
		  " this place could read it.</p>"
		  "<p>One cookie keeps you logged in, another protects forms. There is no advertising, no"
		  " tracking, and nothing is loaded from other sites. Apps see what you allow them, until you"
		  " take it back in your settings.</p>"
		  "<p>What you delete is removed; backups may hold it for a while longer.</p>"));
	put_contact(&b);
	put_text(r, out, buf_str(&b));
	return OK;
}

/* None are set: people agree to the rules alone. */
enum err on_instance_terms(struct req *r, struct answer *out)
{
	(void)r;
	(void)out;
	return ERR_NOT_FOUND;
}

/* Nothing is translated here. */
enum err on_instance_translations(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("{}"));
	return OK;
}

/* ISO 639-1, those that people write kwips in most; any other tag may be given as well. */
enum err on_instance_languages(struct req *r, struct answer *out)
{
	static const struct {
		struct str code, name;
	} languages[] = {
		{S_INIT("ar"), S_INIT("Arabic")},    {S_INIT("be"), S_INIT("Belarusian")},
		{S_INIT("bg"), S_INIT("Bulgarian")}, {S_INIT("bn"), S_INIT("Bengali")},
		{S_INIT("ca"), S_INIT("Catalan")},   {S_INIT("cs"), S_INIT("Czech")},
		{S_INIT("cy"), S_INIT("Welsh")},     {S_INIT("da"), S_INIT("Danish")},
		{S_INIT("de"), S_INIT("German")},    {S_INIT("el"), S_INIT("Greek")},
		{S_INIT("en"), S_INIT("English")},   {S_INIT("eo"), S_INIT("Esperanto")},
		{S_INIT("es"), S_INIT("Spanish")},   {S_INIT("et"), S_INIT("Estonian")},
		{S_INIT("eu"), S_INIT("Basque")},    {S_INIT("fa"), S_INIT("Persian")},
		{S_INIT("fi"), S_INIT("Finnish")},   {S_INIT("fr"), S_INIT("French")},
		{S_INIT("ga"), S_INIT("Irish")},     {S_INIT("gl"), S_INIT("Galician")},
		{S_INIT("he"), S_INIT("Hebrew")},    {S_INIT("hi"), S_INIT("Hindi")},
		{S_INIT("hr"), S_INIT("Croatian")},  {S_INIT("hu"), S_INIT("Hungarian")},
		{S_INIT("hy"), S_INIT("Armenian")},  {S_INIT("id"), S_INIT("Indonesian")},
		{S_INIT("is"), S_INIT("Icelandic")}, {S_INIT("it"), S_INIT("Italian")},
		{S_INIT("ja"), S_INIT("Japanese")},  {S_INIT("ka"), S_INIT("Georgian")},
		{S_INIT("ko"), S_INIT("Korean")},    {S_INIT("lt"), S_INIT("Lithuanian")},
		{S_INIT("lv"), S_INIT("Latvian")},   {S_INIT("nl"), S_INIT("Dutch")},
		{S_INIT("no"), S_INIT("Norwegian")}, {S_INIT("pa"), S_INIT("Punjabi")},
		{S_INIT("pl"), S_INIT("Polish")},    {S_INIT("pt"), S_INIT("Portuguese")},
		{S_INIT("ro"), S_INIT("Romanian")},  {S_INIT("ru"), S_INIT("Russian")},
		{S_INIT("sk"), S_INIT("Slovak")},    {S_INIT("sl"), S_INIT("Slovenian")},
		{S_INIT("sq"), S_INIT("Albanian")},  {S_INIT("sr"), S_INIT("Serbian")},
		{S_INIT("sv"), S_INIT("Swedish")},   {S_INIT("ta"), S_INIT("Tamil")},
		{S_INIT("te"), S_INIT("Telugu")},    {S_INIT("th"), S_INIT("Thai")},
		{S_INIT("tr"), S_INIT("Turkish")},   {S_INIT("uk"), S_INIT("Ukrainian")},
		{S_INIT("ur"), S_INIT("Urdu")},      {S_INIT("vi"), S_INIT("Vietnamese")},
		{S_INIT("yi"), S_INIT("Yiddish")},   {S_INIT("zh"), S_INIT("Chinese")},
	};
	struct jw w = {.out = out->body};
	(void)r;
	jw_open(&w, '[');
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
		jw_open(&w, '{');
		jw_kstr(&w, S("code"), languages[i].code);
		jw_kstr(&w, S("name"), languages[i].name);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	return OK;
}
