# SPDX-License-Identifier: MIT
"""The build-time programs: the template compiler (which escaper where, what is refused) and the embedder."""
import gzip
import hashlib
import pathlib
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
HEAD = "{% page t struct view_t %}\n"
VIEWS = """
#include "core/markup.h"
struct row { struct str name; int n; };
struct rows { struct row *at; size_t n; };
struct view_t { struct str s; struct html h; int n; bool yes; struct rows rows; };
"""


def compile_template(tmp_path, body, head=HEAD):
    (tmp_path / "t.html").write_text(head + body)
    done = subprocess.run(
        [TOP / "build/tool/tmpl", "pages.c", "pages.h", "t.html"], cwd=tmp_path, capture_output=True, text=True
    )
    return done


def c_of(tmp_path, body):
    done = compile_template(tmp_path, body)
    assert done.returncode == 0, done.stderr
    return (tmp_path / "pages.c").read_text()


@pytest.mark.parametrize(
    "body, macro",
    [
        ("<p>{{ v->s }}</p>", "TMPL_TEXT"),
        ("<title>{{ v->s }}</title>", "TMPL_ATTR"),
        ("<textarea>{{ v->s }}</textarea>", "TMPL_ATTR"),
        ('<p class="{{ v->s }}">', "TMPL_ATTR"),
        ("<p class='a {{ v->s }}'>", "TMPL_ATTR"),
        ('<a href="{{ v->s }}">', "TMPL_URL"),
        ('<a HREF="{{ v->s }}">', "TMPL_URL"),
        ('<form action = "{{ v->s }}">', "TMPL_URL"),
        ('<a href="/@{{ v->s }}">', "TMPL_URL_PART"),
        ('<a href="{% if v->yes %}/a/{% else %}/b/{% end %}{{ v->s }}">', "TMPL_URL_PART"),
        ("<!-- > --><script>'</scrip>'</script><p>{{ v->s }}", "TMPL_TEXT"),
        ("<!doctype html>{{ v->s }}", "TMPL_TEXT"),
        ('<p title="a > b">{{ v->s }}', "TMPL_TEXT"),
    ],
)
def test_place_picks_escaper(tmp_path, body, macro):
    c = c_of(tmp_path, body)
    assert f"\t{macro}(out, (v->s));" in c
    assert c.count("TMPL_") == 1


@pytest.mark.parametrize(
    "body, why",
    [
        ("<a href={{ v->s }}>", "quotes"),
        ("<a href=/x{{ v->s }}>", "quotes"),
        ("<a {{ v->s }}>", "attribute"),
        ("<a x{{ v->s }}=1>", "attribute name"),
        ("<{{ v->s }}>", "follow <"),
        ("<a{{ v->s }}>", "tag name"),
        ("</{{ v->s }}>", "follow <"),
        ("<script>{{ v->s }}</script>", "script"),
        ("<STYLE>{{ v->s }}</STYLE>", "style"),
        ('<a onclick="{{ v->s }}">', "on*"),
        ('<a ONclick="f({{ v->s }})">', "on*"),
        ('<a style="{{ v->s }}">', "style"),
        ('<img srcset="{{ v->s }}">', "srcset"),
        ("<!-- {{ v->s }} -->", "comment"),
        ('<a x="1"="{{ v->s }}">', "may not stand here"),
        ("{% if v->n %}", "without {% end %}"),
        ("{% each r in v->rows %}", "without {% end %}"),
        ("{% end %}", "without a block"),
        ("{% else %}", "without a block"),
        ("{% if v->n %}{% else %}{% else %}{% end %}", "out of place"),
        ("{% each r in v->rows %}{% else %}{% end %}", "out of place"),
        ("{% if %}{% end %}", "expression"),
        ("{% if v->n %}<p {% end %}>", "HTML state"),
        ('{% if v->n %}<p class="{% else %}<p title="{% end %}">', "HTML state"),
        ('<a href="{% if v->n %}/{% elif v->yes %}/{% end %}{{ v->s }}">', "HTML state"),
        ('<a href="{% if v->n %}/{% end %}{{ v->s }}">', "HTML state"),
        ('{% if v->n %}<p title="{% else %}<p title="{% end %}', "ends inside"),
        ("<!-- {% if v->n %} -->{% end %}", "directive may"),
        ("<script>{% if v->n %}1{% end %}</script>", "directive may"),
        ("{% loop %}", "unknown"),
        ("{{ }}", "empty"),
        ("{{ v->s; }}", "balanced"),
        ("{{ (v->s }}", "balanced"),
        ("{{ v->s /* }} */", "balanced"),
        ("{{ v->s", "balanced"),
        ("{# open", "not closed"),
        ("<p", "ends inside"),
        ("<!-- ", "ends inside"),
        ('<p title="{% include t v %}">', "text only"),
        (HEAD, "wanted once"),
        ("\0", "NUL"),
    ],
)
def test_refused(tmp_path, body, why):
    done = compile_template(tmp_path, body)
    assert done.returncode == 1
    assert done.stderr.startswith("t.html:2: ") or done.stderr.startswith("t.html:3: ")
    assert why in done.stderr


def test_page_comes_first(tmp_path):
    assert "must come first" in compile_template(tmp_path, "x", head="").stderr
    assert "must come first" in compile_template(tmp_path, "", head="").stderr
    assert "wanted once" in compile_template(tmp_path, "", head="{% page a int %}\n").stderr
    assert compile_template(tmp_path, "x", head="{# why #}\n" + HEAD).returncode == 0


def gcc(tmp_path, *more):
    (tmp_path / "page").mkdir(exist_ok=True)
    (tmp_path / "page/views.h").write_text(VIEWS)
    (tmp_path / "static_urls.h").write_text("")
    flags = ["-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wshadow", "-Werror", f"-I{tmp_path}", f"-I{TOP}/lib"]
    return subprocess.run(["gcc", *flags, *more], cwd=tmp_path, capture_output=True, text=True)


@pytest.mark.parametrize(
    "body, ok",
    [
        ("{{ v->h }}", True),
        ("{{ v->n }}", True),
        ('<p title="{{ v->h }}">', False),
        ("<title>{{ v->h }}</title>", False),
        ('<a href="{{ v->h }}">', False),
        ('<a href="{{ v->n }}">', False),
        ('<a href="/{{ v->n }}">', True),
        ('{{ "bare" }}', False),
        ("{{ v->yes }}", False),
    ],
)
def test_types_are_checked_by_gcc(tmp_path, body, ok):
    c_of(tmp_path, body)
    done = gcc(tmp_path, "-fsyntax-only", "pages.c")
    assert (done.returncode == 0) == ok, done.stderr
    if not ok:
        assert "t.html:2:" in done.stderr  # the template, not the C made from it


PAGE = """
<ul>
	{# not shown #}
	{% each r in v->rows %}
	<li{% if r_i == 0 %} class="first"{% end %}><a href="/@{{ r->name }}">{{ r->name }}</a> {{ r->n }}
	{% end %}
</ul>

{% if v->n > 1 %}
	many
{% elif v->n == 1 %}
	one
{% else %}
	none
{% end %}
<pre>
  {{ v->h }}
</pre>
"""

MAIN = """
#include "pages.h"
#include "page/views.h"
#include <stdio.h>
int main(void)
{
	struct row rows[] = {{S("a&b"), 1}, {S("<c>"), -2}};
	struct view_t v = {.n = 1, .h = {S("<b>")}, .rows = {rows, 2}};
	SCOPED_BUF out = BUF_EMPTY;
	page_t(&out, &v);
	fwrite(out.at, 1, out.len, stdout);
	return 0;
}
"""


def test_made_page_runs(tmp_path):
    c_of(tmp_path, PAGE)
    (tmp_path / "main.c").write_text(MAIN)
    base = [str(p) for p in (TOP / "lib/base").glob("*.c") if p.name in ("buf.c", "str.c", "err.c", "log.c", "clock.c", "conf.c", "utf8.c", "arena.c")]
    done = gcc(tmp_path, "-o", "prog", "-ffunction-sections", "-Wl,--gc-sections", "pages.c", "main.c", *base)
    assert done.returncode == 0, done.stderr
    page = subprocess.run([tmp_path / "prog"], capture_output=True, text=True, check=True).stdout
    assert page == (
        "<ul>\n"
        '<li  class="first"><a href="/@a%26b">a&amp;b</a> 1\n'
        '<li ><a href="/@%3Cc%3E">&lt;c&gt;</a> -2\n'
        "</ul>\none\n<pre>\n  <b>\n</pre>\n"
    )


def embed(tmp_path, *args):
    return subprocess.run([TOP / "build/tool/embed", *args], cwd=tmp_path, capture_output=True, text=True)


DUMP = """
#include "http/static.h"
#include <stdio.h>
int main(void)
{
	for (size_t i = 0; i < static_files_count; i++) {
		const struct static_file *f = &static_files[i];
		printf("%s %s %s|%zu %zu %zu\\n", f->name, f->path, f->type, f->raw_len, f->gzip_len, f->brotli_len);
	}
	fwrite(static_files[0].gzip, 1, static_files[0].gzip_len, stdout);
	return 0;
}
"""


def test_embedded_files(tmp_path):
    css = ("p { color: red }\n" * 50).encode()
    (tmp_path / "kwip.css").write_bytes(css)
    (tmp_path / "dot.png").write_bytes(b"\x89PNG\0\xff?\"")
    done = embed(tmp_path, "static", "out.c", "out.h", "kwip.css", "dot.png")
    assert done.returncode == 0, done.stderr
    sums = [hashlib.sha256((tmp_path / n).read_bytes()).hexdigest()[:8] for n in ("kwip.css", "dot.png")]
    assert f'#define STATIC_KWIP_CSS "/static/kwip.{sums[0]}.css"' in (tmp_path / "out.h").read_text()
    (tmp_path / "main.c").write_text(DUMP)
    done = gcc(tmp_path, "-o", "prog", "out.c", "main.c")
    assert done.returncode == 0, done.stderr
    out = subprocess.run([tmp_path / "prog"], capture_output=True, check=True).stdout
    first, second, packed = out.split(b"\n", 2)
    assert first.startswith(f"kwip.css /static/kwip.{sums[0]}.css text/css; charset=utf-8|{len(css)} ".encode())
    assert second == f"dot.png /static/dot.{sums[1]}.png image/png|8 0 0".encode()
    assert gzip.decompress(packed) == css
    brotli_len = int(first.split()[-1])
    assert 0 < brotli_len < len(css)


def test_embedded_text(tmp_path):
    text = 'SELECT "a?";\n-- \\ é\n\nlast'
    (tmp_path / "x.sql").write_text(text)
    assert embed(tmp_path, "text", "x_sql", "x.sql", "x.c").returncode == 0
    (tmp_path / "main.c").write_text('#include <stdio.h>\nextern const char x_sql[];\nint main(void) { fputs(x_sql, stdout); }\n')
    done = gcc(tmp_path, "-o", "prog", "x.c", "main.c")
    assert done.returncode == 0, done.stderr
    assert subprocess.run([tmp_path / "prog"], capture_output=True, check=True).stdout.decode() == text


@pytest.mark.parametrize("name", ["a.unknown", "noending", "A.css", "a b.css"])
def test_odd_files_are_refused(tmp_path, name):
    (tmp_path / name).write_text("x")
    assert embed(tmp_path, "static", "out.c", "out.h", name).returncode == 1
