// SPDX-License-Identifier: MIT
// Steps of a client against a real server, told as one line of JSON each: {"step", "ok", "error"?}.
// What only the test that started us can do is asked for in the same way, {"ask", ...}, and its
// answer read from our input. tests/api/test_node_clients.py reads the names of the steps out of
// the scripts: they stand in double quotes right behind step(, at the start of a line.
import assert from "node:assert/strict";
import { createInterface } from "node:readline";

const steps = [];
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export const url = process.env.SERVER_URL;
export const picturePath = process.env.PICTURE;
export const scopes = ["read", "write", "follow", "push"];

export function step(name, run) {
	steps.push({ name, run });
}

function say(line) {
	process.stdout.write(JSON.stringify(line) + "\n");
}

export async function ask(what, more = {}) {
	say({ ask: what, ...more });
	return JSON.parse((await answers.next()).value);
}

export function within(ms, promise, what) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`waited ${ms} ms in vain for ${what}`)), ms);
	});
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Asks again until the answer is good: for what a service does a moment later.
export async function until(what, look) {
	for (let i = 0; i < 100; i++) {
		const got = await look();
		if (got) return got;
		await pause(50);
	}
	throw new Error(`never: ${what}`);
}

// The failing call as the client tells it, and the value that was not as expected.
function tell(error) {
	const more = error?.response ? ` ${error.response.status} ${JSON.stringify(error.response.data)}` : "";
	const where = String(error?.stack ?? "").split("\n").find((line) => /(masto|megalodon)\.mjs/.test(line)) ?? "";
	return `${error}${more}${where}`;
}

export function sees(list, id, what) {
	assert.ok(list.some((item) => item.id === id), `${what}: ${id} is not among ${list.map((item) => item.id)}`);
}

export function misses(list, id, what) {
	assert.ok(!list.some((item) => item.id === id), `${what}: ${id} is still there`);
}

export async function refused(status, promise, statusOf) {
	const error = await promise.then(() => assert.fail(`not refused with ${status}`), (e) => e);
	assert.equal(statusOf(error), status, String(error));
}

export async function play() {
	for (const { name, run } of steps) {
		try {
			await within(20000, run(), "the whole step");
			say({ step: name, ok: true });
		} catch (error) {
			say({ step: name, ok: false, error: tell(error) });
		}
	}
	process.exit(0);
}
