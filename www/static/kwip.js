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

	function readyForm(form) {
		const text = form.querySelector("textarea");
		keepDraft(form, text);
		count(form, text);
		text.addEventListener("keydown", e => {
			if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
				e.preventDefault();
				form.requestSubmit();
			}
		});
	}

	/* A click on an action posts in place; the answer is this page as it is now, and its item replaces ours. */
	async function act(button) {
		const item = button.closest("li[id]"), form = button.form;
		const body = new URLSearchParams(new FormData(form));
		button.disabled = true;
		try {
			const answer = await fetch(button.formAction, { method: "POST", body, credentials: "same-origin" });
			if (!answer.ok)
				throw new Error(String(answer.status));
			const page = new DOMParser().parseFromString(await answer.text(), "text/html");
			const fresh = page.getElementById(item.id);
			const again = "button[formaction^='" + button.getAttribute("formaction").replace(/[a-z]+$/, "") + "']." + button.classList[1];
			if (!fresh) {
				location.reload();
				return;
			}
			tellTimes(fresh);
			item.replaceWith(fresh);
			const focus = fresh.querySelector(again);
			if (focus)
				focus.focus({ preventScroll: true });
		} catch (e) {
			/* The plain way tells what is wrong. */
			button.disabled = false;
			form.action = button.formAction;
			form.submit();
		}
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
