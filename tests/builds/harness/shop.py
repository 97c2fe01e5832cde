# SPDX-License-Identifier: Apache-2.0
"""The shop: an HTTP server on loopback that all package managers in the builds download from, and that counts.

Below `/slow/` the same goods take a while, so that what starts together is still under way together.
"""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .goods import HOST, PORT, URL, goods

# An address and port that nobody else has: base images and lock files name them.
ADDRESS = "127.83.0.1"
SLOW = "/slow"
DELAY = 1.5


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """A build that failed has hung up: nothing to say."""


class Shop:
    """Open within `with`. `requests` are lines such as `GET /pip/simple/tea/`, in order."""

    def __init__(self):
        self.requests = []
        self._goods = goods()

    def __enter__(self):
        shop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = self.path.partition("?")[0].replace("/./", "/")
                shop.requests.append(f"GET {path}")
                slow = path.startswith(SLOW + "/")
                body = shop._goods.get(path.removeprefix(SLOW) if slow else path)
                if body is None:
                    self.answer(404, b"")
                    return
                if slow:
                    time.sleep(DELAY)
                    # What an index says of where the files are leads to slow ones too.
                    if path.startswith(f"{SLOW}/npm/") and "/-/" not in path:
                        body = body.replace(f"{URL}/npm".encode(), f"{URL}{SLOW}/npm".encode())
                self.answer(200, body)

            def answer(self, status, body):
                self.send_response(status)
                if "/simple/" in self.path:
                    self.send_header("Content-Type", "text/html")
                elif status == 200:
                    # As PyPI says of its files: pip keeps only what says so.
                    self.send_header("Cache-Control", "max-age=31536000, immutable")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = Server((ADDRESS, PORT), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def since(self, count):
        return self.requests[count:]


HOSTS_ENTRY = f"{HOST}:{ADDRESS}"
