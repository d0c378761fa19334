"""A small real web server on this machine, with pages that behave well and badly."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

STORY = "".join(
    f"<p>The harbour of Port Averland will open in spring, said the minister on day {day} of talks with fishermen.</p>"
    for day in range(1, 9)
)
HEAD = "<html><head><title>Harbour opens</title></head>"
PAGE = f"{HEAD}<body><article><h1>Harbour opens</h1>{STORY}</article></body></html>"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name, _, rest = self.path.lstrip("/").partition("/")
        getattr(self, f"_{name}", self._missing)(rest)

    def log_message(self, *args: object) -> None:
        """Keep the tests' output clean."""

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _page(self, _: str) -> None:
        self._answer(200, PAGE.encode(), Content_Type="text/html; charset=utf-8")

    def _agent(self, _: str) -> None:
        self._answer(200, f"agent {self.headers['User-Agent']}".encode(), Content_Type="text/plain")

    def _account(self, _: str) -> None:
        self._answer(200, f"account {self.headers['Authorization']}".encode(), Content_Type="text/plain")

    def _hops(self, rest: str) -> None:
        left = int(rest)
        self._answer(302, b"", Location=f"/hops/{left - 1}" if left else "/page")

    def _loop(self, _: str) -> None:
        self._answer(301, b"", Location="/loop")

    def _to(self, rest: str) -> None:
        self._answer(302, b"", Location=rest)

    def _status(self, rest: str) -> None:
        self._answer(int(rest), b"no")

    def _big(self, _: str) -> None:
        self._answer(200, b"a word " * 100_000, Content_Type="text/plain")

    def _bomb(self, _: str) -> None:
        packed = gzip.compress(gzip.compress(bytes(50_000_000)) if self.path.endswith("twice") else bytes(50_000_000))
        encoding = "gzip, gzip" if self.path.endswith("twice") else "gzip"
        self._answer(200, packed, Content_Type="text/html", Content_Encoding=encoding)

    def _packed(self, _: str) -> None:
        self._answer(200, gzip.compress(PAGE.encode()), Content_Type="text/html", Content_Encoding="gzip")

    def _pdf(self, _: str) -> None:
        self._answer(200, b"%PDF-1.7 ...", Content_Type="application/pdf")

    def _short(self, _: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")

    def _drip(self, _: str) -> None:
        """Send a header line every twentieth of a second until the other side has had enough."""
        self.send_response(200)
        self.flush_headers()
        try:
            while not self.server.closing.wait(0.05):  # type: ignore[attr-defined]
                self.wfile.write(b"X-Slow: yes\r\n")
        except OSError:
            self.close_connection = True

    def _missing(self, _: str) -> None:
        self._answer(404, b"nothing here")


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.closing = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.closing.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()
