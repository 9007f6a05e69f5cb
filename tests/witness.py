# SPDX-License-Identifier: MIT
"""A witness between a client and kwipd: forwards everything unchanged, writes down what was said, and complains of every
answer, event and frame that is not like its entity (answers.py).

    with witnessed(signups="open") as (k, w):     # kwipd makes its addresses for w.url
        client(w.url)
        assert w.complaints == []                  # conftest.py fails a test whose witness complains

A Witness of its own stands in front of any running Kwipd: Witness(k, port); give k base_url="http://127.0.0.1:<port>".
With tls=(certificate file, key file) it speaks TLS to the client, and plain HTTP to kwipd."""
import contextlib
import gzip
import json
import select
import socket
import ssl
import threading
import zlib

from answers import Answer, check_answer, check_event, check_message
from kwipd import Kwipd, free_port

# Of all witnesses, since the last test: conftest.py looks here.
COMPLAINTS = []
MOST_EXCHANGES = 20000


class Gone(Exception):
    """The other side has hung up."""


class Headers(dict):
    """Names in any case; the first of each counts."""

    def __init__(self, lines):
        super().__init__()
        for line in lines:
            name, _, value = line.partition(":")
            self.setdefault(name.strip().lower(), value.strip())

    def get(self, name, default=None):
        return super().get(name.lower(), default)


class Wire:
    """A socket whose bytes are read as HTTP needs them, and kept as they came."""

    def __init__(self, sock):
        self.sock, self.rest = sock, b""

    def some(self):
        """What is there, or comes next; nothing at the end."""
        data, self.rest = self.rest, b""
        if not data:
            try:
                data = self.sock.recv(65536)
            except OSError:
                data = b""
        return data

    def more(self):
        data = self.sock.recv(65536)
        if not data:
            raise Gone
        self.rest += data

    def until(self, end):
        while end not in self.rest:
            self.more()
        at = self.rest.index(end) + len(end)
        data, self.rest = self.rest[:at], self.rest[at:]
        return data

    def exactly(self, n):
        parts, left = [], n
        while left:
            if not self.rest:
                self.more()
            part, self.rest = self.rest[:left], self.rest[left:]
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def chunks(self):
        """(as it came, put together)"""
        raw, body = b"", b""
        while True:
            line = self.until(b"\r\n")
            size = int(line.split(b";")[0], 16)
            data = self.exactly(size) if size else b""
            raw += line + data + self.until(b"\r\n")
            body += data
            if not size:
                return raw, body

    def body(self, headers):
        """(as it came, put together) of a message that says how long it is."""
        if headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self.chunks()
        data = self.exactly(int(headers.get("Content-Length") or 0))
        return data, data

    def waits(self):
        """Is there something to read without asking the socket?"""
        return bool(self.rest) or (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending() > 0)

    def send(self, data):
        self.sock.sendall(data)

    def cut(self):
        """For another thread than the one that reads: that one finds the end, and closes."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.cut()
        self.sock.close()


def parse_head(raw):
    """(first line's words, headers)"""
    lines = raw.decode("latin-1").split("\r\n")
    return lines[0].split(" ", 2), Headers(line for line in lines[1:] if line)


def plain(body, coding):
    """Without its content coding."""
    if coding == "gzip":
        return gzip.decompress(body)
    if coding == "deflate":
        return zlib.decompress(body)
    if coding == "br":
        import brotli
        return brotli.decompress(body)
    return body


class EventLines:
    """Server-sent events out of bytes as they come."""

    def __init__(self):
        self.rest, self.event, self.data = b"", None, None

    def feed(self, data):
        self.rest += data
        while b"\n" in self.rest:
            line, self.rest = self.rest.split(b"\n", 1)
            assert b"\r" not in line, "a carriage return in an event"
            name, _, value = line.decode().partition(": ")
            if name == "event":
                self.event = value
            elif name == "data":
                assert self.data is None, "data on more than one line"
                self.data = value
            elif not line and self.event:
                found, self.event, self.data = (self.event, self.data), None, None
                yield found
            else:
                assert not line or line.startswith(b":"), "an event's line %r" % line


class Frames:
    """Text messages out of a server's WebSocket bytes as they come."""

    def __init__(self):
        self.rest = b""

    def size(self):
        """(bytes of the head, of the payload) of the first frame; None while too little is here."""
        if len(self.rest) < 2:
            return None
        n = self.rest[1] & 127
        more = {126: 2, 127: 8}.get(n, 0)
        if len(self.rest) < 2 + more:
            return None
        return 2 + more, int.from_bytes(self.rest[2:2 + more], "big") if more else n

    def feed(self, data):
        self.rest += data
        while True:
            size = self.size()
            if not size or len(self.rest) < sum(size):
                return
            opcode = self.rest[0] & 15
            assert self.rest[0] & 0xf0 == 0x80 and not self.rest[1] & 0x80, "a frame in parts, or masked"
            payload, self.rest = self.rest[size[0]:sum(size)], self.rest[sum(size):]
            if opcode == 1:
                yield payload


class Exchange:
    """One client's connection: its requests one after another, and what kwipd answered."""

    def __init__(self, witness, client):
        self.w, self.client = witness, Wire(client)
        self.kwipd = Wire(socket.create_connection(("127.0.0.1", witness.k.port), 30))
        self.kwipd.sock.settimeout(None)
        self.streams = None  # the path of a stream that has begun

    def run(self):
        with contextlib.suppress(Gone, OSError):
            while self.next_comes() and self.one():
                pass

    def cut(self):
        self.client.cut()
        self.kwipd.cut()

    def close(self):
        self.client.close()
        self.kwipd.close()

    def next_comes(self):
        """False when kwipd hangs up before the client asks for more."""
        if not self.client.waits():
            ready, _, _ = select.select([self.client.sock, self.kwipd.sock], [], [])
            return self.client.sock in ready
        return True

    def one(self):
        """One request and its answer. Does the connection go on?"""
        head = self.client.until(b"\r\n\r\n")
        (method, target, _), asked = parse_head(head)
        self.kwipd.send(head)
        answer_head = self.kwipd.until(b"\r\n\r\n") if asked.get("Expect") else b""
        if answer_head.startswith(b"HTTP/1.1 100 "):
            self.client.send(answer_head)
        raw, sent = self.client.body(asked)
        self.kwipd.send(raw)
        answer = self.answer_head(method, target, asked)
        answer.sent = sent
        return self.pass_on(answer)

    def answer_head(self, method, target, asked):
        head = self.kwipd.until(b"\r\n\r\n")
        while head.startswith(b"HTTP/1.1 100 "):
            self.client.send(head)
            head = self.kwipd.until(b"\r\n\r\n")
        words, headers = parse_head(head)
        answer = Answer(method, target, asked, int(words[1]), headers, b"")
        answer.head = head
        return answer

    def pass_on(self, answer):
        if answer.status == 101:
            return self.pass_messages(answer)
        if (answer.headers.get("Content-Type") or "").startswith("text/event-stream"):
            return self.pass_events(answer)
        raw = self.body_of(answer)
        self.w.heed(answer)
        self.client.send(answer.head + raw)
        return not {answer.headers.get("Connection"), answer.asked.get("Connection")} & {"close"}

    def body_of(self, answer):
        if answer.method == "HEAD" or answer.status in (204, 304):
            return b""
        raw, body = self.kwipd.body(answer.headers)
        answer.body = plain(body, answer.headers.get("Content-Encoding"))
        return raw

    def pass_events(self, answer):
        """Raw, whether in chunks or to the end; lines of chunk sizes never look like an event's."""
        answer.body = None
        self.w.heed(answer)
        self.client.send(answer.head)
        is_chunked = answer.headers.get("Transfer-Encoding") == "chunked"
        read = Chunks(EventLines()) if is_chunked else EventLines()
        self.pump(answer, read, lambda found: check_event(*found))
        return False

    def pass_messages(self, answer):
        self.w.heed(answer)
        self.client.send(answer.head)
        self.pump(answer, Frames(), lambda text: check_message(json.loads(text)))
        return False

    def pump(self, answer, reader, check):
        """Both ways until one side ends; what kwipd says is checked before it is passed on."""
        self.streams = answer.path
        ways = {self.kwipd.sock: (self.kwipd, self.client), self.client.sock: (self.client, self.kwipd)}
        while True:
            ready = [sock for sock, (source, _) in ways.items() if source.waits()]
            for sock in ready or select.select(list(ways), [], [])[0]:
                source, target = ways[sock]
                data = source.some()
                if not data:
                    return
                if source is self.kwipd:
                    self.w.heed_stream(answer, reader, data, check)
                target.send(data)


class Chunks:
    """Takes the chunks off for another reader."""

    def __init__(self, reader):
        self.reader, self.rest = reader, b""

    def feed(self, data):
        self.rest += data
        while b"\r\n" in self.rest:
            line, rest = self.rest.split(b"\r\n", 1)
            size = int(line, 16)
            if len(rest) < size + 2:
                return
            self.rest = rest[size + 2:]
            yield from self.reader.feed(rest[:size])


class Witness:
    """exchanges: every Answer so far; events: (where, event or message) of streams; complaints: sentences."""

    def __init__(self, k, port=None, tls=None):
        self.k, self.complaints, self.exchanges, self.events = k, [], [], []
        self.lock, self.open = threading.Lock(), set()
        self.port = port or free_port()
        self.url = "%s://127.0.0.1:%d" % ("https" if tls else "http", self.port)
        self.tls = None
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*tls)
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            exchange = Exchange(self, self.tls.wrap_socket(sock, server_side=True) if self.tls else sock)
        except OSError:
            sock.close()
            return
        self.open.add(exchange)
        try:
            exchange.run()
        except Exception as e:  # what it cannot read at all is worth a complaint too
            self.complain("cannot follow: %r" % e)
        finally:
            self.open.discard(exchange)
            exchange.close()

    def complain(self, sentence):
        with self.lock:
            self.complaints.append(sentence)
            COMPLAINTS.append(sentence)

    def heed(self, answer):
        if len(self.exchanges) < MOST_EXCHANGES:
            self.exchanges.append(answer)
        try:
            check_answer(answer)
        except AssertionError as e:
            self.complain(str(e))

    def heed_stream(self, answer, reader, data, check):
        try:
            for found in reader.feed(data):
                self.events.append((answer.target, found))
                check(found)
        except (AssertionError, ValueError, KeyError) as e:
            self.complain("%s: %s" % (answer, e))

    def asked(self):
        """("GET", "/api/v1/...") of every exchange."""
        return [(a.method, a.path) for a in self.exchanges]

    def hang_up(self):
        """Cuts every stream: for clients that close one only with the next thing they hear."""
        for exchange in list(self.open):
            if exchange.streams:
                exchange.cut()

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for exchange in list(self.open):
            exchange.cut()


@contextlib.contextmanager
def witnessed(tls=None, **settings):
    """(Kwipd, Witness in front of it); kwipd's addresses are the witness's."""
    port = free_port()
    url = "%s://127.0.0.1:%d" % ("https" if tls else "http", port)
    with Kwipd(base_url=url, **settings) as k, Witness(k, port, tls) as w:
        if not tls:
            k.url = url
        yield k, w
