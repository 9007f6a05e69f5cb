/* SPDX-License-Identifier: MIT */
/*
 * What the templates in www/page are given: plain data, filled by the handlers. Nothing here asks
 * anybody anything; a template can show no more than what stands in its view.
 */
#ifndef PAGE_VIEWS_H
#define PAGE_VIEWS_H

#include "core/markup.h"
#include "core/media.h"
#include "core/poll.h"

/* Which entry of the menu is lit. */
enum section { AT_NOWHERE, AT_HOME, AT_EVERYONE, AT_NOTICES, AT_ME, AT_MARKS, AT_SETTINGS };

/* The frame around every page. */
struct view_top {
	struct str title; /* "" : the site's name alone */
	struct str site;
	struct str about; /* for <meta>: "" leaves it out */
	struct str me;    /* the viewer's name; "" for visitors */
	struct str csrf;  /* "" on pages that visitors share */
	struct str back;  /* this page's own address: where actions and the login lead back to */
	struct str feed;  /* of this page's Atom feed; "" none */
	struct str link;  /* canonical address; "" none */
	struct str done;  /* what was just done, in words; "" nothing */
	enum section here;
	int64_t unread;
	bool may_sign_up;
	bool no_index;
};

/* What one viewer can do with one kwip. */
struct view_actions {
	int64_t id;
	struct str me;
	bool favourite, boost, bookmark; /* done already */
	bool may_boost, may_quote, own, may_delete;
};

struct view_option {
	struct str title;
	struct html shown;
	int64_t votes, percent;
	bool mine;
};
struct view_options {
	struct view_option at[POLL_OPTIONS_MAX];
	size_t n;
};
/* A poll as one viewer sees it: a form as long as they may vote, results otherwise. */
struct view_poll {
	int64_t id, voters, most; /* most: votes that fill a bar */
	struct str csrf, back;
	struct str iso, human; /* of its end */
	struct view_options options;
	bool may_vote, multiple, ended, counted, hidden;
};
/* What a kwip quotes, or why that is not shown. */
struct view_quote {
	struct str why; /* "" : the rest stands */
	struct html start, who, middle;
};

struct view_item {
	int64_t id, author, cursor;
	uint32_t flags;      /* enum card_flag */
	struct html booster; /* "" unless a boost */
	struct html start, who, middle, foot;
	const struct view_poll *poll;   /* NULL: none */
	const struct view_quote *quote; /* NULL: none */
	struct view_actions actions;
	struct str filtered; /* the title of a filter that warns of it; "" none */
	bool here;           /* what the address asked for */
};
struct view_items {
	struct view_item *at;
	size_t n;
};

/* "newer" and "older" below a list: whole addresses, "" where there is nothing. */
struct view_pager {
	struct str newer, older;
};

struct view_media {
	enum media_kind kind;
	struct str url, preview, about; /* about: in words, for who cannot see it */
	int64_t width, height;          /* of what is shown; 0: not known */
	bool is_picture;
};
struct view_medias {
	struct view_media *at;
	size_t n;
};
struct view_preview {
	struct str url, title, about, site;
	struct str image, image_about;
	int64_t width, height; /* of the image */
};

/* A kwip in its card; the same for everybody. */
struct view_card {
	int64_t id;
	struct str url, language;
	struct str iso, human;
	struct str edited_iso, edited_human; /* "" : never edited */
	struct str visibility;               /* in words; "" for public */
	struct str app;                      /* "" for the web */
	struct str reply_name, reply_url;
	struct str warning;
	struct html warning_shown;
	struct html text;
	int64_t comments, boosts, favourites, said;
	struct view_medias media;
	const struct view_preview *preview; /* NULL: none */
	bool hidden;                        /* behind a warning */
	bool hidden_media;                  /* they alone */
	bool is_long;                       /* lists show the beginning */
	bool is_cut;                        /* the card itself holds only the beginning */
	bool is_reply;
	bool to_root; /* rooms need not say what it answers */
};

struct view_author {
	struct str url, display_name, handle, avatar, letter;
	struct html shown_name; /* the display name with emoji */
	int hue;                /* 0..7 */
};

struct view_choice {
	struct str value, label;
	bool chosen;
};
struct view_choices {
	struct view_choice *at;
	size_t n;
};

/* What is attached to a form already, and the places for more. */
struct view_part {
	int64_t id;
	struct str about, preview, kind; /* kind in words */
};
struct view_parts {
	struct view_part *at;
	size_t n;
};
struct view_place {
	int64_t number; /* from 1: its fields are file1, about1 */
	struct str about;
};
struct view_places {
	struct view_place *at;
	size_t n;
};
struct view_answer {
	struct str title;
};
struct view_answers {
	struct view_answer *at;
	size_t n;
};

/* The form to say, answer or change something. */
struct view_form {
	struct str action, csrf, back, why, key;
	struct str body, warning, language, prompt, submit;
	struct view_choices visibility; /* none when it cannot be chosen */
	int64_t reply_to, quote, draft, max_chars;
	struct view_parts parts;
	struct view_places places; /* none: nothing can be attached */
	struct view_answers answers;
	struct view_choices life; /* of a poll; none: there can be none */
	struct str later;         /* as typed */
	int64_t zone;
	bool sensitive, open, focus, multiple, is_new;
	bool open_parts, open_poll, open_later;
};

struct view_tab {
	struct str url, label;
	bool here;
};
struct view_tabs {
	struct view_tab *at;
	size_t n;
};

struct view_person {
	struct html who;
	struct str name, about, url; /* name: as in a path */
	int64_t id;
};
struct view_people {
	struct view_person *at;
	size_t n;
};

/* What everybody is told, until the viewer has read it. */
struct view_news {
	int64_t id;
	struct html text;
	struct str iso, human;
};
struct view_news_list {
	struct view_news *at;
	size_t n;
};

/* Every page that is a list of kwips: everyone, home, tag, favourites, bookmarks. */
struct view_list {
	struct view_top top;
	struct str heading, intro, empty;
	struct view_tabs tabs;
	const struct view_form *form; /* NULL: none */
	struct view_news_list news;
	struct str tag, list; /* addresses of what this page is of; "" none */
	bool is_followed;     /* the tag */
	struct view_items items;
	struct view_people people; /* whom one might follow */
	struct view_pager pager;
	bool fresh;   /* nobody is here yet */
	bool lonely;  /* a home with next to nothing in it */
	bool welcome; /* a visitor on the front page */
};

struct view_field {
	struct str name, value;
	struct html shown_name, html;
};
struct view_fields {
	struct view_field *at;
	size_t n;
};

/* The head of a profile, above its lists. */
struct view_profile_head {
	struct view_author who;
	struct str name, since, header;
	struct html about;
	struct view_fields fields;
	int64_t kwips, followers, following;
	bool locked, bot, admin, is_me, signed_in;
	bool follows, requested, followed_by, blocks, mutes;
	struct view_tabs tabs;
};

struct view_profile {
	struct view_top top;
	struct view_profile_head head;
	struct str empty;
	struct view_items items;
	struct view_people people;
	struct view_pager pager;
};

/* A conversation: the kwip and what was said to it. */
struct view_room {
	struct view_top top;
	struct view_items root; /* one, or none when it is gone */
	struct view_items comments;
	struct str earlier, later;
	const struct view_form *form;
	struct str login; /* visitors: where to log in to answer */
	int64_t id, count;
	bool signed_in, muted;
};

struct view_edition {
	struct str iso, human;
	struct html warning;
	struct html text;
	bool sensitive;
};
struct view_editions {
	struct view_edition *at;
	size_t n;
};
struct view_history {
	struct view_top top;
	struct str url;
	struct view_editions editions;
};

struct view_write {
	struct view_top top;
	struct str heading;
	struct view_items answered; /* or quoted */
	struct view_form form;
};

/* What waits to be said, and what was put aside. */
struct view_waiting_kwip {
	int64_t id, media;
	struct str text, iso, human, failed, when; /* when: as a form's field has it */
};
struct view_waiting_kwips {
	struct view_waiting_kwip *at;
	size_t n;
};
struct view_later {
	struct view_top top;
	struct view_waiting_kwips scheduled, drafts;
	struct str why;
};

struct view_delete {
	struct view_top top;
	struct view_items items;
	struct str after, keep; /* where to go then, and otherwise */
	int64_t id;
};

struct view_notice {
	struct html who;
	struct str what, url, excerpt, iso, human;
	bool is_new;
};
struct view_notice_list {
	struct view_notice *at;
	size_t n;
};
/* Whose notices the viewer's policy keeps back. */
struct view_waiting {
	struct html who;
	int64_t id, count;
};
struct view_waiting_list {
	struct view_waiting *at;
	size_t n;
};
struct view_notices {
	struct view_top top;
	struct view_waiting_list waiting;
	struct view_notice_list list;
	struct view_pager pager;
	int64_t newest;
	bool any_new;
};

struct view_requests {
	struct view_top top;
	struct view_people people;
	struct view_pager pager;
};

/* Sign-up and the first admin's setup. */
struct view_signup {
	struct view_top top;
	struct str action, heading, intro, why;
	struct str name, email, invite, inviter, reason;
	struct str next; /* where to go then; "" for home */
	bool closed, remember, needs_invite, asks_reason;
};
struct view_login {
	struct view_top top;
	struct str why, name, next;
	bool remember;
};
struct view_reset {
	struct view_top top;
	struct str action, why, name;
};

struct view_settings {
	struct view_top top;
	struct str why_profile, why_prefs, why_password;
	struct str display_name, about, email, language;
	struct view_fields fields;
	struct str avatar, header, avatar_about, header_about;
	bool locked, bot, discoverable, indexable, hide_collections;
	bool sensitive, show_repeats, expand_warned, autoplay;
	struct view_choices visibility, order, quotes, media;
};

/* Lists of people, one's own. */
struct view_own_list {
	int64_t id;
	struct str title;
};
struct view_own_lists {
	struct view_own_list *at;
	size_t n;
};
struct view_list_form {
	struct view_top top;
	struct view_own_lists lists; /* of the overview */
	struct str why, action, title;
	struct view_choices replies;
	struct view_people members;
	struct view_pager pager;
	int64_t id; /* 0: a new one */
	bool exclusive;
};

struct view_filter {
	int64_t id;
	struct str title, words, until; /* words: as shown in one line */
	bool hides;
};
struct view_filter_list {
	struct view_filter *at;
	size_t n;
};
struct view_filters {
	struct view_top top;
	struct view_filter_list list; /* of the overview */
	struct str why, action, title, words;
	struct view_choices contexts, does, life;
	int64_t id; /* 0: a new one */
	bool whole;
};

/* Hashtags followed, servers blocked: words with a button each. */
struct view_word {
	struct str word, url;
};
struct view_words {
	struct view_word *at;
	size_t n;
};
struct view_kept_words {
	struct view_top top;
	struct str why, typed;
	struct view_words words;
	struct view_pager pager;
};

/* People muted, people blocked. */
struct view_unwanted {
	struct view_top top;
	struct view_people muted, blocked;
	struct str more_muted, more_blocked;
};

/* Whose notices are kept back. */
struct view_stranger {
	struct str key, label;
	struct view_choices verdict;
};
struct view_strangers {
	struct view_stranger *at;
	size_t n;
};
struct view_policy {
	struct view_top top;
	struct view_strangers strangers;
};

/* An app that asks: what it may do, in words. */
struct view_can {
	struct str words;
};
struct view_may {
	struct view_can *at;
	size_t n;
};
struct view_consent {
	struct view_top top;
	struct str app, website, leads_to;
	bool shown; /* the code is shown, not sent */
	struct view_may may;
	struct view_fields fields; /* hidden: what was asked */
};
struct view_code {
	struct view_top top;
	struct str app, code;
};

/* Who can act for somebody. */
struct view_token {
	struct str scopes, since;
};
struct view_tokens {
	struct view_token *at;
	size_t n;
};
struct view_app {
	int64_t id;
	struct str name, website;
	struct view_tokens tokens;
};
struct view_app_list {
	struct view_app *at;
	size_t n;
};
struct view_browser {
	struct str key, agent, since;
	bool here;
};
struct view_browser_list {
	struct view_browser *at;
	size_t n;
};
struct view_apps {
	struct view_top top;
	struct view_app_list apps;
	struct view_browser_list browsers;
};

struct view_invite {
	struct str code, url, until;
	int64_t uses, max_uses;
};
struct view_invite_list {
	struct view_invite *at;
	size_t n;
};
struct view_invites {
	struct view_top top;
	struct view_invite_list list;
	bool closed;
};

struct view_transfer {
	struct view_top top;
	struct str why;
};

struct view_about {
	struct view_top top;
	struct str description, contact, contact_url, version, signups;
	int64_t people, kwips;
};

struct view_error {
	struct view_top top;
	int64_t status;
	struct str heading, why;
	bool login;
};

struct view_tag {
	struct str name, url;
	int64_t uses; /* of the week, in public kwips */
};
struct view_tag_list {
	struct view_tag *at;
	size_t n;
};
/* What was looked for, and one kind of what was found. */
struct view_search {
	struct view_top top;
	struct str q, type, login; /* login: where a visitor comes back to; "" for members */
	struct view_tabs tabs;
	struct view_items items;
	struct view_people people;
	struct view_tag_list tags;
	struct view_pager pager;
	int64_t behind; /* kwips that cannot be found yet, about */
	bool asked, found;
};

/* Atom. */
struct view_entry {
	struct str id, url, title, published, updated, author, author_url, language;
	struct html content;
	struct str last_comment; /* "" : none */
	int64_t comments;
	const struct str *tags;
	size_t n_tags;
};

#endif
