# SPDX-License-Identifier: MIT
"""A small WebSocket client (RFC 6455) and a reader of server-sent events, on plain sockets."""
import base64
import hashlib
import json
import os
import select
import socket
import struct

from answers import check_event, check_message

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def read_head(file):
    status = int(file.readline().split()[1])
    headers = {}
    for line in iter(file.readline, b"\r\n"):
        name, _, value = line.decode().partition(":")
        headers[name.strip().lower()] = value.strip()
    return status, headers


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(status, body)
        self.status = status


class Socket:
    def __init__(self, port, path, headers=None, timeout=10):
        key = base64.b64encode(os.urandom(16))
        self.sock = socket.create_connection(("127.0.0.1", port), timeout)
        # As clients do: else the kernel keeps a second frame back until the first is acknowledged.
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = ["GET %s HTTP/1.1" % path, "Host: 127.0.0.1:%d" % port, "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + key.decode()]
        lines += ["%s: %s" % h for h in (headers or {}).items()]
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.file = self.sock.makefile("rb")
        status, self.headers = read_head(self.file)
        if status != 101:
            raise Refused(status, self.file.read(int(self.headers.get("content-length", 0))))
        want = base64.b64encode(hashlib.sha1(key + GUID).digest()).decode()
        assert self.headers["sec-websocket-accept"] == want

    def frame(self, opcode, payload):
        mask, n = os.urandom(4), len(payload)
        head = bytes([0x80 | opcode]) + (bytes([0x80 | n]) if n < 126 else bytes([0x80 | 126]) + struct.pack(">H", n))
        self.sock.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def say(self, **message):
        self.frame(1, json.dumps(message).encode())

    def next_frame(self):
        head = self.file.read(2)
        if len(head) < 2:
            raise EOFError
        n = head[1] & 127
        assert head[0] & 0x80 and not head[1] & 0x80, "whole and unmasked"
        if n == 126:
            n = struct.unpack(">H", self.file.read(2))[0]
        elif n == 127:
            n = struct.unpack(">Q", self.file.read(8))[0]
        return head[0] & 15, self.file.read(n)

    def next(self):
        """The next message of a stream."""
        message = self.next_of_any()
        check_message(message, "WebSocket")
        return message

    def next_of_any(self):
        """The next message, whatever server it is; pings are answered on the way."""
        while True:
            opcode, payload = self.next_frame()
            if opcode == 9:
                self.frame(10, payload)
            elif opcode == 8:
                raise EOFError(struct.unpack(">H", payload[:2])[0], payload[2:].decode())
            elif opcode == 1:
                return json.loads(payload)

    def idle(self, seconds=0.1):
        """Does nothing come for a while?"""
        return not self.file.peek(1) if select.select([self.sock], [], [], seconds)[0] else True

    def close(self):
        self.file.close()
        self.sock.close()


class Events:
    def __init__(self, port, path, token, timeout=10):
        self.sock = socket.create_connection(("127.0.0.1", port), timeout)
        self.sock.sendall(("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n" % (path, port, token)).encode())
        self.file = self.sock.makefile("rb")
        self.status, self.headers = read_head(self.file)

    def next(self):
        """(event, data) of the next one; comments are passed over."""
        event, data = None, None
        for line in iter(self.file.readline, b""):
            assert line.endswith(b"\n") and b"\r" not in line
            if line == b"\n" and event:
                check_event(event, data, "server-sent event")
                return event, data
            name, _, value = line[:-1].decode().partition(": ")
            if name == "event":
                event = value
            elif name == "data":
                data = value
        raise EOFError

    def close(self):
        self.file.close()
        self.sock.close()
