# SPDX-License-Identifier: MIT
"""Every command of the binary: what it prints, what it leaves behind, exit codes, beside a running server."""
import gzip
import os
import re
import sqlite3
import subprocess

import pytest

from kwipd import BIN, ROOT, Kwipd, wait_for


def kwipd(*args, env=None, **options):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("KWIPD_")}
    clean.update(KWIPD_ARGON_KIB="8", KWIPD_ARGON_PASSES="1")
    clean.update(env or {})
    return subprocess.run([BIN, *map(str, args)], capture_output=True, text=True, env=clean, timeout=60, **options)


WRONG = [
    ["nonsense"], ["--nonsense"], ["-d"], ["run", "more"], ["account"], ["account", "add"], ["account", "paint", "ann"],
    ["account", "add", "ann", "bob"], ["account", "add", "ann", "--email"], ["account", "add", "ann", "--nonsense"],
    ["account", "reset"], ["account", "list", "x"], ["token"], ["token", "a", "b"], ["token", "a", "--scopes", "fly"],
    ["fill"], ["fill", "--people", "3"], ["fill", "--people", "x", "--kwips", "1"], ["fill", "--people", "-3", "--kwips", "1"],
    ["demo", "x"], ["status", "x"], ["check", "x"], ["backup"], ["backup", "a", "b"], ["restore"],
    ["--version", "x"], ["--help", "x"], ["--routes", "x"], ["--print-config", "x"], ["--check-config", "x"],
    ["--service", "nonsense"],
]


@pytest.mark.parametrize("args", WRONG, ids=" ".join)
def test_wrong_usage_is_2_with_the_usage_on_stderr(args, tmp_path):
    done = kwipd(*args, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "usage: kwipd" in done.stderr and done.stdout == ""
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("args", [["token", "ann"], ["status"], ["check"], ["backup", "x"], ["account", "list"]], ids=" ".join)
def test_without_a_data_folder(args, tmp_path):
    done = kwipd("-d", tmp_path / "none", *args)
    assert done.returncode == 1 and "kwipd.db" in done.stderr
    assert not (tmp_path / "none").exists()


def test_version_names_every_library():
    done = kwipd("--version")
    assert done.returncode == 0
    for name in ["kwipd", "civetweb", "sqlite", "lmdb", "libsodium", "jansson", "zlib", "brotli"]:
        assert re.search(r"^%s \D*\d+\.\d+" % name, done.stdout, re.M), name


def test_help_names_every_command():
    done = kwipd("--help")
    assert done.returncode == 0
    for word in ["run", "demo", "account add", "token", "fill", "status", "check", "backup", "restore", "--routes"]:
        assert word in done.stdout


def test_routes():
    done = kwipd("--routes")
    assert done.returncode == 0
    for path in ["/api/v1/timelines/home", "/api/v1/statuses"]:
        assert path in done.stdout


def test_example_settings_are_what_the_table_says(tmp_path):
    printed = kwipd("--print-config")
    assert printed.returncode == 0
    with open(os.path.join(ROOT, "kwipd.conf.example")) as f:
        assert f.read() == printed.stdout
    (tmp_path / "c").write_text(printed.stdout)
    assert kwipd("-c", tmp_path / "c", "--check-config").returncode == 0


def test_the_page_of_the_api_is_what_the_routes_say():
    printed = kwipd("--routes", "--markdown")
    assert printed.returncode == 0
    with open(os.path.join(ROOT, "docs", "api.md")) as f:
        assert f.read() == printed.stdout, "run `make docs`"


@pytest.mark.parametrize("text", ["nonsense = 1\n", "workers = many\n", "rate_limit\n"])
def test_check_config_says_file_and_line(text, tmp_path):
    (tmp_path / "c").write_text("# fine\n" + text)
    done = kwipd("-c", tmp_path / "c", "--check-config")
    assert done.returncode == 1
    assert "2" in done.stderr


def test_wrong_settings_start_nothing(tmp_path):
    done = kwipd("-d", tmp_path / "d", "run", env={"KWIPD_WORKERS": "many"})
    assert done.returncode != 0 and not (tmp_path / "d").exists()
    done = kwipd("-c", tmp_path / "none", "-d", tmp_path / "d", "run")
    assert done.returncode != 0 and not (tmp_path / "d").exists()


# -- beside a running server --

def test_options_stand_anywhere(shared):
    done = subprocess.run([BIN, "status", "-d", shared.dir], capture_output=True, text=True, env=shared.env)
    assert done.returncode == 0 and "web pid=" in done.stdout


def test_account_add_prints_the_password_alone(shared):
    done = shared.run("account", "add", "ann", "--email", "ann@example.com")
    assert re.fullmatch(r"[a-z0-9-]{16,}\n", done.stdout)
    again = shared.run("account", "add", "Ann", check=False)
    assert again.returncode == 1 and "taken" in again.stderr and again.stdout == ""
    assert shared.run("account", "add", "ben", "--email", "ann@example.com", check=False).returncode == 1


def test_account_add_with_a_password_of_ones_own(shared):
    done = shared.run("account", "add", "cleo", "--password-stdin", "--admin", input="correct horse\n")
    assert done.stdout == ""
    short = shared.run("account", "add", "dora", "--password-stdin", input="short\n", check=False)
    assert short.returncode == 1 and short.stderr
    assert "admin" in next(l for l in shared.run("account", "list").stdout.splitlines() if l.startswith("cleo"))


@pytest.mark.parametrize("name", ["admin", "a", "with space", "../etc", "x" * 31, "ünï"])
def test_account_names_that_cannot_be(shared, name):
    done = shared.run("account", "add", name, check=False)
    assert done.returncode == 1 and done.stdout == ""


def test_token_is_alone_on_its_line_and_works_at_once(shared):
    shared.account("tom")
    done = shared.run("token", "tom")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}\n", done.stdout)
    token = done.stdout.strip()
    assert shared.api("GET", "/api/v1/accounts/verify_credentials", token).json()["username"] == "tom"
    assert shared.run("token", "nobody", check=False).returncode == 1
    read = shared.token("tom", "read")
    assert shared.api("POST", "/api/v1/statuses", read, json={"status": "x"}).status_code == 403


def test_account_suspend_and_restore(shared):
    shared.account("sue")
    token = shared.token("sue")
    look = lambda: shared.api("GET", "/api/v1/accounts/verify_credentials", token).status_code
    assert look() == 200
    shared.run("account", "suspend", "sue")
    assert look() in (401, 403)
    shared.run("account", "restore", "sue")
    fresh = shared.token("sue")
    assert shared.api("GET", "/api/v1/accounts/verify_credentials", fresh).status_code == 200


def test_account_reset_prints_a_link(shared):
    shared.account("rose")
    link = shared.run("account", "reset", "rose").stdout.strip()
    assert re.fullmatch(re.escape(shared.url) + r"/reset/[A-Za-z0-9_-]{43}", link)
    assert shared.run("account", "reset", "nobody", check=False).returncode == 1


def test_secrets_are_not_in_the_database(shared):
    password = shared.account("sam")
    token = shared.token("sam")
    link = shared.run("account", "reset", "sam").stdout.strip().rsplit("/", 1)[1]
    for name in os.listdir(shared.dir):
        path = os.path.join(shared.dir, name)
        if os.path.isfile(path):
            with open(path, "rb") as f:
                data = f.read()
            for secret in (password, token, link):
                assert secret.encode() not in data, name


def test_status_beside_and_without_a_server(make_kwipd):
    k = make_kwipd()
    text = k.run("status").stdout
    assert re.search(r"^kwipd pid=%d " % k.process.pid, text, re.M)
    assert re.search(r"^web pid=\d+ ", text, re.M) and re.search(r"^timeline pid=\d+ ", text, re.M)
    status = k.status()
    assert status["running"] and {s["name"] for s in status["services"]} == {"web", "timeline", "media", "courier", "search"}
    assert status["db_bytes"] > 0 and status["parked"] == []
    k.stop()
    done = k.run("status")
    assert "not running" in done.stdout and "pid=" not in done.stdout
    assert k.status()["running"] is False


def test_check(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    k.say(k.token("ann"), "hello")
    assert "database: good" in k.run("check").stdout
    k.stop()
    with sqlite3.connect(os.path.join(k.dir, "kwipd.db")) as db:
        db.execute("UPDATE account SET followers_count = 7")
    db.close()
    done = k.run("check", check=False)
    assert done.returncode == 1 and "followers" in done.stdout


def test_check_finds_a_torn_file(make_kwipd):
    k = make_kwipd()
    k.run("fill", "--people", 20, "--kwips", 2000)
    k.stop()
    with open(os.path.join(k.dir, "kwipd.db"), "r+b") as f:
        f.seek(0, 2)
        middle = f.tell() // 2 // 4096 * 4096
        f.seek(middle)
        f.write(b"\xa5" * 8192)
    assert k.run("check", check=False).returncode != 0


def test_backup_beside_writers_and_restore(make_kwipd, tmp_path):
    k = make_kwipd()
    k.account("ann")
    token = k.token("ann")
    before = k.say(token, "before the backup")["id"]
    copy = str(tmp_path / "copy")
    k.run("backup", copy)
    assert os.stat(copy).st_mode & 0o077 == 0
    after = k.say(token, "after the backup")["id"]

    refused = k.run("restore", copy, check=False)
    assert refused.returncode == 1 and "stop" in refused.stderr
    assert [s["id"] for s in k.home(token)] == [after, before]

    k.stop()
    k.run("restore", copy)
    k.start()
    assert [s["id"] for s in k.home(token)] == [before]
    new = k.say(token, "a new day")["id"]
    assert [s["id"] for s in k.home(token)] == [new, before]
    assert "database: good" in k.run("check").stdout
    with sqlite3.connect("file:%s/kwipd.db.before-restore?mode=ro" % k.dir, uri=True) as old:
        assert old.execute("SELECT count(*) FROM kwip WHERE id = ?", (int(after),)).fetchone() == (1,)
    old.close()


def test_restore_takes_no_rubbish(make_kwipd, tmp_path):
    k = make_kwipd()
    k.account("ann")
    token = k.token("ann")
    kept = k.say(token, "stays")["id"]
    copy = tmp_path / "copy"
    k.run("backup", copy)
    k.stop()
    whole = copy.read_bytes()
    (tmp_path / "text").write_bytes(b"this is no database\n" * 999)
    (tmp_path / "cut").write_bytes(whole[:len(whole) // 2])
    (tmp_path / "empty").write_bytes(b"")
    with sqlite3.connect(tmp_path / "foreign") as db:
        db.execute("CREATE TABLE x (y)")
    db.close()
    (tmp_path / "future").write_bytes(whole)
    with sqlite3.connect(tmp_path / "future") as db:
        db.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
    db.close()
    for name in ["text", "cut", "empty", "foreign", "future", "none"]:
        assert k.run("restore", tmp_path / name, check=False).returncode == 1, name
    k.start()
    assert [s["id"] for s in k.home(token)] == [kept]


# -- fill --

def everything(folder):
    db = sqlite3.connect("file:%s/kwipd.db?mode=ro" % folder, uri=True)
    said = db.execute("SELECT a.name, k.body, k.visibility, k.language, k.comments_count, k.favourites_count, k.boosts_count "
                      "FROM kwip k JOIN account a ON a.id = k.author ORDER BY k.id").fetchall()
    ties = db.execute("SELECT a.name, t.name FROM follow f JOIN account a ON a.id = f.actor JOIN account t ON t.id = f.target "
                      "ORDER BY 1, 2").fetchall()
    db.close()
    return said, ties


def test_fill_is_decided_by_its_seed(tmp_path):
    for name, seed in [("a", 7), ("b", 7), ("c", 8)]:
        assert kwipd("-d", tmp_path / name, "fill", "--people", 50, "--kwips", 1000, "--seed", seed).returncode == 0
    a, b, c = (everything(tmp_path / n) for n in "abc")
    assert a == b and a != c
    said, ties = a
    assert len(said) == 1000 and len({s[3] for s in said}) > 10 and len(ties) > 50
    assert kwipd("-d", tmp_path / "a", "check").returncode == 0


def test_fill_leaves_what_posting_would(tmp_path):
    assert kwipd("-d", tmp_path, "fill", "--people", 80, "--kwips", 6000).returncode == 0
    db = sqlite3.connect("file:%s/kwipd.db?mode=ro" % tmp_path, uri=True)
    none = lambda sql: db.execute("SELECT count(*) FROM " + sql).fetchone()[0] == 0
    some = lambda sql: not none(sql)
    assert some("kwip WHERE reply_to IS NOT NULL") and some("kwip WHERE boost_of IS NOT NULL")
    assert some("favourite") and some("kwip_tag") and some("mention") and some("notice")
    assert none("kwip k WHERE reply_to IS NULL AND comments_count <> "
                "(SELECT count(*) FROM kwip c WHERE c.conversation = k.id AND c.reply_to IS NOT NULL)")
    assert none("kwip k WHERE reply_to IS NOT NULL AND comments_count <> (SELECT count(*) FROM kwip c WHERE c.reply_to = k.id)")
    assert none("kwip k WHERE reply_to IS NULL AND boost_of IS NULL AND activity <> coalesce("
                "(SELECT max(c.id) FROM kwip c WHERE c.conversation = k.id AND c.reply_to IS NOT NULL), k.id)")
    assert none("kwip c JOIN kwip p ON p.id = c.reply_to WHERE c.visibility < p.visibility OR c.conversation <> p.conversation")
    assert none("kwip b JOIN kwip k ON k.id = b.boost_of WHERE k.visibility > 1 OR k.boost_of IS NOT NULL")
    assert none("account a WHERE kwips_count <> (SELECT count(*) FROM kwip WHERE author = a.id)")
    assert none("account a WHERE last_kwip <> (SELECT max(id) FROM kwip WHERE author = a.id)")
    # One event for many rows: every kwip is within the range of some.
    assert none("kwip k WHERE NOT EXISTS (SELECT 1 FROM event WHERE kwip > 0 AND kwip <= k.id AND k.id <= extra)")
    db.close()


def test_fill_reads_a_graph_and_texts(tmp_path):
    with gzip.open(tmp_path / "graph.gz", "wt") as f:
        f.write("# a comment\n0 1\n1 2\n1 0\n0 9\n2 2\n")
    (tmp_path / "texts").write_text("one line\nanother línea\n")
    done = kwipd("-d", tmp_path / "d", "fill", "--people", 3, "--kwips", 60,
                 "--graph", tmp_path / "graph.gz", "--texts", tmp_path / "texts")
    assert done.returncode == 0, done.stderr
    said, ties = everything(tmp_path / "d")
    assert len(ties) == 4
    roots = {re.sub(r"^@\w+ | #\w+$", "", s[1]) for s in said if s[1]}
    assert {"one line", "another línea"} <= roots
    assert kwipd("-d", tmp_path / "e", "fill", "--people", 3, "--kwips", 6, "--graph", tmp_path / "none").returncode == 1


def test_fill_beside_a_running_server(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    token = k.token("ann")
    mine = k.say(token, "mine")["id"]
    k.run("fill", "--people", 30, "--kwips", 500)
    k.run("fill", "--people", 30, "--kwips", 500)
    names = [line.split()[0] for line in k.run("account", "list").stdout.splitlines()]
    assert len(names) == len(set(names)) == 61
    public = k.api("GET", "/api/v1/timelines/public", token).json()
    assert len(public) >= 20
    assert [s["id"] for s in k.home(token)] == [mine]
    wait_for(lambda: (lambda s: s["cache"] and s["cache"]["seq"] == s["newest"])(k.status()))
    assert "counts: good" in k.run("check").stdout


# -- demo --

def test_demo_serves_its_people_and_leaves_nothing():
    with Kwipd(start=False, command=["demo"]) as k:
        k.start()
        logins = re.findall(r"^    (\w+) +([a-z0-9-]{16,})", k.log, re.M)
        assert len(logins) == 3 and k.url in k.log
        folder = re.search(r"dir=(\S+?)\"?$", k.log, re.M).group(1)
        assert folder != k.dir and os.path.isdir(folder)
        assert k.get("/healthz").status_code == 200
        public = k.api("GET", "/api/v1/timelines/public").json()
        assert len(public) > 10 and {"en", "de", "ja", "ar"} <= {s["language"] for s in public}
        code, took = k.stop()
        assert code == 0 and took < 1.5
        assert not os.path.exists(folder)
