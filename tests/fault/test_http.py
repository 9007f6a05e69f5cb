# SPDX-License-Identifier: MIT
"""Malformed, slow and hostile HTTP over raw sockets: a clean answer or a closed connection, never a hang or a crash."""
import json
import os
import random
import resource
import socket
import time

import pytest

from kwipd import Kwipd, free_port, wait_for
from support import ROUNDS, Raw, children

HOST = "Host: localhost\r\n"
GET = "GET /api/v2/instance HTTP/1.1\r\n" + HOST


class Site:
    def __init__(self, k):
        self.k = k
        k.account("ann")
        self.ann = k.token("ann")
        self.post_head = ("POST /api/v1/statuses HTTP/1.1\r\n%sAuthorization: Bearer %s\r\n"
                          "Content-Type: application/x-www-form-urlencoded\r\n" % (HOST, self.ann))


@pytest.fixture(scope="module")
def module_site():
    with Kwipd(head_timeout="1s", body_timeout="2s", body_max="64K", kwip_max_chars="5000") as k:
        yield Site(k)


@pytest.fixture
def site(module_site):
    """Whatever a test did: the same processes live and answer afterwards."""
    pids = children(module_site.k.process.pid)
    yield module_site
    assert module_site.k.get("/healthz").status_code == 200
    assert children(module_site.k.process.pid) == pids, module_site.k.log


def ask(site, data, timeout=6, head_only=False):
    """The answer's status, None when the connection is closed; too long a silence fails."""
    with Raw(site.k, timeout) as raw:
        raw.send(data)
        answer = raw.answer(head_only)
        return answer[0] if answer else None


def test_the_helper_itself(site):
    assert ask(site, GET + "\r\n") == 200


BAD_HEADS = {
    "nonsense": "hello\r\n\r\n",
    "unknown method": "BREW / HTTP/1.1\r\n" + HOST + "\r\n",
    "method with odd bytes": "G\x01T / HTTP/1.1\r\n" + HOST + "\r\n",
    "no method": " / HTTP/1.1\r\n" + HOST + "\r\n",
    "lower case method": "get / HTTP/1.1\r\n" + HOST + "\r\n",
    "no target": "GET HTTP/1.1\r\n" + HOST + "\r\n",
    "two spaces": "GET  / HTTP/1.1\r\n" + HOST + "\r\n",
    "space in target": "GET /a b HTTP/1.1\r\n" + HOST + "\r\n",
    "target without slash": "GET api HTTP/1.1\r\n" + HOST + "\r\n",
    "HTTP/0.9": "GET /\r\n\r\n",
    "HTTP/2.0": "GET / HTTP/2.0\r\n" + HOST + "\r\n",
    "HTTP/1.": "GET / HTTP/1.\r\n" + HOST + "\r\n",
    "no host": "GET / HTTP/1.1\r\n\r\n",
    "two hosts": "GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n",
    "bad host": "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "host with path": "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "no colon": "GET / HTTP/1.1\r\n" + HOST + "nonsense\r\n\r\n",
    "space before colon": "GET / HTTP/1.1\r\n" + HOST + "X : y\r\n\r\n",
    "empty name": "GET / HTTP/1.1\r\n" + HOST + ": y\r\n\r\n",
    "folded line": "GET / HTTP/1.1\r\n" + HOST + "X: a\r\n b\r\n\r\n",
    "NUL in value": "GET / HTTP/1.1\r\n" + HOST + "X: a\0b\r\n\r\n",
    "NUL in target": "GET /a\0b HTTP/1.1\r\n" + HOST + "\r\n",
    "coded NUL in target": "GET /a%00b HTTP/1.1\r\n" + HOST + "\r\n",
    "bad coding in target": "GET /%zz HTTP/1.1\r\n" + HOST + "\r\n",
    "bad UTF-8 in target": "GET /%ff%fe HTTP/1.1\r\n" + HOST + "\r\n",
    "bare CR": "GET / HTTP/1.1\r\n" + HOST + "X: a\rb\r\n\r\n",
    "bare LF": "GET / HTTP/1.1\r\n" + HOST + "X: a\nY: b\r\n\r\n",
    "length of letters": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: abc\r\n\r\n",
    "negative length": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: -1\r\n\r\n",
    "signed length": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: +1\r\n\r\nx",
    "huge length": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 99999999999999999999\r\n\r\n",
    "hex length": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 0x1\r\n\r\nx",
    "two lengths": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "list of lengths": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 1, 1\r\n\r\nx",
    "length and chunks": "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown encoding": "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip\r\n\r\n",
    "two encodings": "POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "encoding in 1.0": "POST / HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "too many lines": "GET / HTTP/1.1\r\n" + HOST + "X: y\r\n" * 2000 + "\r\n",
    "100 KB line": "GET / HTTP/1.1\r\n" + HOST + "X: " + "y" * 100_000 + "\r\n\r\n",
    "100 KB target": "GET /" + "y" * 100_000 + " HTTP/1.1\r\n" + HOST + "\r\n",
    "unknown expectation": "GET / HTTP/1.1\r\n" + HOST + "Expect: miracles\r\n\r\n",
    "TLS hello": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "a" * 100 + "\r\n\r\n",
}
# These can be read; what they ask for is not there.
READABLE = {"lower case method", "unknown method", "bad coding in target"}


@pytest.mark.parametrize("case", BAD_HEADS)
def test_bad_heads(site, case):
    with Raw(site.k, 6) as raw:
        raw.send(BAD_HEADS[case].encode("latin-1"))
        answer = raw.answer()
        if answer:
            assert 400 <= answer[0] < 500 or answer[0] in (501, 505), answer
            # What follows a head that could not be read is not taken for a request.
            if case not in READABLE:
                raw.send(GET + "\r\n")
                assert raw.is_closed() or raw.rest.startswith(b"HTTP/1.1 4"), raw.rest[:100]


BAD_CHUNKS = ["zz\r\nx\r\n0\r\n\r\n", "-1\r\nx\r\n0\r\n\r\n", "5\r\nxx\r\n0\r\n\r\n", "1\r\nxx\r\n0\r\n\r\n", "1\nx\n0\n\n",
              "FFFFFFFFFFFFFFFF\r\nx", "1" * 5000 + "\r\n", "\r\n\r\n", "1\r\nx\r\n0\r\nno colon at all", "0x1\r\nx\r\n0\r\n\r\n",
              " 1\r\nx\r\n0\r\n\r\n"]


@pytest.mark.parametrize("chunks", BAD_CHUNKS, ids=range(len(BAD_CHUNKS)))
def test_bad_chunks(site, chunks):
    status = ask(site, site.post_head + "Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert status is None or 400 <= status < 500, status


def test_good_chunks(site):
    with Raw(site.k) as raw:
        raw.send(site.post_head + "Transfer-Encoding: chunked\r\n\r\n")
        for part in ("status=in", "+many", "+chunks"):
            raw.send("%x;extension=1\r\n%s\r\n" % (len(part), part))
            time.sleep(0.05)
        raw.send("0\r\nTrailer: x\r\n\r\n" + GET + "\r\n")
        status, _, body = raw.answer()
        assert status == 200 and json.loads(body)["content"] == "<p>in many chunks</p>"
        assert raw.answer()[0] == 200, "the connection goes on after it"


def test_random_garbage(site):
    luck = random.Random(int(os.environ.get("SEED", "7")))
    good = (site.post_head + "Content-Length: 8\r\n\r\nstatus=x").encode()
    for _ in range(10 * ROUNDS):
        data = bytearray(good)
        for _ in range(luck.randrange(1, 6)):
            at = luck.randrange(len(data))
            data[at:at + luck.randrange(4)] = luck.randbytes(luck.randrange(4))
        with Raw(site.k, 6) as raw:
            raw.send(bytes(data))
            raw.s.shutdown(socket.SHUT_WR)
            answer = raw.answer()
            assert answer is None or answer[0] < 500 or answer[0] in (501, 505), (answer[0], bytes(data))


def test_a_slow_head_is_ended(site):
    with Raw(site.k, 5) as raw:
        begun = time.monotonic()
        for byte in GET:
            if not raw.send(byte) or time.monotonic() - begun > 4:
                break
            time.sleep(0.1)
            raw.s.settimeout(0.01)
            try:
                if not raw.more():
                    break
            except socket.timeout:
                continue
        assert time.monotonic() - begun < 3.5, "a head may take 1 s here"
        assert raw.rest == b"" or raw.rest.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("sent", ["", "status="])
def test_a_body_that_does_not_come_is_ended(site, sent):
    begun = time.monotonic()
    status = ask(site, site.post_head + "Content-Length: 100\r\n\r\n" + sent, timeout=10)
    assert status in (None, 400, 408, 422) and time.monotonic() - begun < 6


def test_too_large_bodies(site):
    assert ask(site, site.post_head + "Content-Length: 70000\r\n\r\n" + "x" * 70000) == 413
    assert ask(site, site.post_head + "Content-Length: 999999999999\r\n\r\n") == 413
    chunk = "4000\r\n" + "x" * 0x4000 + "\r\n"
    assert ask(site, site.post_head + "Transfer-Encoding: chunked\r\n\r\n" + chunk * 6 + "0\r\n\r\n") == 413
    just = "status=x&unknown=" + "x" * (60000 - 17)
    assert ask(site, site.post_head + "Content-Length: 60000\r\n\r\n" + just) == 200


def test_pipelined_requests_are_answered_in_order(site):
    with Raw(site.k) as raw:
        body = "status=pipelined"
        home = "GET /api/v1/timelines/home?limit=1 HTTP/1.1\r\n%sAuthorization: Bearer %s\r\n\r\n" % (HOST, site.ann)
        raw.send(GET + "\r\n" + site.post_head + "Content-Length: %d\r\n\r\n" % len(body) + body + home + home +
                 "GET /api/v1/nothing HTTP/1.1\r\n" + HOST + "\r\n" + "HEAD /healthz HTTP/1.1\r\n" + HOST + "\r\n")
        answers = [raw.answer() for _ in range(5)] + [raw.answer(head_only=True)]
        assert [a[0] for a in answers] == [200, 200, 200, 200, 404, 200]
        assert "domain" in json.loads(answers[0][2])
        said = json.loads(answers[1][2])["id"]
        assert [json.loads(a[2])[0]["id"] for a in answers[2:4]] == [said, said]


def test_many_pipelined_requests(site):
    with Raw(site.k) as raw:
        raw.send((GET + "\r\n") * 200)
        assert [raw.answer()[0] for _ in range(200)] == [200] * 200


def test_one_byte_after_the_other(site):
    with Raw(site.k) as raw:
        for byte in GET + "\r\n":
            raw.send(byte)
        assert raw.answer()[0] == 200


def test_old_http(site):
    with Raw(site.k) as raw:
        raw.send("GET /api/v2/instance HTTP/1.0\r\n\r\n")
        status, headers, _ = raw.answer()
        assert status == 200 and headers["connection"] == "close" and raw.is_closed()
    with Raw(site.k) as raw:
        for _ in range(2):
            raw.send("GET /api/v2/instance HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            status, headers, _ = raw.answer()
            assert status == 200 and headers["connection"] == "keep-alive"
            assert "transfer-encoding" not in headers


def test_close_is_kept(site):
    with Raw(site.k) as raw:
        raw.send(GET + "Connection: close\r\n\r\n")
        status, headers, _ = raw.answer()
        assert status == 200 and headers["connection"] == "close" and raw.is_closed()


def test_absolute_targets(site):
    assert ask(site, "GET http://localhost/api/v2/instance HTTP/1.1\r\n" + HOST + "\r\n") == 200
    assert ask(site, "GET http://localhost HTTP/1.1\r\n" + HOST + "\r\n") in (200, 303, 404)


def test_head_has_no_body(site):
    with Raw(site.k) as raw:
        raw.send(GET + "\r\n")
        status, got, body = raw.answer()
        raw.send(GET.replace("GET", "HEAD") + "\r\n")
        assert status == 200 and int(got["content-length"]) == len(body)
        status, head, _ = raw.answer(head_only=True)
        assert status == 200 and head["content-length"] == got["content-length"]
        raw.send(GET + "\r\n")
        assert raw.answer()[0] == 200, "no byte of a body lies between them"


def test_expect_100(site):
    with Raw(site.k) as raw:
        raw.send(site.post_head + "Content-Length: 8\r\nExpect: 100-continue\r\n\r\n")
        assert raw.answer()[0] == 100
        raw.send("status=e")
        assert raw.answer()[0] == 200


def test_expect_100_of_too_much_is_refused_first(site):
    assert ask(site, site.post_head + "Content-Length: 9999999\r\nExpect: 100-continue\r\n\r\n") in (413, 417)


# -- who is asking --

def limited(k, address, times):
    headers = {"X-Forwarded-For": address} if address else {}
    return [k.api("GET", "/api/v1/accounts/lookup?acct=ann", headers=headers).status_code for _ in range(times)]


def test_a_trusted_proxy_tells_who_asks(make_kwipd):
    k = make_kwipd(rate_limit="on", trusted_proxies="127.0.0.1, 10.0.0.0/8")
    k.account("ann")
    assert set(limited(k, "192.0.2.1", 300)) == {200}
    assert limited(k, "192.0.2.1", 1) == [429]
    assert limited(k, "192.0.2.2", 1) == [200]
    assert limited(k, "192.0.2.2, 192.0.2.1", 1) == [429], "the last untrusted one counts"
    assert limited(k, "192.0.2.9, 192.0.2.1, 10.1.2.3", 1) == [429], "trusted ones are passed over"
    for odd in ("nonsense", ",,,", "1.2.3.4.5", "[::1"):
        assert limited(k, odd, 1) == [200]


def test_nobody_else_is_believed(make_kwipd):
    k = make_kwipd(rate_limit="on", trusted_proxies="10.0.0.1")
    k.account("ann")
    for i in range(300):
        assert limited(k, "192.0.2.%d" % (i % 250), 1) == [200]
    assert limited(k, "192.0.2.77", 1) == [429]
    assert limited(k, None, 1) == [429]


# -- many and slow --

def open_files(n):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < n:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(n, hard), hard))
    return min(n, hard) if soft < n else n


def seconds_of(k, token, n=100):
    begun = time.monotonic()
    for _ in range(n):
        k.home(token, limit=5)
    return time.monotonic() - begun


def test_silent_connections_and_slow_readers_disturb_nobody(make_kwipd):
    k = make_kwipd()
    k.account("ann")
    token = k.token("ann")
    for i in range(40):
        k.say(token, "%d " % i + "long " * 2000)
    alone = seconds_of(k, token)
    if open_files(3000) < 1500:
        pytest.skip("too few open files are allowed")
    silent, slow = [], []
    try:
        for i in range(1000):
            raw = Raw(k)
            raw.send(("", "GET / HT", GET + "\r\n")[i % 3])
            silent.append(raw)
        big = "GET /api/v1/timelines/home?limit=40 HTTP/1.1\r\n%sAuthorization: Bearer %s\r\n\r\n" % (HOST, token)
        for i in range(100):
            raw = Raw(k)
            if i < 99:
                raw.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.send(big * 5)
            slow.append(raw)
        together = seconds_of(k, token)
        assert together < 5 * alone + 2, "%.2f s, alone %.2f s" % (together, alone)
        assert k.say(token, "still here")["id"]
        last = slow[-1]
        for _ in range(5):
            status, _, body = last.answer()
            assert status == 200 and len(json.loads(body)) == 40, "a slow reader gets it all in the end"
        silent[1].send("TP/1.1\r\n" + HOST + "\r\n")
        assert silent[1].answer() is not None
    finally:
        for raw in silent + slow:
            raw.s.close()
    wait_for(lambda: seconds_of(k, token, 10) < 2)


def test_slow_bodies_hold_no_worker(make_kwipd):
    k = make_kwipd(workers="4")
    site = Site(k)
    senders = []
    try:
        for _ in range(12):
            raw = Raw(k)
            raw.send(site.post_head + "Content-Length: 1500000\r\n\r\nstatus=" + "x" * 20000)
            senders.append(raw)
        time.sleep(0.3)
        begun = time.monotonic()
        assert k.get("/healthz", timeout=10).status_code == 200
        k.home(site.ann)
        assert time.monotonic() - begun < 2, "everybody waits for slow senders"
    finally:
        for raw in senders:
            raw.s.close()


# -- where it listens --

def test_ipv6_and_unix_socket(make_kwipd, tmp_path):
    path = str(tmp_path / "kwipd.sock")
    k = make_kwipd(start=False)
    port = free_port()
    k.args = ["-l", "127.0.0.1:%d,[::1]:%d,unix:%s" % (k.port, port, path)]
    try:
        socket.socket(socket.AF_INET6).bind(("::1", 0))
        places = [(("::1", port), socket.AF_INET6), (path, socket.AF_UNIX), (("127.0.0.1", k.port), socket.AF_INET)]
    except OSError:
        k.args = ["-l", "127.0.0.1:%d,unix:%s" % (k.port, path)]
        places = [(path, socket.AF_UNIX), (("127.0.0.1", k.port), socket.AF_INET)]
    for _ in range(2):
        k.start()
        for address, family in places:
            with Raw(k, 5, address, family) as raw:
                raw.send(GET + "\r\n")
                assert raw.answer()[0] == 200, address
        # The socket file that a crash leaves behind is no hindrance.
        k.kill()
