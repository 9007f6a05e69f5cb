// SPDX-License-Identifier: MIT
// masto.js, the client library of Phanpy and Elk, against a real server: from its first word to
// streams that survive a restart. Run by tests/api/test_node_clients.py; see steps.mjs.
import assert from "node:assert/strict";
import { createHash, createECDH, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";
import { ask, misses, pause, picturePath, play, refused, scopes, sees, step, until, url, within } from "./steps.mjs";

const BACK = "https://client.example/back?from=masto";
const picture = () => new Blob([readFileSync(picturePath)], { type: "image/png" });
const statusOf = (error) => error.statusCode;
const at = { person: {}, token: {}, live: null };
let app, ann, bob, annId, bobId, said, media, poll, list;

async function logIn(name) {
	const verifier = randomBytes(32).toString("base64url");
	const asked = new URL("/oauth/authorize", url);
	asked.search = new URLSearchParams({
		response_type: "code", client_id: app.clientId, redirect_uri: BACK, scope: scopes.join(" "), state: "s " + name,
		code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256",
	});
	const back = new URL(await ask("consent", { name, url: asked.href }));
	assert.equal(back.searchParams.get("state"), "s " + name);
	assert.equal(back.searchParams.get("from"), "masto");
	const token = await createOAuthAPIClient({ url }).token.create({
		grantType: "authorization_code", clientId: app.clientId, clientSecret: app.clientSecret, redirectUri: BACK,
		code: back.searchParams.get("code"), codeVerifier: verifier, scope: scopes.join(" "),
	});
	assert.equal(token.tokenType, "Bearer");
	assert.equal(token.scope, scopes.join(" "));
	at.token[name] = token.accessToken;
	return createRestAPIClient({ url, accessToken: token.accessToken });
}

// -- boot --

step("boot: the app is registered", async () => {
	app = await createRestAPIClient({ url }).v1.apps.create({
		clientName: "masto", redirectUris: BACK, scopes: scopes.join(" "), website: "https://client.example",
	});
	assert.ok(app.clientId && app.clientSecret && app.id);
	assert.equal(app.name, "masto");
	assert.deepEqual(app.redirectUris, [BACK]);
});

step("boot: two people let it in, with PKCE", async () => {
	ann = await logIn("ann");
	bob = await logIn("bob");
	assert.equal((await ann.v1.apps.verifyCredentials()).name, "masto");
});

step("boot: who am I", async () => {
	const me = await ann.v1.accounts.verifyCredentials();
	annId = me.id;
	bobId = (await bob.v1.accounts.verifyCredentials()).id;
	assert.equal(me.acct, "ann");
	assert.equal(me.source.privacy, "public");
	assert.equal(typeof me.role.permissions, "string");
	assert.ok(me.avatar.startsWith("http") && me.headerStatic.startsWith("http"));
});

step("boot: the instance, new and old form", async () => {
	const now = await ann.v2.instance.fetch();
	const old = await ann.v1.instance.fetch();
	assert.match(now.version, /^4\.\d+\.\d+ \(compatible; kwipd /);
	assert.equal(now.domain, old.uri);
	assert.ok(now.apiVersions.mastodon >= 6);
	assert.ok(now.configuration.statuses.maxCharacters >= 500);
	assert.equal(now.configuration.urls.streaming, old.urls.streamingApi);
	assert.ok(now.configuration.vapid.publicKey.length > 80);
	assert.deepEqual(await ann.v1.instance.rules.list(), []);
});

step("boot: what a client loads at start", async () => {
	assert.equal((await ann.v1.preferences.fetch())["posting:default:visibility"], "public");
	assert.deepEqual(await ann.v2.filters.list(), []);
	assert.deepEqual(await ann.v1.filters.list(), []);
	assert.deepEqual(await ann.v1.lists.list(), []);
	assert.deepEqual(await ann.v1.customEmojis.list(), []);
	assert.deepEqual(await ann.v1.announcements.list(), []);
	assert.deepEqual(await ann.v1.followedTags.list(), []);
	assert.deepEqual(await ann.v1.followRequests.list(), []);
	assert.deepEqual(await ann.v1.notifications.list(), []);
	assert.deepEqual(await ann.v2.notifications.list(), { accounts: [], statuses: [], notificationGroups: [] });
	assert.equal((await ann.v2.notifications.policy.fetch()).summary.pendingRequestsCount, 0);
	assert.deepEqual(await ann.v1.timelines.home.list(), []);
	await refused(404, ann.v1.push.subscription.fetch(), statusOf);
});

step("boot: markers have the keys that were asked for", async () => {
	const empty = await ann.v1.markers.fetch({ timeline: ["home", "notifications"] });
	assert.equal(empty.home.lastReadId, "0");
	const set = await ann.v1.markers.create({ notifications: { lastReadId: "7" } });
	assert.equal(set.notifications.lastReadId, "7");
	const got = await ann.v1.markers.fetch({ timeline: ["notifications"] });
	assert.equal(got.notifications.lastReadId, "7");
});

step("boot: settings are changed, with a picture", async () => {
	const me = await ann.v1.accounts.updateCredentials({
		displayName: "Ann", note: "about <me>", avatar: picture(), locked: false,
		fieldsAttributes: [{ name: "home", value: "here" }], source: { privacy: "unlisted", language: "en" },
	});
	assert.equal(me.displayName, "Ann");
	assert.equal(me.source.note, "about <me>");
	assert.equal(me.source.privacy, "unlisted");
	assert.equal(me.fields[0].name, "home");
	assert.match(me.avatar, /\/media\//);
	assert.equal((await fetch(me.avatar)).status, 200);
	await ann.v1.accounts.updateCredentials({ source: { privacy: "public" } });
	assert.equal((await ann.v1.preferences.fetch())["posting:default:visibility"], "public");
});

// -- people --

step("people: follow, relationships, and who follows", async () => {
	assert.equal((await ann.v1.accounts.$select(bobId).follow({ reblogs: true, notify: false })).following, true);
	assert.equal((await bob.v1.accounts.$select(annId).follow()).followedBy, true);
	const [one, two] = await ann.v1.accounts.relationships.fetch({ id: [bobId, annId] });
	assert.deepEqual([one.id, two.id, one.followedBy], [bobId, annId, true]);
	sees(await ann.v1.accounts.$select(bobId).followers.list(), annId, "followers");
	sees(await ann.v1.accounts.$select(annId).following.list(), bobId, "following");
	assert.equal((await ann.v1.accounts.lookup({ acct: "bob" })).id, bobId);
	assert.equal((await ann.v1.accounts.$select(bobId).note.create({ comment: "a friend" })).note, "a friend");
	assert.deepEqual((await ann.v1.accounts.familiarFollowers.fetch({ id: [bobId] }))[0].accounts, []);
});

step("people: mute and block, and back", async () => {
	const him = ann.v1.accounts.$select(bobId);
	const muted = await him.mute({ notifications: false, duration: 3600 });
	assert.deepEqual([muted.muting, muted.mutingNotifications], [true, false]);
	assert.ok((await ann.v1.mutes.list())[0].muteExpiresAt);
	assert.equal((await him.unmute()).muting, false);
	assert.equal((await him.block()).blocking, true);
	sees(await ann.v1.blocks.list(), bobId, "blocks");
	assert.equal((await him.unblock()).blocking, false);
	await him.follow();
	await bob.v1.accounts.$select(annId).follow();
	assert.equal((await him.unfollow()).following, false);
	assert.equal((await him.follow()).following, true);
});

// -- timelines --

step("timelines: an iterator walks all pages", async () => {
	const made = [];
	for (let i = 0; i < 25; i++) made.unshift((await bob.v1.statuses.create({ status: `number ${i} #many` })).id);
	const seen = [];
	const sizes = [];
	for await (const page of ann.v1.timelines.home.list({ limit: 10 })) {
		sizes.push(page.length);
		seen.push(...page.map((s) => s.id));
	}
	assert.deepEqual(seen, made);
	assert.deepEqual(sizes.slice(0, 3), [10, 10, 5]);
	const tagged = [];
	for await (const page of ann.v1.timelines.tag.$select("many").list({ limit: 20 })) tagged.push(...page.map((s) => s.id));
	assert.deepEqual(tagged, made);
	const newer = await ann.v1.timelines.public.list({ minId: made[3], limit: 2 });
	assert.deepEqual(newer.map((s) => s.id), [made[1], made[2]]);
	const back = [];
	for await (const page of ann.v1.timelines.home.list({ limit: 10, minId: made[20] }).setDirection("prev"))
		back.unshift(...page.map((s) => s.id));
	assert.deepEqual(back, made.slice(0, 20));
});

step("timelines: of an account, many at once, and local", async () => {
	const his = await ann.v1.accounts.$select(bobId).statuses.list({ limit: 5, excludeReplies: true });
	assert.equal(his.length, 5);
	const two = await ann.v1.statuses.fetch({ id: [his[0].id, his[4].id] });
	assert.deepEqual(new Set(two.map((s) => s.id)), new Set([his[0].id, his[4].id]));
	sees(await ann.v1.timelines.public.list({ local: true }), his[0].id, "local");
	assert.deepEqual(await ann.v1.timelines.public.list({ remote: true }), []);
	assert.deepEqual(await ann.v1.accounts.$select(bobId).statuses.list({ onlyMedia: true }), []);
});

// -- compose --

step("compose: a picture is uploaded, polled, described", async () => {
	media = await ann.v2.media.create({ file: picture(), description: "a field", focus: "0.5,-0.5" });
	assert.equal(media.type, "image");
	assert.ok(media.url && media.previewUrl && media.blurhash);
	assert.deepEqual([media.meta.original.width, media.meta.original.height], [40, 30]);
	assert.deepEqual(media.meta.focus, { x: 0.5, y: -0.5 });
	const changed = await ann.v1.media.$select(media.id).update({ description: "a red field" });
	assert.equal(changed.description, "a red field");
	const raw = await ann.v2.media.create({ file: picture(), skipPolling: true });
	assert.equal((await until("the media is finished", async () => {
		const got = await ann.v1.media.$select(raw.id).fetch();
		return got.url ? got : null;
	})).id, raw.id);
	await refused(422, ann.v2.media.create({ file: new Blob(["no picture"], { type: "image/png" }), skipPolling: true }), statusOf);
});

step("compose: a kwip with a picture", async () => {
	said = await ann.v1.statuses.create({
		status: "a picture for @bob #Rain", mediaIds: [media.id], spoilerText: "red", sensitive: true, language: "en", visibility: "public",
	});
	assert.equal(said.mediaAttachments[0].id, media.id);
	assert.equal(said.mediaAttachments[0].description, "a red field");
	assert.deepEqual(said.mentions.map((m) => m.id), [bobId]);
	assert.deepEqual(said.tags.map((t) => t.name.toLowerCase()), ["rain"]);
	assert.deepEqual([said.spoilerText, said.sensitive, said.application.name], ["red", true, "masto"]);
	assert.equal((await fetch(said.mediaAttachments[0].url)).headers.get("content-type"), "image/png");
	sees(await bob.v1.timelines.home.list(), said.id, "bob's home");
});

step("compose: a poll, and a vote", async () => {
	const asked = await ann.v1.statuses.create({ status: "which?", poll: { options: ["x", "y"], expiresIn: 600, multiple: false } });
	poll = asked.poll;
	assert.deepEqual(poll.options.map((o) => o.title), ["x", "y"]);
	const voted = await bob.v1.polls.$select(poll.id).votes.create({ choices: [1] });
	assert.deepEqual([voted.voted, voted.ownVotes, voted.options[1].votesCount], [true, [1], 1]);
	await refused(422, bob.v1.polls.$select(poll.id).votes.create({ choices: [0] }), statusOf);
	assert.equal((await ann.v1.polls.$select(poll.id).fetch()).votesCount, 1);
});

step("compose: an answer, and the conversation", async () => {
	const answer = await bob.v1.statuses.create({ status: "@ann nice", inReplyToId: said.id });
	assert.deepEqual([answer.inReplyToId, answer.inReplyToAccountId], [said.id, annId]);
	const context = await ann.v1.statuses.$select(said.id).context.fetch();
	assert.deepEqual([context.ancestors, context.descendants.map((s) => s.id)], [[], [answer.id]]);
	assert.equal((await ann.v1.statuses.$select(said.id).fetch()).repliesCount, 1);
});

step("compose: edited, with its source and history", async () => {
	const source = await ann.v1.statuses.$select(said.id).source.fetch();
	assert.deepEqual([source.text, source.spoilerText], ["a picture for @bob #Rain", "red"]);
	const edited = await ann.v1.statuses.$select(said.id).update({
		status: "a better picture for @bob", spoilerText: "", sensitive: false, mediaIds: [media.id],
		mediaAttributes: [{ id: media.id, description: "a very red field" }],
	});
	assert.ok(edited.editedAt);
	assert.equal(edited.mediaAttachments[0].description, "a very red field");
	const history = await ann.v1.statuses.$select(said.id).history.list();
	assert.deepEqual(history.map((h) => h.spoilerText), ["red", ""]);
});

step("compose: marks, each and back", async () => {
	const it = bob.v1.statuses.$select(said.id);
	assert.deepEqual([(await it.favourite()).favourited, (await it.bookmark()).bookmarked], [true, true]);
	sees(await bob.v1.favourites.list(), said.id, "favourites");
	sees(await bob.v1.bookmarks.list(), said.id, "bookmarks");
	const boost = await it.reblog();
	assert.equal(boost.reblog.id, said.id);
	assert.notEqual(boost.id, said.id);
	sees(await ann.v1.statuses.$select(said.id).rebloggedBy.list(), bobId, "boosted by");
	sees(await ann.v1.statuses.$select(said.id).favouritedBy.list(), bobId, "favourited by");
	assert.equal((await it.unreblog()).id, said.id);
	assert.equal((await it.unbookmark()).bookmarked, false);
	assert.equal((await it.mute()).muted, true);
	assert.equal((await it.unmute()).muted, false);
	const mine = ann.v1.statuses.$select(said.id);
	assert.equal((await mine.pin()).pinned, true);
	sees(await bob.v1.accounts.$select(annId).statuses.list({ pinned: true }), said.id, "pinned");
	assert.equal((await mine.unpin()).pinned, false);
	await refused(422, it.pin(), statusOf);
});

step("compose: the same key, the same kwip", async () => {
	const meta = { requestInit: { headers: new Headers({ "Idempotency-Key": "once" }) } };
	const one = await ann.v1.statuses.create({ status: "only once" }, meta);
	assert.equal((await ann.v1.statuses.create({ status: "only once" }, meta)).id, one.id);
	assert.notEqual((await ann.v1.statuses.create({ status: "only once" })).id, one.id);
});

step("compose: deleted, to be written anew", async () => {
	const one = await ann.v1.statuses.create({ status: "a mistake" });
	assert.equal((await ann.v1.statuses.$select(one.id).remove()).text, "a mistake");
	await refused(404, ann.v1.statuses.$select(one.id).fetch(), statusOf);
	await refused(404, bob.v1.statuses.$select(said.id).remove(), statusOf);
});

step("compose: scheduled, moved, called off", async () => {
	const later = new Date(Date.now() + 3600e3).toISOString();
	const made = await ann.v1.statuses.create({ status: "later", scheduledAt: later });
	assert.deepEqual([made.scheduledAt, made.params.text], [later, "later"]);
	sees(await ann.v1.scheduledStatuses.list(), made.id, "scheduled");
	const moved = new Date(Date.now() + 7200e3).toISOString();
	assert.equal((await ann.v1.scheduledStatuses.$select(made.id).update({ scheduledAt: moved })).scheduledAt, moved);
	await ann.v1.scheduledStatuses.$select(made.id).remove();
	assert.deepEqual(await ann.v1.scheduledStatuses.list(), []);
});

// -- the rest --

step("search: people, kwips by address, and tags", async () => {
	sees((await ann.v2.search.list({ q: "bo", type: "accounts", resolve: true })).accounts, bobId, "accounts");
	sees((await ann.v1.accounts.search.list({ q: "bo", limit: 5 })), bobId, "account search");
	sees((await ann.v2.search.list({ q: said.url, resolve: true })).statuses, said.id, "by address");
	const found = await ann.v2.search.list({ q: "many", type: "hashtags" });
	assert.deepEqual(found.hashtags.map((t) => t.name), ["many"]);
	assert.equal(found.hashtags[0].history.length, 7);
});

step("lists: made, filled, read, emptied", async () => {
	list = await ann.v1.lists.create({ title: "few", repliesPolicy: "none", exclusive: false });
	await ann.v1.lists.$select(list.id).accounts.create({ accountIds: [bobId] });
	sees(await ann.v1.lists.$select(list.id).accounts.list(), bobId, "members");
	sees(await ann.v1.accounts.$select(bobId).lists.list(), list.id, "lists with bob");
	const told = await bob.v1.statuses.create({ status: "for the list" });
	sees(await ann.v1.timelines.list.$select(list.id).list(), told.id, "the list");
	assert.equal((await ann.v1.lists.$select(list.id).update({ title: "fewer" })).title, "fewer");
	await ann.v1.lists.$select(list.id).accounts.remove({ accountIds: [bobId] });
	assert.deepEqual(await ann.v1.lists.$select(list.id).accounts.list(), []);
	await ann.v1.lists.$select(list.id).accounts.create({ accountIds: [bobId] });
});

step("filters: what they hide is said with the kwip", async () => {
	const made = await ann.v2.filters.create({
		title: "no rain", context: ["home", "public"], filterAction: "warn", keywordsAttributes: [{ keyword: "drizzle", wholeWord: true }],
	});
	const word = await ann.v2.filters.$select(made.id).keywords.create({ keyword: "hail" });
	assert.equal((await ann.v2.filters.keywords.$select(word.id).update({ keyword: "sleet", wholeWord: false })).keyword, "sleet");
	const wet = await bob.v1.statuses.create({ status: "a drizzle again" });
	const [seen] = (await ann.v1.timelines.home.list()).filter((s) => s.id === wet.id);
	assert.equal(seen.filtered[0].filter.id, made.id);
	assert.deepEqual(seen.filtered[0].keywordMatches, ["drizzle"]);
	const mark = await ann.v2.filters.$select(made.id).statuses.create({ statusId: said.id });
	await ann.v2.filters.statuses.$select(mark.id).remove();
	assert.equal((await ann.v2.filters.$select(made.id).update({ title: "dry", filterAction: "hide" })).filterAction, "hide");
	await ann.v2.filters.$select(made.id).remove();
	assert.deepEqual(await ann.v2.filters.list(), []);
});

step("tags: followed, and at home", async () => {
	assert.equal((await bob.v1.tags.$select("sun").follow()).following, true);
	assert.deepEqual((await bob.v1.followedTags.list()).map((t) => t.name), ["sun"]);
	assert.equal((await bob.v1.tags.$select("sun").unfollow()).following, false);
	const featured = await ann.v1.featuredTags.create({ name: "rain" });
	assert.deepEqual((await bob.v1.accounts.$select(annId).featuredTags.list()).map((t) => t.name.toLowerCase()), ["rain"]);
	await ann.v1.featuredTags.$select(featured.id).remove();
});

step("conversations: read and put away", async () => {
	const secret = await bob.v1.statuses.create({ status: "@ann only you", visibility: "direct" });
	const [talk] = await ann.v1.conversations.list();
	assert.deepEqual([talk.unread, talk.lastStatus.id, talk.accounts.map((a) => a.id)], [true, secret.id, [bobId]]);
	assert.equal((await ann.v1.conversations.$select(talk.id).read()).unread, false);
	await ann.v1.conversations.$select(talk.id).remove();
	assert.deepEqual(await ann.v1.conversations.list(), []);
});

step("notifications: one by one and in groups", async () => {
	const all = await ann.v1.notifications.list({ limit: 40 });
	for (const kind of ["mention", "favourite", "follow"]) assert.ok(all.some((n) => n.type === kind), kind);
	assert.ok((await ann.v1.notifications.list({ types: ["favourite"] })).every((n) => n.type === "favourite"));
	assert.ok((await ann.v1.notifications.list({ excludeTypes: ["mention"] })).every((n) => n.type !== "mention"));
	assert.equal((await ann.v1.notifications.$select(all[0].id).fetch()).id, all[0].id);
	const groups = await ann.v2.notifications.list({ expandAccounts: "partial_avatars", groupedTypes: ["favourite", "reblog"] });
	const [liked] = groups.notificationGroups.filter((g) => g.type === "favourite");
	assert.equal(liked.statusId, said.id);
	sees(groups.accounts, liked.sampleAccountIds[0], "accounts of the groups");
	assert.equal((await ann.v2.notifications.$select(liked.groupKey).fetch()).notificationGroups[0].groupKey, liked.groupKey);
	assert.ok((await ann.v2.notifications.unreadCount.fetch()).count >= 1);
	await ann.v1.notifications.$select(all[0].id).dismiss();
	misses(await ann.v1.notifications.list(), all[0].id, "dismissed");
	await ann.v1.notifications.clear();
	assert.deepEqual(await ann.v1.notifications.list(), []);
});

step("push: subscribed, changed, ended", async () => {
	const keys = createECDH("prime256v1");
	keys.generateKeys();
	const made = await ann.v1.push.subscription.create({
		subscription: { endpoint: "https://push.example/x", keys: { p256dh: keys.getPublicKey("base64url"), auth: randomBytes(16).toString("base64url") } },
		data: { alerts: { mention: true, favourite: false }, policy: "all" },
	});
	assert.deepEqual([made.endpoint, made.alerts.mention, made.alerts.favourite], ["https://push.example/x", true, false]);
	assert.equal(made.serverKey, (await ann.v2.instance.fetch()).configuration.vapid.publicKey);
	assert.equal((await ann.v1.push.subscription.update({ data: { alerts: { favourite: true }, policy: "followed" } })).alerts.favourite, true);
	assert.equal((await ann.v1.push.subscription.fetch()).policy, "followed");
	await ann.v1.push.subscription.remove();
	await refused(404, ann.v1.push.subscription.fetch(), statusOf);
});

step("the rest: reports, suggestions, trends, directory", async () => {
	assert.equal((await ann.v1.reports.create({ accountId: bobId, statusIds: [], comment: "look" })).targetAccount.id, bobId);
	assert.ok(Array.isArray(await ann.v2.suggestions.list()));
	for (const kind of ["tags", "statuses", "links"]) assert.ok(Array.isArray(await ann.v1.trends[kind].list()), kind);
	sees(await ann.v1.directory.list({ local: true }), bobId, "directory");
	await ann.v1.domainBlocks.create({ domain: "x.example" });
	assert.deepEqual(await ann.v1.domainBlocks.list(), ["x.example"]);
	await ann.v1.domainBlocks.remove({ domain: "x.example" });
	assert.deepEqual(await ann.v1.domainBlocks.list(), []);
});

// -- streams --

// The next event of a subscription that is good by then.
function listen(subscription) {
	const events = subscription.values();
	return async (isIt, what) => within(8000, (async () => {
		for (;;) {
			const { value, done } = await events.next();
			assert.ok(!done, `the stream ended before ${what}`);
			if (isIt(value)) return value;
		}
	})(), what);
}

// Asking for the first event subscribes. On two sockets, by way of the witness, only time keeps the order.
async function happens(next, isIt, what, deed) {
	const event = next(isIt, what);
	event.catch(() => {});
	await pause(250);
	const done = await deed();
	return [await event, done];
}

step("streaming: several streams on one socket", async () => {
	const { configuration } = await ann.v2.instance.fetch();
	at.live = createStreamingAPIClient({ streamingApiUrl: configuration.urls.streaming, accessToken: at.token.ann });
	await within(5000, at.live.prepare(), "the socket");
	const names = ["public", "public:local", "user", "hashtag,Storm", `list,${list.id}`];
	const nexts = [at.live.public.subscribe(), at.live.public.local.subscribe(), at.live.user.subscribe(),
		at.live.hashtag.subscribe({ tag: "Storm" }), at.live.list.subscribe({ list: list.id })].map(listen);
	const events = nexts.map((next, i) => next((e) => e.event === "update", names[i]));
	await pause(250);
	const one = await bob.v1.statuses.create({ status: "a #storm comes" });
	for (const [i, event] of (await Promise.all(events)).entries()) {
		assert.equal(event.payload.id, one.id, names[i]);
		assert.equal(event.stream.join(","), names[i]);
	}
});

step("streaming: edited and deleted", async () => {
	const next = listen(at.live.user.subscribe());
	const [, one] = await happens(next, (e) => e.event === "update", "update", () => bob.v1.statuses.create({ status: "first" }));
	const [edited] = await happens(next, (e) => e.event === "status.update", "status.update",
		() => bob.v1.statuses.$select(one.id).update({ status: "second" }));
	assert.match(edited.payload.content, /second/);
	const [gone] = await happens(next, (e) => e.event === "delete", "delete", () => bob.v1.statuses.$select(one.id).remove());
	assert.equal(gone.payload, one.id);
});

step("streaming: notifications and direct messages", async () => {
	const next = listen(at.live.user.notification.subscribe());
	const [told] = await happens(next, (e) => e.event === "notification", "notification",
		() => bob.v1.statuses.create({ status: "@ann look" }));
	assert.deepEqual([told.payload.type, told.payload.account.id], ["mention", bobId]);
	const [talk, secret] = await happens(listen(at.live.direct.subscribe()), (e) => e.event === "conversation", "conversation",
		() => bob.v1.statuses.create({ status: "@ann in secret", visibility: "direct" }));
	assert.equal(talk.payload.lastStatus.id, secret.id);
});

step("streaming: a filter that changes is told", async () => {
	const [changed] = await happens(listen(at.live.user.subscribe()), (e) => e.event === "filters_changed", "filters_changed",
		() => ann.v1.filters.create({ phrase: "x", context: ["home"] }));
	assert.deepEqual(changed.stream, ["user"]);
});

step("streaming: unsubscribed from one, the others go on", async () => {
	const live = createStreamingAPIClient({ streamingApiUrl: url.replace("http", "ws"), accessToken: at.token.ann });
	await live.prepare();
	const subscription = live.hashtag.subscribe({ tag: "calm" });
	const seen = [];
	const reading = (async () => {
		for await (const event of subscription) seen.push(event.payload.id);
	})();
	const local = listen(live.public.local.subscribe());
	const [, one] = await happens(local, (e) => e.event === "update", "update", () => bob.v1.statuses.create({ status: "#calm" }));
	await until("the tag's stream has it too", () => seen.includes(one.id));
	subscription.unsubscribe();
	const [, two] = await happens(local, (e) => e.event === "update", "update", () => bob.v1.statuses.create({ status: "#calm again" }));
	await pause(100);
	misses(seen.map((id) => ({ id })), two.id, "the tag's stream");
	live.close();
	await within(5000, reading.catch(() => {}), "the end of the stream");
});

step("streaming: after a restart of the server all goes on", async () => {
	const user = listen(at.live.user.subscribe());
	const tag = listen(at.live.hashtag.subscribe({ tag: "again" }));
	const both = [user((e) => e.event === "update", "user"), tag((e) => e.event === "update", "tag")];
	await pause(100);
	assert.equal(await ask("restart"), true);
	// The client comes back by itself, some time soon: what is said until then is not heard.
	const since = [];
	let heard = false;
	const talking = (async () => {
		while (!heard) {
			since.push((await bob.v1.statuses.create({ status: `back #again ${since.length}` })).id);
			await pause(100);
		}
	})();
	const events = await Promise.all(both).finally(() => (heard = true));
	await talking;
	for (const event of events) assert.ok(since.includes(event.payload.id), "one of those said since");
	at.live.close();
});

step("good bye: the token is revoked", async () => {
	await createOAuthAPIClient({ url }).revoke({ clientId: app.clientId, clientSecret: app.clientSecret, token: at.token.bob });
	await refused(401, bob.v1.accounts.verifyCredentials(), statusOf);
	assert.equal((await ann.v1.accounts.verifyCredentials()).id, annId);
});

await play();
