/* SPDX-License-Identifier: MIT */
/* Makes the pages livelier. Everything works without it: no page depends on a line of this. */
(function () {
	"use strict";

	const units = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
	const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto", style: "short" });

	function ago(seconds) {
		for (const [unit, size] of units)
			if (Math.abs(seconds) >= size)
				return words.format(Math.trunc(seconds / size), unit);
		return words.format(0, "second");
	}

	function tellTimes(root) {
		for (const t of root.querySelectorAll("time[datetime]")) {
			const at = new Date(t.dateTime);
			if (isNaN(at))
				continue;
			t.title = at.toLocaleString();
			t.textContent = ago((at - Date.now()) / 1000);
		}
	}

	/* A draft is forgotten when the answer to it shows no complaint: neither an ended session nor a full disk eats a text. */
	function forgetSent() {
		try {
			const sent = sessionStorage.getItem("sent");
			sessionStorage.removeItem("sent");
			if (sent && !document.querySelector(".error, [role=alert]"))
				localStorage.removeItem(sent);
		} catch (e) {
			/* Storage may be switched off. */
		}
	}

	/* Drafts stay in this browser until they are sent. */
	function keepDraft(form, text) {
		const key = "draft:" + form.dataset.draft;
		const typed = text.value;
		try {
			if (!typed && localStorage.getItem(key))
				text.value = localStorage.getItem(key);
			text.addEventListener("input", () => text.value ? localStorage.setItem(key, text.value) : localStorage.removeItem(key));
			form.addEventListener("submit", () => sessionStorage.setItem("sent", key));
		} catch (e) {
			/* Storage may be switched off. */
		}
	}

	function count(form, text) {
		const place = form.querySelector(".count"), most = Number(form.dataset.max);
		function tell() {
			const left = most - Array.from(text.value).length;
			place.textContent = text.value && left < 1000 ? String(left) : "";
			place.classList.toggle("over", left < 0);
		}
		text.addEventListener("input", tell);
		tell();
	}

	function make(tag, properties, ...inside) {
		const e = Object.assign(document.createElement(tag), properties);
		e.append(...inside);
		return e;
	}

	const say = (form, words) => { form.querySelector(".said").textContent = words; };
	const csrf = form => ({ "X-CSRF-Token": form.elements.csrf.value });

	/* One attached file, as the server writes it into a form that comes back. */
	function part(form, media) {
		const kind = { image: "Picture", gifv: "Film", video: "Film", audio: "Sound" }[media.type] || "File";
		const about = make("textarea", { name: "media_about", rows: 2, dir: "auto", value: media.description || "" });
		const out = make("button", { type: "button", className: "plain soft", textContent: "Take it out" });
		const item = make("li", {}, make("input", { type: "hidden", name: "media", value: media.id }),
			media.preview_url ? make("img", { src: media.preview_url, alt: kind }) : make("span", { className: "kind", textContent: kind }),
			make("label", {}, "Describe it for those who cannot see or hear it ", about), make("span", {}, out));
		out.addEventListener("click", () => {
			item.remove();
			fetch("/api/v1/media/" + media.id, { method: "DELETE", headers: csrf(form) });
			form.querySelector(".parts").dispatchEvent(new Event("change"));
		});
		form.querySelector(".parts").append(item);
		about.focus();
	}

	/* Uploads at once, by the way of all apps; waits until the file is ready. */
	async function upload(form, file) {
		const body = new FormData();
		body.append("file", file);
		let answer = await fetch("/api/v2/media", { method: "POST", headers: csrf(form), body });
		let media = await answer.json();
		for (let n = 0; n < 120 && (answer.status === 202 || answer.status === 206); n++) {
			await new Promise(go => setTimeout(go, 500));
			answer = await fetch("/api/v1/media/" + media.id);
			media = await answer.json();
		}
		if (answer.status !== 200)
			throw new Error(media.error || "It could not be uploaded");
		part(form, media);
	}

	async function uploadAll(form, files) {
		const most = form.querySelectorAll(".place").length + form.querySelectorAll(".parts [name=take_out]").length;
		form.querySelector(".files").open = true;
		for (const file of files) {
			if (form.querySelectorAll(".parts li").length >= most) {
				say(form, "At most " + most + " files fit on one kwip.");
				return;
			}
			say(form, file.name + " is on its way …");
			form.uploads = (form.uploads || 0) + 1;
			try {
				await upload(form, file);
				say(form, "");
			} catch (e) {
				say(form, file.name + ": " + e.message.replace("Validation failed: ", ""));
			}
			form.uploads--;
		}
		form.querySelector(".parts").dispatchEvent(new Event("change"));
	}

	/* One field for all files in place of four; what is dropped or pasted into the form comes along, too. */
	function readyFiles(form) {
		const fold = form.querySelector(".files");
		if (!fold)
			return;
		const pick = make("input", { type: "file", multiple: true, accept: "image/*,video/*,audio/*", className: "hide" });
		const label = make("label", { className: "button quiet add" }, "Add pictures, films or sounds", pick);
		pick.addEventListener("change", () => uploadAll(form, [...pick.files]).then(() => { pick.value = ""; }));
		fold.querySelectorAll(".place").forEach(p => {
			p.hidden = true;
			p.querySelectorAll("input").forEach(i => { i.disabled = true; });
		});
		fold.append(label);
		const files = data => data ? [...data.files] : [];
		form.addEventListener("paste", e => files(e.clipboardData).length && (e.preventDefault(), uploadAll(form, files(e.clipboardData))));
		form.addEventListener("dragover", e => [...e.dataTransfer.types].includes("Files") && (e.preventDefault(), form.classList.add("over")));
		form.addEventListener("dragleave", () => form.classList.remove("over"));
		form.addEventListener("drop", e => {
			form.classList.remove("over");
			if (files(e.dataTransfer).length) {
				e.preventDefault();
				uploadAll(form, files(e.dataTransfer));
			}
		});
		form.addEventListener("submit", e => {
			if (form.uploads) {
				e.preventDefault();
				say(form, "A file is still on its way. A moment, please.");
			}
		});
	}

	/* Another answer can be typed as long as the last one is used. */
	function readyAnswers(fold) {
		fold.addEventListener("input", () => {
			const all = fold.querySelectorAll("[name=answer]"), last = all[all.length - 1];
			if (!last.value || all.length >= 8)
				return;
			const words = "Answer " + (all.length + 1), next = last.cloneNode();
			next.value = "";
			next.placeholder = words;
			next.setAttribute("aria-label", words);
			last.after(next);
		});
	}

	/* The server is told how far from Greenwich the typed time is meant, and shows its own as ours. */
	function readyTime(field) {
		const zone = field.form.elements.zone, mark = field.form.querySelector(".zone");
		const shift = at => new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
		if (field.value)
			field.value = shift(new Date(new Date(field.value + "Z").getTime() + Number(zone.value) * 60000));
		const tell = () => { zone.value = new Date(field.value || Date.now()).getTimezoneOffset(); };
		field.addEventListener("input", tell);
		tell();
		mark.remove();
	}

	function readyForm(form) {
		const text = form.querySelector("textarea");
		keepDraft(form, text);
		count(form, text);
		readyFiles(form);
		form.querySelectorAll(".asks").forEach(readyAnswers);
		text.addEventListener("keydown", e => {
			if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
				e.preventDefault();
				form.requestSubmit();
			}
		});
		/* A page that comes back by the back button is a new form: another text is another kwip. */
		addEventListener("pageshow", e => {
			if (e.persisted && form.elements.key)
				form.elements.key.value = [...crypto.getRandomValues(new Uint8Array(20))].map(b => b.toString(16)).join("");
		});
	}

	/* Posts in place; the answer is this page as it is now, and its item replaces ours. False: reload. */
	async function exchange(item, action, form) {
		const answer = await fetch(action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
		if (!answer.ok)
			throw new Error(String(answer.status));
		const page = new DOMParser().parseFromString(await answer.text(), "text/html");
		const fresh = page.getElementById(item.id);
		if (!fresh) {
			location.reload();
			return null;
		}
		tellTimes(fresh);
		item.replaceWith(fresh);
		return fresh;
	}

	async function act(button) {
		const form = button.form;
		button.disabled = true;
		try {
			const fresh = await exchange(button.closest("li[id]"), button.formAction, form);
			const again = "button[formaction^='" + button.getAttribute("formaction").replace(/[a-z]+$/, "") + "']." + button.classList[1];
			const focus = fresh && fresh.querySelector(again);
			if (focus)
				focus.focus({ preventScroll: true });
		} catch (e) {
			/* The plain way tells what is wrong. */
			button.disabled = false;
			form.action = button.formAction;
			form.submit();
		}
	}

	async function vote(form) {
		try {
			const fresh = await exchange(form.closest("li[id]"), form.action, form);
			const poll = fresh && fresh.querySelector(".poll");
			if (poll) {
				poll.tabIndex = -1;
				poll.focus({ preventScroll: true });
			}
		} catch (e) {
			form.submit();
		}
	}

	/* Now and then, while somebody looks: is anything new? The home page says so, the bell counts. */
	function watch(bell) {
		const title = document.title, home = document.querySelector(".bar .home[aria-current]");
		const list = document.querySelector("main > .kwips.list"), more = /[?&](max|min)_id=/.test(location.search);
		let since = 0n, last = Date.now();
		if (list)
			for (const item of list.children)
				since = BigInt(item.id.slice(1)) > since ? BigInt(item.id.slice(1)) : since;
		function showKwips(n) {
			let bar = document.querySelector(".fresh");
			if (!home || more || !n || !document.querySelector("main > .say"))
				return;
			if (!bar) {
				bar = make("p", { className: "news fresh" }, make("a", { href: location.pathname }));
				bar.setAttribute("role", "status");
				(list || document.querySelector("main > .empty")).before(bar);
			}
			bar.firstChild.textContent = n === 1 ? "1 new kwip" : n >= 20 ? "20 or more new kwips" : n + " new kwips";
		}
		function showNotices(n) {
			let badge = bell.querySelector(".badge");
			if (!n && badge)
				badge.remove();
			if (n && !badge)
				bell.append(" ", badge = make("b", { className: "badge" }));
			if (n)
				badge.textContent = n;
			document.title = n ? "(" + n + ") " + title : title;
		}
		async function look() {
			last = Date.now();
			try {
				const answer = await fetch("/fresh" + (since ? "?since=" + since : ""));
				if (!answer.ok)
					return;
				const [kwips, notices] = (await answer.text()).split(" ").map(Number);
				showKwips(kwips);
				showNotices(notices);
			} catch (e) {
				/* Another time. */
			}
		}
		const every = 30000;
		setInterval(() => document.hidden || look(), every);
		document.addEventListener("visibilitychange", () => !document.hidden && Date.now() - last > every && look());
	}

	/* What was just done was said; going back or reloading need not say it again. */
	if (location.search.startsWith("?done="))
		history.replaceState(null, "", location.pathname + location.hash);

	/* Who looks at the notices has read them; they stay lit on this page. */
	const read = document.querySelector("form[action='/notices/read']");
	if (read)
		fetch(read.action, { method: "POST", body: new URLSearchParams(new FormData(read)), credentials: "same-origin" })
			.then(answer => answer.ok && document.querySelectorAll("form[action='/notices/read'], .bell .badge").forEach(e => e.remove()))
			.catch(() => {});

	tellTimes(document);
	setInterval(() => tellTimes(document), 60000);
	forgetSent();
	document.querySelectorAll("form[data-draft]").forEach(readyForm);
	document.querySelectorAll("[name=later]").forEach(readyTime);
	document.querySelectorAll(".bell").forEach(watch);
	document.addEventListener("submit", e => {
		if (e.target.matches(".poll") && e.target.closest("li[id]")) {
			e.preventDefault();
			vote(e.target);
		}
	});
	document.addEventListener("click", e => {
		const button = e.target.closest(".act[formaction]");
		if (button && button.closest("li[id]")) {
			e.preventDefault();
			act(button);
		}
		for (const menu of document.querySelectorAll("details.menu[open]"))
			if (!menu.contains(e.target))
				menu.open = false;
	});
	document.addEventListener("keydown", e => {
		if (e.key !== "Escape")
			return;
		for (const menu of document.querySelectorAll("details.menu[open]")) {
			menu.open = false;
			menu.querySelector("summary").focus();
		}
	});
}());
