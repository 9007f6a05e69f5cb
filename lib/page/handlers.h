/* SPDX-License-Identifier: MIT */
/*
 * The handlers of page/routes.c and what they share: the frame of a page, lists of kwips as views,
 * addresses, the forms. For page/ alone.
 */
#ifndef PAGE_HANDLERS_H
#define PAGE_HANDLERS_H

#include "core/gather.h"
#include "core/lens.h"
#include "http/request.h"
#include "http/answer.h"
#include "page/page.h"
#include "page/views.h"

enum { PAGE_KWIPS = 20, PAGE_PEOPLE = 40, PAGE_COMMENTS = 200, SCAN_ROUNDS = 6 };
/* Beside enum card_flag, in the cards of pages: they hold only the beginning of the text. */
enum { CARD_CUT = 1 << 16 };

/* frame.c: what every page begins with */
struct view_top top_of(struct req *r, struct str title, enum section here);
/* This request's own address, encoded, with its query: "/" for anything but GET. */
struct str path_again(struct req *r);
/* The same without the query, whatever the method. */
struct str path_here(struct req *r);
struct str time_iso(struct arena *a, int64_t at_ms);
struct str time_human(struct arena *a, int64_t at_ms);
/* "/@name" or "/@name@domain"; and of one kwip, "/@name/id". */
struct str url_account(struct arena *a, struct str name, struct str domain);
struct str url_kwip(struct arena *a, const struct kwip *k);
/* Glues encoded pieces. */
struct str text_join(struct arena *a, struct str x, struct str y);
struct str url_part(struct arena *a, struct str s);
/* "PATH?KEY=ID". */
struct str url_with(struct arena *a, struct str path, const char *key, int64_t id);
/* The same address with word of what was done there, shown once on top of the page; `what` is a key
 * of frame.c. Only for pages whose route declares "done". */
struct str url_done(struct arena *a, struct str url, const char *what);
/* What "done" tells, in words; for handlers alone: an error's page may know no parameters. "" on
 * routes that do not declare it. */
struct str done_words(struct req *r);
/* Back to where the form says it came from; to `otherwise` when it says nothing. */
enum err go_back(struct req *r, struct answer *out, struct str otherwise);
/* Fills *out from the path's name. Deleted people are gone, suspended ones not to be found. */
enum err find_person(struct db *db, struct arena *a, struct str handle,
		     struct account *out) MUST_USE;

/* r->why as a page says it, for `again` handlers. */
struct str why_words(const struct req *r);
/* A page that says what is wrong, with words of its own. */
enum err show_error(struct req *r, struct answer *out, int status, struct str heading,
		    struct str why);

/*
 * items.c: kwips as views, in the order of ids; what is gone meanwhile is left out, and so is what
 * the viewer's filters for that place (enum filter_context; 0: none apply) hide.
 */
struct view_items items_of(struct req *r, struct db *db, struct lens *l, struct ids ids,
			   int context);
/* One that is loaded already, whole. */
struct view_item item_whole(struct req *r, struct db *db, struct lens *l, const struct kwip *k);
/* A room shows what was said in full: loads what its cards cut, all together, up to ROOM_BYTES. */
void items_whole(struct req *r, struct view_items *items);
struct view_items items_one(struct arena *a, struct view_item item);
/* poll.c: a poll, and what is quoted, as this viewer sees them. */
const struct view_poll *poll_view(struct req *r, const struct gathered *k);
const struct view_quote *quote_view(struct req *r, const struct gathered *k);
/* media.c: what stands below a text; the same for everybody. */
struct view_medias media_view(struct arena *a, const struct kwip *k);
const struct view_preview *preview_view(struct arena *a, const struct kwip *k);
/* card.c: the author's HTML; and the card's parts with the whole text or its beginning. */
struct html author_html(struct arena *a, const struct account *who);
struct view_author author_view(struct arena *a, const struct account *who);
struct card card_view(struct arena *a, const struct kwip *k, bool whole);

/* profile.c */
struct view_people people_of(struct arena *a, struct accounts list);
/* The name and value pairs of a profile; always FIELDS_MAX places, n of them used. */
struct view_fields fields_of(struct arena *a, struct str json, const struct emojis *emojis);

/* lists.c */
struct span span_of(struct req *r, enum order order);
struct view_pager pager_of(struct req *r, const struct view_items *items, bool more);
/* The same by what was asked for: filters may have hidden the first, the last or all of it. */
struct view_pager pager_of_ids(struct req *r, struct ids ids, bool more);
struct view_tab tab_of(const char *url, const char *label, bool here);

/* notices.c: announcements that the viewer has not dismissed */
struct view_news_list news_of(struct req *r);

/* compose.c */
struct view_form *form_new(struct req *r, struct db *db);
struct view_choices visibility_choices(struct arena *a, enum visibility least,
				       enum visibility chosen);

/* Pages that are asked for. */
enum err on_front(struct req *r, struct answer *out);
enum err on_home(struct req *r, struct answer *out);
enum err on_home_recent(struct req *r, struct answer *out);
enum err on_everyone(struct req *r, struct answer *out);
enum err on_everyone_recent(struct req *r, struct answer *out);
enum err on_tag(struct req *r, struct answer *out);
enum err on_find(struct req *r, struct answer *out);
enum err on_own_favourites(struct req *r, struct answer *out);
enum err on_own_bookmarks(struct req *r, struct answer *out);
enum err on_profile(struct req *r, struct answer *out);
enum err on_profile_active(struct req *r, struct answer *out);
enum err on_profile_comments(struct req *r, struct answer *out);
enum err on_followers(struct req *r, struct answer *out);
enum err on_following(struct req *r, struct answer *out);
enum err on_room(struct req *r, struct answer *out);
enum err on_history(struct req *r, struct answer *out);
enum err on_compose(struct req *r, struct answer *out);
enum err on_edit(struct req *r, struct answer *out);
enum err on_later(struct req *r, struct answer *out);
enum err on_own_lists(struct req *r, struct answer *out);
enum err on_own_list(struct req *r, struct answer *out);
enum err on_own_list_edit(struct req *r, struct answer *out);
enum err on_own_filters(struct req *r, struct answer *out);
enum err on_own_filter(struct req *r, struct answer *out);
enum err on_unwanted(struct req *r, struct answer *out);
enum err on_servers(struct req *r, struct answer *out);
enum err on_policy(struct req *r, struct answer *out);
enum err on_hashtags(struct req *r, struct answer *out);
enum err on_fresh(struct req *r, struct answer *out);
enum err on_delete(struct req *r, struct answer *out);
enum err on_notices(struct req *r, struct answer *out);
enum err on_requests(struct req *r, struct answer *out);
enum err on_signup(struct req *r, struct answer *out);
enum err on_setup(struct req *r, struct answer *out);
enum err on_login(struct req *r, struct answer *out);
enum err on_reset(struct req *r, struct answer *out);
enum err on_settings(struct req *r, struct answer *out);
enum err on_invites(struct req *r, struct answer *out);
enum err on_transfer(struct req *r, struct answer *out);
enum err on_export(struct req *r, struct answer *out);
enum err on_consent(struct req *r, struct answer *out);
enum err on_apps(struct req *r, struct answer *out);
enum err on_about(struct req *r, struct answer *out);
enum err on_robots(struct req *r, struct answer *out);
enum err on_favicon(struct req *r, struct answer *out);
enum err on_feed_everyone(struct req *r, struct answer *out);
enum err on_feed_account(struct req *r, struct answer *out);

/* Slow work before a change: passwords, files. */
enum err on_post_prepare(struct req *r);
enum err on_edit_prepare(struct req *r);
enum err on_profile_prepare(struct req *r);
enum err on_signup_prepare(struct req *r);
enum err on_setup_prepare(struct req *r);
enum err on_login_prepare(struct req *r);
enum err on_reset_prepare(struct req *r);
enum err on_password_prepare(struct req *r);
enum err on_import_prepare(struct req *r);

/* Changes; they end in a redirect. */
enum err on_post(struct req *r, struct tx *tx, struct answer *out);
enum err on_edit_save(struct req *r, struct tx *tx, struct answer *out);
enum err on_later_move(struct req *r, struct tx *tx, struct answer *out);
enum err on_later_end(struct req *r, struct tx *tx, struct answer *out);
enum err on_draft_throw(struct req *r, struct tx *tx, struct answer *out);
enum err on_own_list_add(struct req *r, struct tx *tx, struct answer *out);
enum err on_own_list_save(struct req *r, struct tx *tx, struct answer *out);
enum err on_own_list_person(struct req *r, struct tx *tx, struct answer *out);
enum err on_own_list_person_end(struct req *r, struct tx *tx, struct answer *out);
enum err on_own_list_delete(struct req *r, struct tx *tx, struct answer *out);
enum err on_own_filter_add(struct req *r, struct tx *tx, struct answer *out);
enum err on_own_filter_save(struct req *r, struct tx *tx, struct answer *out);
enum err on_own_filter_delete(struct req *r, struct tx *tx, struct answer *out);
enum err on_server_block(struct req *r, struct tx *tx, struct answer *out);
enum err on_server_unblock(struct req *r, struct tx *tx, struct answer *out);
enum err on_policy_save(struct req *r, struct tx *tx, struct answer *out);
enum err on_hashtag_follow(struct req *r, struct tx *tx, struct answer *out);
enum err on_hashtag_unfollow(struct req *r, struct tx *tx, struct answer *out);
enum err on_delete_do(struct req *r, struct tx *tx, struct answer *out);
enum err on_favourite(struct req *r, struct tx *tx, struct answer *out);
enum err on_unfavourite(struct req *r, struct tx *tx, struct answer *out);
enum err on_boost(struct req *r, struct tx *tx, struct answer *out);
enum err on_unboost(struct req *r, struct tx *tx, struct answer *out);
enum err on_bookmark(struct req *r, struct tx *tx, struct answer *out);
enum err on_unbookmark(struct req *r, struct tx *tx, struct answer *out);
enum err on_poll_votes(struct req *r, struct tx *tx, struct answer *out);
enum err on_mute(struct req *r, struct tx *tx, struct answer *out);
enum err on_unmute(struct req *r, struct tx *tx, struct answer *out);
enum err on_follow(struct req *r, struct tx *tx, struct answer *out);
enum err on_unfollow(struct req *r, struct tx *tx, struct answer *out);
enum err on_block(struct req *r, struct tx *tx, struct answer *out);
enum err on_unblock(struct req *r, struct tx *tx, struct answer *out);
enum err on_person_mute(struct req *r, struct tx *tx, struct answer *out);
enum err on_person_unmute(struct req *r, struct tx *tx, struct answer *out);
enum err on_notices_read(struct req *r, struct tx *tx, struct answer *out);
enum err on_waiting_accept(struct req *r, struct tx *tx, struct answer *out);
enum err on_waiting_dismiss(struct req *r, struct tx *tx, struct answer *out);
enum err on_news_dismiss(struct req *r, struct tx *tx, struct answer *out);
enum err on_request_accept(struct req *r, struct tx *tx, struct answer *out);
enum err on_request_reject(struct req *r, struct tx *tx, struct answer *out);
enum err on_signup_do(struct req *r, struct tx *tx, struct answer *out);
enum err on_setup_do(struct req *r, struct tx *tx, struct answer *out);
enum err on_login_do(struct req *r, struct tx *tx, struct answer *out);
enum err on_logout(struct req *r, struct tx *tx, struct answer *out);
enum err on_reset_do(struct req *r, struct tx *tx, struct answer *out);
enum err on_profile_save(struct req *r, struct tx *tx, struct answer *out);
enum err on_prefs_save(struct req *r, struct tx *tx, struct answer *out);
enum err on_password_save(struct req *r, struct tx *tx, struct answer *out);
enum err on_sessions_end(struct req *r, struct tx *tx, struct answer *out);
enum err on_consent_do(struct req *r, struct tx *tx, struct answer *out);
enum err on_app_end(struct req *r, struct tx *tx, struct answer *out);
enum err on_session_end(struct req *r, struct tx *tx, struct answer *out);
enum err on_invite_add(struct req *r, struct tx *tx, struct answer *out);
enum err on_invite_end(struct req *r, struct tx *tx, struct answer *out);
enum err on_import(struct req *r, struct tx *tx, struct answer *out);

/* The form again, with what was typed and the reason. */
void on_post_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_own_list_add_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_own_list_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_own_filter_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_server_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_hashtags_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_later_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_edit_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_signup_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_setup_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_login_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_reset_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_profile_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_prefs_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_import_again(struct req *r, struct db *db, enum err e, struct answer *out);
void on_password_again(struct req *r, struct db *db, enum err e, struct answer *out);

#endif
