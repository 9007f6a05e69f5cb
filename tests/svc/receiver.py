# SPDX-License-Identifier: MIT
"""A peer on loopback for what kwipd sends and fetches: keeps every request, answers as it is told."""
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body, self.at = method, path, headers, body, time.monotonic()


class Receiver:
    """answers: {path: [(status, headers, body), ...]}: the last one is given again and again. A body may be a
    function that writes to the connection itself."""

    def __init__(self, answers=None, standard=(201, {}, b"")):
        self.answers, self.standard, self.requests, self.lock = dict(answers or {}), standard, [], threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                status, headers, answer = outer.take(Request(self.command, self.path, self.headers, body))
                if callable(answer):
                    self.close_connection = True
                    return answer(self)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                try:
                    self.wfile.write(answer)
                except OSError:
                    self.close_connection = True

            do_GET = do_POST = handle_any

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, request):
        with self.lock:
            self.requests.append(request)
            left = self.answers.get(request.path)
            if not left:
                return self.standard
            return left.pop(0) if len(left) > 1 else left[0]

    def got(self, path):
        with self.lock:
            return [r for r in self.requests if r.path == path]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
