#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The rules of STYLE and DESIGN that no compiler knows, checked on the text of our C files.

`rules.py` checks all and prints the longest functions and files; `rules.py includes` checks who
includes whom. Prints FILE:LINE: what is wrong; exits 1 when something is.
"""
import pathlib
import re
import sys

FUNCTION_MAX, FILE_MAX, COLUMN_MAX, TAB = 70, 800, 100, 8

LAYERS = {
    "base": {"base"},
    "store": {"base", "store"},
    "net": {"base", "net"},
    "pic": {"base", "pic"},
    "core": {"base", "store", "core"},
    "http": {"base", "store", "http"},
    "api": {"base", "store", "core", "http", "api"},
    "page": {"base", "store", "core", "http", "page"},
    "svc": {"base", "store", "net", "pic", "core", "http", "api", "page", "svc", "cmd"},
    "cmd": {"base", "store", "net", "pic", "core", "http", "api", "page", "svc", "cmd"},
    "gen": {"gen"},
}
# Which file may include the header of a library (gen: build-time programs are no part of kwipd).
WRAPPERS = [
    (r"civetweb\.[ch]", r"lib/http/.*"),
    (r"sqlite3\.h", r"lib/store/db(_\w+)?\.[ch]"),
    (r"lmdb\.h", r"lib/store/cache(_\w+)?\.[ch]"),
    (r"sodium\.h", r"lib/(base/crypt|gen/.*)\.c"),
    (r"openssl/.*", r"lib/(base/crypt|net/sign)\.c"),
    (r"jansson\.h", r"lib/base/json.*\.c"),
    (r"curl/.*", r"lib/net/.*"),
    (r"(jpeglib|png|gif_lib)\.h|webp/.*", r"lib/pic/.*"),
    (r"strophe\.h", r"lib/net/xmpp\.c"),
]
BANNED = re.compile(r"(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|system|popen)\s*\(")
MARKS = re.compile(r"\b(TO[D]O|FI[X]ME|X[X]X|HA[C]K)\b")
SQL = re.compile(r'"(SELECT|INSERT (INTO|OR)|UPDATE \w+ SET|DELETE FROM|WITH \w+)\b')
INCLUDE = re.compile(r'\s*#\s*include\s*[<"]([^>"]+)[>"]')


class Lint:
    def __init__(self):
        self.bad = 0
        self.functions = []

    def complain(self, path, line, what):
        self.bad += 1
        print(f"{path}:{line}: {what}")

    def includes(self, path, lines):
        parts = path.split("/")
        allowed = LAYERS.get(parts[1]) if parts[0] == "lib" and len(parts) > 2 else None
        for at, text in enumerate(lines, 1):
            found = INCLUDE.match(text)
            if not found:
                continue
            name = found[1]
            layer = name.split("/")[0] if "/" in name else None
            if allowed and layer in LAYERS and layer not in allowed:
                self.complain(path, at, f"{parts[1]} may not include {name}")
            for header, where in WRAPPERS:
                if parts[0] == "lib" and re.fullmatch(header, name) and not re.fullmatch(where, path):
                    self.complain(path, at, f"{name} has a wrapper of its own")

    def shape(self, path, lines):
        if len(lines) > FILE_MAX:
            self.complain(path, 1, f"{len(lines)} lines, {FILE_MAX} at most")
        if "SPDX-License-Identifier: MIT" not in (lines[0] if lines else ""):
            self.complain(path, 1, "the SPDX line must come first")
        start = None
        for at, text in enumerate(lines, 1):
            # Texts are not torn apart to fit: whoever searches for one wants to find it.
            if len(text.expandtabs(TAB)) > COLUMN_MAX and '"' not in text:
                self.complain(path, at, f"longer than {COLUMN_MAX} columns")
            if text != text.rstrip():
                self.complain(path, at, "white space at the end")
            if text == "{":
                start = at
            elif text == "}" and start:
                self.function(path, lines, start, at)
                start = None

    def function(self, path, lines, start, end):
        head = start - 1
        while head > 1 and lines[head - 2].strip() and not lines[head - 2].startswith(("}", "/*", " *", "#")):
            head -= 1
        name = re.search(r"(\w+)\((?!\()", lines[head - 1])
        size = end - head + 1
        self.functions.append((size, path, head, name[1] if name else "?"))
        if size > FUNCTION_MAX:
            self.complain(path, head, f"a function of {size} lines, {FUNCTION_MAX} at most")

    def words(self, path, lines):
        for at, text in enumerate(lines, 1):
            code = re.sub(r'"(\\.|[^"\\])*"', '""', text)
            code = re.sub(r"/\*.*?\*/|//.*", "", code)
            call = None if text.lstrip().startswith(("*", "/*")) else BANNED.search(code)
            if call:
                self.complain(path, at, f"{call[1]} is banned")
            if MARKS.search(text):
                self.complain(path, at, "a mark for later: mend it or drop it")
            if re.match(r"lib/(?!core/|store/|gen/)", path) and SQL.search(text):
                self.complain(path, at, "SQL outside core/")


def sources():
    root = pathlib.Path(".")
    found = [root / "kwipd.c", *root.glob("lib/*/*.[ch]"), *root.glob("tests/*/*.[ch]")]
    return sorted(str(p) for p in found if p.exists())


def main():
    lint = Lint()
    sizes = []
    only_includes = sys.argv[1:] == ["includes"]
    for path in sources():
        lines = pathlib.Path(path).read_text(encoding="utf-8").split("\n")
        if lines and not lines[-1]:
            lines.pop()
        sizes.append((len(lines), path))
        lint.includes(path, lines)
        if not only_includes:
            lint.shape(path, lines)
            lint.words(path, lines)
    if not only_includes:
        print("Longest functions:")
        for size, path, line, name in sorted(lint.functions, reverse=True)[:10]:
            print(f"  {size:4} {name} ({path}:{line})")
        print("Longest files:")
        for size, path in sorted(sizes, reverse=True)[:10]:
            print(f"  {size:4} {path}")
    if not sizes:
        print("no source found")
    return 1 if lint.bad or not sizes else 0


if __name__ == "__main__":
    sys.exit(main())
