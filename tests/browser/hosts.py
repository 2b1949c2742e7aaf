"""Static hosts on loopback for the tests, and a witness of every request that leaves them."""

from __future__ import annotations

import http.server
import threading

# What Chromium itself asks for, with any page and with none: updates, accounts, form filling.
CHROMIUMS_OWN = (
    "update.googleapis.com",
    "accounts.google.com",
    "android.clients.google.com",
    "content-autofill.googleapis.com",
)


class Files(http.server.SimpleHTTPRequestHandler):
    """A folder, with the types that modules and WebAssembly need."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_):
        """Say nothing."""


class Witness(http.server.BaseHTTPRequestHandler):
    """A proxy that refuses everything and remembers what it was asked for."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_error(502, "the tests are offline")

    do_CONNECT = do_POST = do_HEAD = do_OPTIONS = do_GET

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    """A server in a thread of its own; `close` ends it."""

    daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        self.asked: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # a browser that closes a page closes its connections

    def foreign(self) -> list[str]:
        """What a witness was asked for, but for what Chromium asks of itself."""
        return [a for a in self.asked if not any(own in a for own in CHROMIUMS_OWN)]

    def close(self) -> None:
        """Answer nobody any more."""
        self.shutdown()
        self.server_close()
