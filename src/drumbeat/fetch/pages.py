"""Get one page: from the web, a file or standard input. Nothing else in drumbeat asks the network.

Only http and https, only public addresses unless the user allows others (checked where the connection
is made, at every redirect: `addresses.py`), within limits of bytes, redirects and time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from drumbeat import __version__
from drumbeat.errors import FetchError, InputError, RefusedAddress
from drumbeat.fetch.media import guess_media_type
from drumbeat.records import Page

if TYPE_CHECKING:
    import httpx2

USER_AGENT = f"drumbeat/{__version__} (+news reading tool; fetches single pages that its user asks for)"

_STATUS_ADVICE = {
    401: "it wants an account: save the page from your browser and read the file",
    402: "it wants a payment: save the page from your browser and read the file",
    403: "it does not let programs read it: save the page from your browser and read the file",
    404: "there is no such page: check the address",
    410: "the page was taken down: look for it in a web archive",
    429: "it was asked too often: try again later",
    451: "it is not shown in your country: look for it in a web archive",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """How much one page may cost. `max_bytes` counts unpacked bytes, `timeout_seconds` all redirects together."""

    max_bytes: int = 20_000_000
    max_redirects: int = 8
    timeout_seconds: float = 30.0

    def __post_init__(self) -> None:
        if self.max_bytes <= 0 or self.max_redirects < 0 or self.timeout_seconds <= 0:
            raise ValueError("limits must be positive")


DEFAULT_LIMITS = FetchLimits()
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the present instant as the clock of this machine tells it."""
    return datetime.now(UTC)


def is_url(where: str) -> bool:
    """Tell whether a place is written as an address with a scheme (of any kind), not as a path."""
    scheme, mark, _ = where.partition("://")
    return bool(mark) and scheme.replace("+", "").replace("-", "").isalnum()


def open_page(
    where: str,
    *,
    stdin: IO[bytes],
    limits: FetchLimits = DEFAULT_LIMITS,
    allow_private: bool = False,
    now: Clock = utc_now,
) -> Page:
    """Return the page at an address, in a file, or (`-`) on standard input."""
    if where == "-":
        return read_page(stdin, limits=limits, now=now)
    if is_url(where):
        return fetch_page(where, limits=limits, allow_private=allow_private, now=now)
    return load_page(Path(where), limits=limits, now=now)


def load_page(path: Path, *, limits: FetchLimits = DEFAULT_LIMITS, now: Clock = utc_now) -> Page:
    """Return a file as a page; raise InputError where it cannot be read as one."""
    where = str(path)
    try:
        if path.is_dir():
            raise InputError(f"{where} is a folder; give the files in it one by one", where=where)
        with path.open("rb") as stream:
            return read_page(stream, where, limits=limits, now=now)
    except FileNotFoundError as error:
        raise InputError(f"there is no file {where}; check the path", where=where) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{where} cannot be read ({reason}); check its permissions", where=where) from error


def read_page(
    stream: IO[bytes], where: str = "-", *, limits: FetchLimits = DEFAULT_LIMITS, now: Clock = utc_now
) -> Page:
    """Return what a stream holds as a page; raise InputError where it is empty, binary or too big."""
    content = stream.read(limits.max_bytes + 1)
    name = "standard input" if where == "-" else where
    if len(content) > limits.max_bytes:
        raise InputError(f"{name} has {_too_big(limits)}", where=name)
    return Page(
        where=where, content=content, media_type=guess_media_type(content, where=name), charset=None, fetched_at=now()
    )


def fetch_page(
    url: str, *, limits: FetchLimits = DEFAULT_LIMITS, allow_private: bool = False, now: Clock = utc_now
) -> Page:
    """Return the page at an address; `where` is the address after redirects.

    Raises RefusedAddress for another scheme or a private address, FetchError for whatever else goes
    wrong on the way, InputError where the answer is no text.
    """
    import httpcore2
    import httpx2

    from drumbeat.fetch.addresses import Deadline, GuardedTransport

    transport = GuardedTransport(deadline=Deadline(limits.timeout_seconds), allow_private=allow_private)
    headers = {
        "User-Agent": USER_AGENT,
        "Accept": "text/html, text/markdown, text/plain, */*;q=0.1",
        "Accept-Encoding": "gzip, deflate",
    }
    try:
        with httpx2.Client(
            transport=transport, headers=headers, trust_env=False, timeout=limits.timeout_seconds
        ) as client:
            return _follow(client, url, limits, now)
    except (httpx2.TimeoutException, httpcore2.TimeoutException) as error:
        message = f"{url} did not answer in full within {limits.timeout_seconds:g} seconds; try again later"
        raise FetchError(message, where=url) from error
    except httpcore2.ConnectError as error:
        raise FetchError(
            f"{url} cannot be reached ({error}); check the address and your connection", where=url
        ) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpx2.HTTPError) as error:
        raise FetchError(f"{url} broke off or answered wrongly ({error}); try again later", where=url) from error


def _follow(client: httpx2.Client, url: str, limits: FetchLimits, now: Clock) -> Page:
    request = client.build_request("GET", _checked_url(url))
    for _ in range(limits.max_redirects + 1):
        response = client.send(request, stream=True, follow_redirects=False)
        try:
            if not response.has_redirect_location:
                return _page_of(response, limits, now)
        finally:
            response.close()
        target = _checked_url(str(response.url.join(response.headers["Location"])))
        request = client.build_request("GET", target)
    raise FetchError(
        f"{url} leads on more than {limits.max_redirects} times; open it in a browser and use the last address",
        where=url,
    )


def _checked_url(url: str) -> httpx2.URL:
    import httpx2

    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise FetchError(f"{url!r} is not an address ({error}); check it", where=url) from error
    if parsed.scheme not in ("http", "https"):
        raise RefusedAddress(f"{url} is not a web address; drumbeat asks only http:// and https://", where=url)
    if not parsed.host:
        raise FetchError(f"{url} names no host; check the address", where=url)
    return parsed.copy_with(userinfo=b"")


def _page_of(response: httpx2.Response, limits: FetchLimits, now: Clock) -> Page:
    where = str(response.url.copy_with(fragment=None))
    if response.status_code >= 300:
        advice = _STATUS_ADVICE.get(response.status_code, "try again later")
        raise FetchError(f"{where} answered {response.status_code}; {advice}", where=where)
    content = _content_of(response, where, limits)
    return Page(
        where=where,
        content=content,
        media_type=guess_media_type(content, where=where, declared=response.headers.get("Content-Type", "")),
        charset=response.charset_encoding,
        fetched_at=now(),
    )


def _content_of(response: httpx2.Response, where: str, limits: FetchLimits) -> bytes:
    content = bytearray()
    for piece in response.iter_bytes():
        content += piece
        if len(content) > limits.max_bytes:
            raise FetchError(f"{where} has {_too_big(limits)}", where=where)
    return bytes(content)


def _too_big(limits: FetchLimits) -> str:
    return f"more than {limits.max_bytes / 1e6:g} MB, too much for one article; save its text as a smaller file"
