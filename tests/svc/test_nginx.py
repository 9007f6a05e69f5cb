# SPDX-License-Identifier: MIT
"""A real nginx with proxy_cache in front: it keeps what visitors share, never what is one person's own.

The configuration is the README's plus the cache. X-Cache-Status is nginx's own word for what it did.
"""
import getpass
import os
import re
import socket
import subprocess
import time

import pytest
import requests

from kwipd import ROOT, Kwipd, free_port, wait_for

CONFIG = """
%(user)s
daemon off;
worker_processes 1;
pid %(dir)s/pid;
error_log stderr warn;
events { worker_connections 64; }
http {
	access_log off;
	client_body_temp_path %(dir)s/body;
	proxy_temp_path %(dir)s/proxy;
	fastcgi_temp_path %(dir)s/fastcgi;
	uwsgi_temp_path %(dir)s/uwsgi;
	scgi_temp_path %(dir)s/scgi;
	proxy_cache_path %(dir)s/cache keys_zone=pages:1m;
	server {
		listen 127.0.0.1:%(port)d;
		location / {
			proxy_pass http://127.0.0.1:%(to)d;
			proxy_http_version 1.1;
			proxy_set_header Host $host:$server_port;
			proxy_set_header Connection "";
			proxy_set_header X-Forwarded-For $remote_addr;
			proxy_set_header X-Forwarded-Proto $http_x_came_by;
			proxy_cache pages;
			proxy_cache_revalidate on;
			add_header X-Cache-Status $upstream_cache_status always;
		}
	}
}
"""


def nginx_binary():
    name = os.environ.get("NGINX") or "/usr/sbin/nginx"
    return os.path.join(ROOT, name)


class Nginx:
    def __init__(self, dir, to):
        self.port = free_port()
        self.url = "http://127.0.0.1:%d" % self.port
        config = os.path.join(dir, "nginx.conf")
        with open(config, "w") as f:
            # Started by root it would give its workers to a user who may not look into dir.
            user = "user root;" if getpass.getuser() == "root" else ""
            f.write(CONFIG % dict(dir=dir, port=self.port, to=to, user=user))
        self.process = subprocess.Popen([nginx_binary(), "-p", dir, "-c", config, "-e", "stderr"],
                                        stderr=subprocess.PIPE)

    def answers(self):
        assert self.process.poll() is None, self.process.stderr.read().decode()
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stderr.close()

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def request(self, method, path, source=None, **options):
        """source: the loopback address that the client comes from."""
        with requests.Session() as s:
            s.trust_env = False
            if source:
                adapter = requests.adapters.HTTPAdapter()
                adapter.init_poolmanager(1, 1, source_address=(source, 0))
                s.mount("http://", adapter)
            options.setdefault("timeout", 20)
            return s.request(method, self.url + path, allow_redirects=False, **options)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """(kwipd, nginx, ann's token)"""
    assert os.access(nginx_binary(), os.X_OK), "no nginx at %s: lib/gen/deps.sh test unpacks one" % nginx_binary()
    with Kwipd(base_url="https://kwip.example") as k:
        k.account("ann", password="correct-horse")
        nginx = Nginx(str(tmp_path_factory.mktemp("nginx")), k.port)
        try:
            wait_for(nginx.answers)
            yield k, nginx, k.token("ann")
        finally:
            nginx.close()


def how(answer):
    return answer.headers.get("X-Cache-Status")


def is_kept(nginx, path, **options):
    """Does nginx answer one of three requests in a row by itself? Three, for two seconds may end between two."""
    return any(how(nginx.get(path, **options)) == "HIT" for _ in range(3))


def log_in(nginx, by="https", **options):
    """The answer to ann's login. Secure cookies do not travel here by themselves: this is HTTP."""
    form = nginx.get("/login", headers={"X-Came-By": by}, **options)
    csrf = re.search(r'name="csrf" value="([^"]+)"', form.text).group(1)
    cookie = form.headers["Set-Cookie"].split(";")[0]
    return nginx.request("POST", "/login", headers={"X-Came-By": by, "Cookie": cookie},
                         data=dict(csrf=csrf, name="ann", password="correct-horse"), **options)


def session_of(answer):
    assert answer.status_code == 303, (answer.status_code, answer.text)
    found = re.search(r"kwipd_session=[^;]+", answer.headers["Set-Cookie"])
    return found.group(0)


@pytest.mark.parametrize("path", ["/", "/@ann"])
def test_visitors_pages_are_kept_and_renewed(proxied, path):
    k, nginx, token = proxied
    words = "what is new on %s" % (path.strip("/@") or "the front page")
    assert is_kept(nginx, path)
    assert words not in nginx.get(path).text
    k.say(token, words)
    begun = time.monotonic()
    answer = wait_for(lambda: (lambda a: words in a.text and a)(nginx.get(path)), 5, 0.1)
    assert time.monotonic() - begun < 4
    assert how(answer) in ("EXPIRED", "HIT"), how(answer)
    assert is_kept(nginx, path)


def test_an_unchanged_page_is_revalidated_not_sent_again(proxied):
    k, nginx, _ = proxied
    first = nginx.get("/")
    seen = set()

    def is_revalidated():
        again = nginx.get("/")
        assert again.text == first.text and again.headers["ETag"] == first.headers["ETag"]
        seen.add(how(again))
        return "REVALIDATED" in seen
    wait_for(is_revalidated, 6, 0.2)
    assert seen <= {"HIT", "REVALIDATED"}


def test_the_visitor_gets_304_for_the_etag_too(proxied):
    _, nginx, _ = proxied
    tag = nginx.get("/").headers["ETag"]
    for _ in range(3):
        answer = nginx.get("/", headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")


def test_signed_in_pages_are_never_kept(proxied):
    k, nginx, _ = proxied
    session = session_of(log_in(nginx))
    assert is_kept(nginx, "/")
    for path in ("/", "/@ann", "/home", "/settings"):
        for _ in range(3):
            answer = nginx.get(path, headers={"Cookie": session})
            assert answer.status_code == 200 and how(answer) == "MISS", (path, how(answer))
            assert "private" in answer.headers["Cache-Control"]
            assert "/logout" in answer.text
    visitor = nginx.get("/")
    assert how(visitor) in ("HIT", "EXPIRED", "REVALIDATED") and "/logout" not in visitor.text


def test_answers_to_a_token_are_never_kept(proxied):
    k, nginx, token = proxied
    secret = k.say(token, "only for myself", visibility="private")
    bearer = {"Authorization": "Bearer " + token}
    for path in ("/api/v1/timelines/home", "/api/v1/accounts/verify_credentials", "/api/v1/timelines/public",
                 "/api/v1/statuses/" + secret["id"]):
        for _ in range(3):
            answer = nginx.get(path, headers=bearer)
            assert answer.status_code == 200 and how(answer) == "MISS", (path, how(answer))
    assert nginx.get("/api/v1/timelines/home").status_code == 401
    assert nginx.get("/api/v1/statuses/" + secret["id"]).status_code == 404
    assert "only for myself" not in nginx.get("/").text + nginx.get("/@ann").text


def test_changes_and_their_forms_go_through(proxied):
    _, nginx, _ = proxied
    tokens = set()
    for _ in range(3):
        answer = nginx.get("/login")
        assert how(answer) == "MISS"
        tokens.add(re.search(r'name="csrf" value="([^"]+)"', answer.text).group(1))
    assert len(tokens) == 3


def test_static_files_are_kept_for_ever(proxied):
    _, nginx, _ = proxied
    path = re.search(r'/static/[^"]+\.css', nginx.get("/").text).group(0)
    answer = nginx.get(path)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    time.sleep(2.5)
    assert how(nginx.get(path)) == "HIT"
    packed = nginx.get(path, headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br" or packed.headers["Vary"] == "Accept-Encoding"
    assert nginx.get(path, headers={"Accept-Encoding": "identity"}).content == answer.content


def test_the_proxys_word_for_https_is_taken(proxied, tmp_path):
    _, nginx, _ = proxied
    assert "; Secure" in log_in(nginx).headers["Set-Cookie"]
    with Kwipd() as plain:
        plain.account("ann", password="correct-horse")
        other = Nginx(str(tmp_path), plain.port)
        try:
            wait_for(other.answers)
            for by, secure in (("https", True), ("http", False)):
                cookie = log_in(other, by).headers["Set-Cookie"]
                assert ("; Secure" in cookie) == secure, (by, cookie)
        finally:
            other.close()


def test_clients_are_counted_by_their_own_address(tmp_path):
    """Behind the proxy one guesser of passwords shuts out himself, not the house; nor can he choose his address."""
    with Kwipd(rate_limit="on") as k:
        k.account("ann", password="correct-horse")
        nginx = Nginx(str(tmp_path), k.port)
        try:
            wait_for(nginx.answers)
            for n in range(20):
                answer = nginx.request("POST", "/login", source="127.0.0.2", data=dict(name="ann", password="wrong"),
                                       headers={"X-Forwarded-For": "198.51.100.%d" % n})
                if answer.status_code == 429:
                    break
            assert answer.status_code == 429 and 5 < n < 15
            assert int(answer.headers["Retry-After"]) > 0
            assert session_of(log_in(nginx, source="127.0.0.3"))
        finally:
            nginx.close()
