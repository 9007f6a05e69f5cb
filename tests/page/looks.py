# SPDX-License-Identifier: MIT
"""What every page owes to whoever looks at it: no sideways scrolling, names on fields and buttons, enough contrast."""
from chromium import DESKTOP, PHONE

INSPECT = """(() => {
	const wrong = [], seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.getClientRects().length;
	const tell = (what, e) => wrong.push(what + ": " + e.outerHTML.slice(0, 160));
	if (document.documentElement.scrollWidth > innerWidth) {
		wrong.push("wider than the window: " + document.documentElement.scrollWidth);
		for (const e of document.querySelectorAll("main *, header *, footer *"))
			if (seen(e) && e.getBoundingClientRect().right > innerWidth + 1)
				tell("sticks out", e);
	}
	const named = e => (e.labels && [...e.labels].some(l => l.textContent.trim())) || e.getAttribute("aria-label") || e.title;
	for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
		if (seen(e) && !e.closest("[aria-hidden]") && !named(e))
			tell("has no label", e);
	for (const e of document.querySelectorAll("button, a[href], summary"))
		if (seen(e) && !e.textContent.trim() && !named(e) && !e.querySelector("img[alt]:not([alt=''])"))
			tell("has no name", e);
	for (const e of document.querySelectorAll("img:not([alt])"))
		tell("has no alt", e);
	if (document.querySelectorAll("h1").length !== 1)
		wrong.push("h1: " + document.querySelectorAll("h1").length);
	const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
	if (new Set(ids).size !== ids.length)
		wrong.push("an id twice");
	const parts = c => (c.match(/[\\d.]+/g) || []).map(Number);
	const light = ([r, g, b]) => {
		const f = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
		return .2126 * f(r) + .7152 * f(g) + .0722 * f(b);
	};
	const paper = e => {
		for (; e; e = e.parentElement) {
			const c = parts(getComputedStyle(e).backgroundColor);
			if (c.length === 3 || c[3] > .99)
				return c;
		}
		return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
	};
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; (n = walk.nextNode());) {
		const e = n.parentElement;
		if (!n.data.trim() || !seen(e) || e.closest(".hide, .skip, option, .act, [aria-hidden=true]"))
			continue;
		const style = getComputedStyle(e), x = light(parts(style.color)), y = light(paper(e));
		const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.6 && Number(style.fontWeight) >= 700);
		const ratio = (Math.max(x, y) + .05) / (Math.min(x, y) + .05);
		if (ratio < (large ? 3 : 4.5))
			tell("contrast " + ratio.toFixed(2), e);
	}
	return wrong;
})()"""

FOCUS = """(() => {
	const e = document.activeElement;
	if (!e || e === document.body)
		return null;
	const style = getComputedStyle(e), r = e.getBoundingClientRect();
	return {what: e.outerHTML.slice(0, 120), shows: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
		there: r.width > 0 && r.bottom > 0 && r.top < innerHeight, skip: e.className === "skip"};
})()"""


def inspect(tab, where=None):
    """Everything that is wrong with the page as it stands; the page's own complaints among it."""
    wrong = tab.js(INSPECT) + tab.complaints
    assert not wrong, (where or tab.path, tab.size, wrong)


def inspect_all(tab, path):
    """One page with everything open that can be."""
    tab.go(path)
    tab.js("document.querySelectorAll('main details').forEach(d => { d.open = true; })")
    inspect_here(tab)


def inspect_here(tab):
    """The page as it stands, light on a phone and dark at a desk: widths and colours have nothing to do with each other."""
    for size, dark in ((PHONE, False), (DESKTOP, True)):
        tab.resize(*size)
        tab.colours(dark)
        inspect(tab, "%s%s" % (tab.path, ", dark" if dark else ""))


def tabbing(tab, times=25):
    """Goes through the page by the tab key; every stop must show where it is."""
    stops = []
    for _ in range(times):
        tab.press("Tab", 9)
        stop = tab.js(FOCUS)
        if stop is None or (stops and stop["what"] == stops[0]["what"]):
            break
        assert stop["shows"] and (stop["there"] or stop["skip"]), (tab.path, stop)
        stops.append(stop)
    return stops
