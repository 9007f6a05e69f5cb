// SPDX-License-Identifier: MIT
// megalodon, the client library of Whalebird, Fedistar and others, against a real server. Run by
// tests/api/test_node_clients.py; see steps.mjs.
import assert from "node:assert/strict";
import { createECDH, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import megalodon from "megalodon";
import { ask, misses, pause, picturePath, play, refused, scopes, sees, step, until, url, within } from "./steps.mjs";

const { default: generator, detector } = megalodon;
const statusOf = (error) => error.response?.status;
const tokens = {};
let kind, app, ann, bob, annId, bobId, said, list;

async function logIn(name) {
	const code = await ask("code", { name, url: app.url });
	const token = await generator(kind, url).fetchAccessToken(app.client_id, app.client_secret, code);
	tokens[name] = token.access_token;
	assert.equal(token.token_type, "Bearer");
	return generator(kind, url, tokens[name]);
}

const data = async (call) => (await call).data;

// -- boot --

step("boot: nodeinfo says what API this is", async () => {
	kind = await detector(url);
	assert.equal(kind, "mastodon");
});

step("boot: the app is registered and two people let it in", async () => {
	app = await generator(kind, url).registerApp("megalodon", { scopes, website: "https://client.example" });
	assert.ok(app.client_id && app.client_secret && app.url);
	ann = await logIn("ann");
	bob = await logIn("bob");
	assert.equal((await data(ann.verifyAppCredentials())).name, "megalodon");
	annId = (await data(ann.verifyAccountCredentials())).id;
	const him = await data(bob.verifyAccountCredentials());
	bobId = him.id;
	assert.deepEqual([him.acct, him.source.privacy], ["bob", "public"]);
});

step("boot: the instance and what is loaded at start", async () => {
	const instance = await data(ann.getInstance());
	assert.ok(url.endsWith(instance.uri));
	assert.ok(instance.configuration.statuses.max_characters >= 500);
	assert.equal(await ann.streamingURL(), instance.urls.streaming_api);
	for (const call of ["getInstancePeers", "getInstanceCustomEmojis", "getInstanceAnnouncements", "getFilters", "getLists",
		"getFollowedTags", "getFeaturedTags", "getFollowRequests", "getEndorsements", "getSuggestedTags",
		"getInstanceTrends", "getHomeTimeline", "getNotifications", "getConversationTimeline", "getBlocks", "getMutes",
		"getDomainBlocks", "getScheduledStatuses"])
		assert.deepEqual(await data(ann[call]()), [], call);
	assert.equal((await data(ann.getPreferences()))["posting:default:visibility"], "public");
	assert.ok((await data(ann.getInstanceActivity())).length > 0);
	sees(await data(ann.getSuggestions(10)), bobId, "suggestions");
	sees(await data(ann.getInstanceDirectory({ order: "new", local: true })), bobId, "directory");
	await refused(404, ann.getPushSubscription(), statusOf);
});

step("boot: markers", async () => {
	assert.equal((await data(ann.getMarkers(["home", "notifications"]))).home.last_read_id, "0");
	assert.equal((await data(ann.saveMarkers({ home: { last_read_id: "12" } }))).home.last_read_id, "12");
	assert.equal((await data(ann.getMarkers(["home"]))).home.last_read_id, "12");
});

step("boot: settings are changed", async () => {
	const me = await data(ann.updateCredentials({ display_name: "Ann", note: "about", bot: false, fields_attributes: [{ name: "a", value: "b" }] }));
	assert.deepEqual([me.display_name, me.source.note, me.fields[0].name], ["Ann", "about", "a"]);
});

// -- people --

step("people: follow, mute, block, and back", async () => {
	assert.equal((await data(ann.followAccount(bobId, { reblog: true }))).following, true);
	assert.equal((await data(bob.followAccount(annId))).followed_by, true);
	assert.equal((await data(ann.getRelationship(bobId))).following, true);
	assert.deepEqual((await data(ann.getRelationships([bobId, annId]))).map((r) => r.id), [bobId, annId]);
	sees(await data(ann.getAccountFollowers(bobId)), annId, "followers");
	sees(await data(ann.getAccountFollowing(annId)), bobId, "following");
	assert.equal((await data(ann.muteAccount(bobId, true))).muting, true);
	sees(await data(ann.getMutes()), bobId, "mutes");
	assert.equal((await data(ann.unmuteAccount(bobId))).muting, false);
	assert.equal((await data(bob.blockAccount(annId))).blocking, true);
	assert.equal((await data(bob.unblockAccount(annId))).blocking, false);
	await bob.followAccount(annId);
	await ann.followAccount(bobId);
	assert.equal((await data(ann.subscribeAccount(bobId))).notifying, true);
	assert.equal((await data(ann.unsubscribeAccount(bobId))).notifying, false);
	assert.equal((await data(ann.pinAccount(bobId))).endorsed, true);
	assert.equal((await data(ann.unpinAccount(bobId))).endorsed, false);
	await ann.blockDomain("x.example");
	assert.deepEqual(await data(ann.getDomainBlocks()), ["x.example"]);
	await ann.unblockDomain("x.example");
	assert.equal((await data(ann.report(bobId, { comment: "look", category: "spam" }))).target_account.id, bobId);
});

// -- timelines --

step("timelines: page by page", async () => {
	const made = [];
	for (let i = 0; i < 12; i++) made.unshift((await data(bob.postStatus(`number ${i} #many`))).id);
	const first = await data(ann.getHomeTimeline({ limit: 5 }));
	const second = await data(ann.getHomeTimeline({ limit: 5, max_id: first[4].id }));
	assert.deepEqual([...first, ...second].map((s) => s.id), made.slice(0, 10));
	assert.deepEqual((await data(ann.getHomeTimeline({ limit: 2, min_id: made[5] }))).map((s) => s.id), made.slice(3, 5));
	assert.deepEqual((await data(ann.getHomeTimeline({ limit: 2, since_id: made[5] }))).map((s) => s.id), made.slice(0, 2));
	assert.deepEqual((await data(ann.getTagTimeline("many", { limit: 12 }))).map((s) => s.id), made);
	assert.deepEqual((await data(ann.getLocalTimeline({ limit: 3 }))).map((s) => s.id), made.slice(0, 3));
	assert.deepEqual((await data(ann.getPublicTimeline({ limit: 3 }))).map((s) => s.id), made.slice(0, 3));
	assert.deepEqual((await data(ann.getAccountStatuses(bobId, { limit: 3, exclude_replies: true }))).map((s) => s.id), made.slice(0, 3));
});

// -- compose --

step("compose: a picture, uploaded and waited for", async () => {
	const sent = await ann.uploadMedia(createReadStream(picturePath), { description: "red", focus: "0.1,0.2" });
	const media = await until("the media is finished", async () => {
		const got = await data(ann.getMedia(sent.data.id));
		return got.url ? got : null;
	});
	assert.deepEqual([media.type, media.description, media.meta.original.width], ["image", "red", 40]);
	assert.equal((await data(ann.updateMedia(media.id, { description: "very red" }))).description, "very red");
	said = await data(ann.postStatus("a picture for @bob #rain", {
		media_ids: [media.id], sensitive: true, spoiler_text: "red", visibility: "public", language: "en",
	}));
	assert.equal(said.media_attachments[0].description, "very red");
	assert.deepEqual([said.mentions[0].id, said.tags[0].name, said.spoiler_text], [bobId, "rain", "red"]);
	sees(await data(bob.getHomeTimeline()), said.id, "bob's home");
});

step("compose: a poll and a vote", async () => {
	const { poll } = await data(ann.postStatus("which?", { poll: { options: ["x", "y"], expires_in: 600 } }));
	assert.deepEqual((await data(bob.votePoll(poll.id, [1]))).own_votes, [1]);
	assert.equal((await data(ann.getPoll(poll.id))).options[1].votes_count, 1);
});

step("compose: answered, edited, marked", async () => {
	const answer = await data(bob.postStatus("@ann nice", { in_reply_to_id: said.id }));
	assert.deepEqual((await data(ann.getStatusContext(said.id))).descendants.map((s) => s.id), [answer.id]);
	assert.equal((await data(ann.getStatusSource(said.id))).text, "a picture for @bob #rain");
	assert.match((await data(ann.editStatus(said.id, { status: "a better picture" }))).content, /better/);
	assert.equal((await data(bob.favouriteStatus(said.id))).favourited, true);
	assert.equal((await data(bob.bookmarkStatus(said.id))).bookmarked, true);
	assert.equal((await data(bob.reblogStatus(said.id))).reblog.id, said.id);
	sees(await data(ann.getStatusFavouritedBy(said.id)), bobId, "favourited by");
	sees(await data(ann.getStatusRebloggedBy(said.id)), bobId, "boosted by");
	sees(await data(bob.getFavourites()), said.id, "favourites");
	sees(await data(bob.getBookmarks()), said.id, "bookmarks");
	assert.equal((await data(bob.unreblogStatus(said.id))).reblogged, false);
	assert.equal((await data(bob.unbookmarkStatus(said.id))).bookmarked, false);
	assert.equal((await data(ann.pinStatus(said.id))).pinned, true);
	assert.equal((await data(ann.unpinStatus(said.id))).pinned, false);
	assert.equal((await data(ann.muteStatus(said.id))).muted, true);
	assert.equal((await data(ann.unmuteStatus(said.id))).muted, false);
});

step("compose: deleted, scheduled, called off", async () => {
	const one = await data(ann.postStatus("a mistake"));
	await ann.deleteStatus(one.id);
	await refused(404, ann.getStatus(one.id), statusOf);
	const later = new Date(Date.now() + 3600e3).toISOString();
	const made = await data(ann.postStatus("later", { scheduled_at: later }));
	assert.deepEqual([made.params.text, made.scheduled_at], ["later", later]);
	sees(await data(ann.getScheduledStatuses()), made.id, "scheduled");
	const moved = new Date(Date.now() + 7200e3).toISOString();
	assert.equal((await data(ann.scheduleStatus(made.id, moved))).scheduled_at, moved);
	await ann.cancelScheduledStatus(made.id);
	assert.deepEqual(await data(ann.getScheduledStatuses()), []);
});

// -- the rest --

step("search, tags and filters", async () => {
	sees((await data(ann.search("bob", { type: "accounts" }))).accounts, bobId, "accounts");
	sees((await data(ann.search(said.url, { resolve: true }))).statuses, said.id, "by address");
	sees(await data(ann.searchAccount("bo")), bobId, "account search");
	assert.equal((await data(ann.followTag("sun"))).following, true);
	assert.equal((await data(ann.getTag("sun"))).name, "sun");
	assert.equal((await data(ann.unfollowTag("sun"))).following, false);
	const tag = await data(ann.createFeaturedTag("rain"));
	await ann.deleteFeaturedTag(tag.id);
	const filter = await data(ann.createFilter("drizzle", ["home"], { whole_word: true }));
	assert.equal((await data(ann.updateFilter(filter.id, "hail", ["home", "public"]))).phrase, "hail");
	assert.deepEqual((await data(ann.getFilter(filter.id))).context, ["home", "public"]);
	await ann.deleteFilter(filter.id);
	assert.deepEqual(await data(ann.getFilters()), []);
});

step("lists", async () => {
	list = await data(ann.createList("few"));
	await ann.addAccountsToList(list.id, [bobId]);
	sees(await data(ann.getAccountsInList(list.id)), bobId, "members");
	sees(await data(ann.getAccountLists(bobId)), list.id, "lists with bob");
	const told = await data(bob.postStatus("for the list"));
	sees(await data(ann.getListTimeline(list.id)), told.id, "the list");
	assert.equal((await data(ann.updateList(list.id, "fewer"))).title, "fewer");
	await ann.deleteAccountsFromList(list.id, [bobId]);
	assert.deepEqual(await data(ann.getAccountsInList(list.id)), []);
	await ann.addAccountsToList(list.id, [bobId]);
});

step("conversations and notifications", async () => {
	const secret = await data(bob.postStatus("@ann only you", { visibility: "direct" }));
	const [talk] = await data(ann.getConversationTimeline());
	assert.deepEqual([talk.unread, talk.last_status.id], [true, secret.id]);
	assert.equal((await data(ann.readConversation(talk.id))).unread, false);
	await ann.deleteConversation(talk.id);
	const all = await data(ann.getNotifications({ limit: 30 }));
	for (const type of ["mention", "favourite", "follow"]) assert.ok(all.some((n) => n.type === type), type);
	assert.ok((await data(ann.getNotifications({ exclude_types: ["mention"] }))).every((n) => n.type !== "mention"));
	assert.equal((await data(ann.getNotification(all[0].id))).id, all[0].id);
	await ann.dismissNotification(all[0].id);
	misses(await data(ann.getNotifications()), all[0].id, "dismissed");
	await ann.dismissNotifications();
	assert.deepEqual(await data(ann.getNotifications()), []);
});

step("push", async () => {
	const keys = createECDH("prime256v1");
	keys.generateKeys();
	const made = await data(ann.subscribePushNotification({
		endpoint: "https://push.example/x",
		keys: { p256dh: keys.getPublicKey("base64url"), auth: randomBytes(16).toString("base64url") },
	}, { alerts: { mention: true } }));
	assert.deepEqual([made.endpoint, made.alerts.mention], ["https://push.example/x", true]);
	assert.equal((await data(ann.updatePushSubscription({ alerts: { poll: true } }))).alerts.poll, true);
	assert.equal((await data(ann.getPushSubscription())).server_key, made.server_key);
	await ann.deletePushSubscription();
	await refused(404, ann.getPushSubscription(), statusOf);
});

// -- streams --

// A stream that opens already; does the deed once it is open; gives the first event of this kind that is good.
async function hears(stream, event, deed, isIt = () => true) {
	const failed = new Promise((_, reject) => {
		for (const trouble of ["error", "parser-error"]) stream.on(trouble, reject);
	});
	failed.catch(() => {});
	const open = new Promise((done) => stream.once("connect", done));
	const heard = new Promise((done) => stream.on(event, (value) => isIt(value) && done(value)));
	await within(5000, Promise.race([open, failed]), "the socket");
	try {
		await deed();
		return await within(8000, Promise.race([heard, failed]), event);
	} finally {
		stream.stop();
	}
}

step("streaming: the user's own", async () => {
	let id;
	const told = await hears(await ann.userStreaming(), "update", async () => (id = (await data(bob.postStatus("live"))).id));
	assert.equal(told.id, id);
	const edited = await hears(await ann.userStreaming(), "status_update", () => bob.editStatus(id, { status: "changed" }));
	assert.match(edited.content, /changed/);
	assert.equal(await hears(await ann.userStreaming(), "delete", () => bob.deleteStatus(id)), id);
	const notice = await hears(await ann.userStreaming(), "notification", () => bob.favouriteStatus(said.id).then(() => bob.postStatus("@ann hi")));
	assert.equal(notice.account.id, bobId);
});

step("streaming: public, local, tag, list", async () => {
	const streams = [["publicStreaming"], ["localStreaming"], ["tagStreaming", "Storm"], ["listStreaming", list.id]];
	for (const [name, ...which] of streams) {
		let id;
		const told = await hears(await ann[name](...which), "update", async () => (id = (await data(bob.postStatus("a #storm on " + name))).id));
		assert.equal(told.id, id, name);
	}
});

step("streaming: direct", async () => {
	let id;
	const talk = await hears(await ann.directStreaming(), "conversation",
		async () => (id = (await data(bob.postStatus("@ann in secret", { visibility: "direct" }))).id));
	assert.deepEqual([talk.last_status.id, talk.unread], [id, true]);
});

step("streaming: after a restart of the server it goes on", async () => {
	const stream = await ann.userStreaming();
	// Ten seconds in real life.
	stream._reconnectInterval = 200;
	stream.on("error", () => {});
	let opened = 0;
	const seen = [];
	stream.on("connect", () => opened++);
	stream.on("update", (status) => seen.push(status.id));
	await until("the socket", () => opened === 1);
	assert.equal(await ask("restart"), true);
	await until("the socket again", () => opened === 2);
	const one = await data(bob.postStatus("are you there?"));
	await until("it arrives", () => seen.includes(one.id));
	stream.stop();
});

step("good bye: the token is revoked", async () => {
	await bob.revokeToken(app.client_id, app.client_secret, tokens.bob);
	await refused(401, bob.verifyAccountCredentials(), statusOf);
	await pause(10);
	assert.equal((await data(ann.verifyAccountCredentials())).id, annId);
});

await play();
