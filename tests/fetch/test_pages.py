"""Pages from the web (a real server on this machine), from files and from standard input."""

from __future__ import annotations

import io
import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from drumbeat.errors import FetchError, InputError, RefusedAddress
from drumbeat.fetch.addresses import is_public_address
from drumbeat.fetch.pages import USER_AGENT, FetchLimits, fetch_page, load_page, open_page, read_page
from drumbeat.records import Page

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


def fetch(url: str, limits: FetchLimits | None = None) -> Page:
    return fetch_page(url, limits=limits or FetchLimits(timeout_seconds=10), allow_private=True, now=lambda: NOW)


def test_a_page_keeps_bytes_type_charset_and_time(site: str) -> None:
    page = fetch(f"{site}/page#top")
    assert (page.where, page.media_type, page.charset, page.fetched_at) == (f"{site}/page", "text/html", "utf-8", NOW)
    assert page.content.startswith(b"<html>")
    assert fetch(f"{site}/packed").content == page.content


def test_the_user_agent_says_who_asks(site: str) -> None:
    assert fetch(f"{site}/agent").content.decode() == f"agent {USER_AGENT}"
    assert USER_AGENT.startswith("drumbeat/")


def test_an_account_in_the_address_is_neither_sent_nor_kept(site: str) -> None:
    page = fetch(site.replace("http://", "http://me:secret@") + "/account")
    assert page.content == b"account None"
    assert "secret" not in page.where


def test_redirects_are_followed_up_to_the_limit(site: str) -> None:
    assert fetch(f"{site}/hops/7").where == f"{site}/page"
    with pytest.raises(FetchError, match="more than 8 times"):
        fetch(f"{site}/hops/8")
    with pytest.raises(FetchError, match="more than 8 times"):
        fetch(f"{site}/loop")


@pytest.mark.parametrize(
    ("status", "advice"), [(403, "save the page"), (404, "check the address"), (429, "later"), (500, "later")]
)
def test_an_error_status_says_what_to_do(site: str, status: int, advice: str) -> None:
    with pytest.raises(FetchError, match=f"answered {status}; .*{advice}") as caught:
        fetch(f"{site}/status/{status}")
    assert caught.value.where == f"{site}/status/{status}"


@pytest.mark.parametrize("path", ["big", "bomb", "bomb/twice"])
def test_too_many_bytes_are_cut_off_also_when_they_come_packed(site: str, path: str) -> None:
    with pytest.raises(FetchError, match=r"more than 0\.5 MB"):
        fetch(f"{site}/{path}", FetchLimits(max_bytes=500_000))


def test_the_time_limit_holds_against_a_server_that_drips(site: str) -> None:
    with pytest.raises(FetchError, match=r"within 0\.3 seconds"):
        fetch(f"{site}/drip", FetchLimits(timeout_seconds=0.3))


def test_an_answer_that_breaks_off_is_an_error(site: str) -> None:
    with pytest.raises(FetchError, match="broke off"):
        fetch(f"{site}/short")


def test_what_is_no_text_is_refused(site: str) -> None:
    with pytest.raises(InputError, match="PDF"):
        fetch(f"{site}/pdf")


def test_a_host_that_does_not_answer_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError, match="cannot be reached"):
            fetch(f"http://127.0.0.1:{taken.getsockname()[1]}/")


@pytest.mark.parametrize("url", ["http://", "http://[bad", "https:///path", "http://a b/"])
def test_what_is_no_address_is_an_error(url: str) -> None:
    with pytest.raises(FetchError):
        fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "file:///etc/passwd",
        "ftp://example.com/x",
        "gopher://example.com/x",
    ],
)
def test_private_addresses_and_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        fetch_page(url)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.com/x", "data:text/plain,x"])
def test_a_redirect_to_another_scheme_is_refused(site: str, target: str) -> None:
    with pytest.raises(RefusedAddress):
        fetch(f"{site}/to/{target}")


@pytest.mark.parametrize("private", ["127.0.0.1", "10.0.0.1", "::1", "169.254.169.254"])
def test_a_redirect_from_a_public_to_a_private_address_is_refused(
    site: str, private: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system is told that news.example is at a public address, where it then meets the server of this machine."""
    public, port, connected = "93.184.216.34", int(site.rpartition(":")[2]), []
    names = {"news.example": public, "inside.example": private}
    connect = socket.create_connection

    def reroute(address: tuple[str, int], *rest: object, **options: object) -> socket.socket:
        connected.append(address[0])
        return connect(("127.0.0.1", port), *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *_, **__: [(2, socket.SOCK_STREAM, 6, "", (names.get(host, host), port))]
    )
    monkeypatch.setattr(socket, "create_connection", reroute)
    assert fetch_page(f"http://news.example:{port}/page").media_type == "text/html"
    with pytest.raises(RefusedAddress, match=r"inside\.example"):
        fetch_page(f"http://news.example:{port}/to/http://inside.example:{port}/page")
    assert set(connected) == {public}


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(RefusedAddress, match=r"10\.0\.0\.1"):
        fetch_page("http://news.example/")


def test_a_name_is_resolved_once_for_check_and_connection(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port, asked = int(site.rpartition(":")[2]), []

    def resolve(host: str, *_: object, **__: object) -> list[object]:
        if host == "news.example":
            asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert fetch(f"http://news.example:{port}/page").where == f"http://news.example:{port}/page"
    assert asked == ["news.example"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("::ffff:93.184.216.34", True),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("2002:7f00:1::", False),
        ("::", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public_address(address) is public


def test_files_and_standard_input_are_pages_too(tmp_path: Path) -> None:
    story = tmp_path / "story.md"
    story.write_text("# Harbour opens\n\nThe harbour opens.\n")
    page = load_page(story, now=lambda: NOW)
    assert (page.where, page.media_type, page.fetched_at) == (str(story), "text/markdown", NOW)
    assert read_page(io.BytesIO(b"<!DOCTYPE html><p>Hello")).media_type == "text/html"
    assert read_page(io.BytesIO(b"Harbour opens\n\nIt opens.")).media_type == "text/plain"
    assert read_page(io.BytesIO(b"# Harbour opens\n\nIt opens.")).media_type == "text/markdown"


def test_a_place_is_an_address_a_path_or_a_dash(site: str, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Hello there")
    assert open_page("-", stdin=io.BytesIO(b"Hello")).content == b"Hello"
    assert open_page(str(file), stdin=io.BytesIO()).content == b"Hello there"
    assert open_page(f"{site}/page", stdin=io.BytesIO(), allow_private=True).media_type == "text/html"
    with pytest.raises(RefusedAddress):
        open_page("ftp://example.com/x", stdin=io.BytesIO())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"%PDF-1.4", "PDF"),
        (b"PK\x03\x04abc", "ZIP"),
        (bytes(range(256)) * 10, "binary"),
        (b'{"id": 1}', "JSON"),
    ],
)
def test_content_that_is_no_text_is_refused_with_advice(content: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_page(io.BytesIO(content))
    assert caught.value.where == "standard input"


def test_fifty_megabytes_are_too_much(tmp_path: Path) -> None:
    big = tmp_path / "big.html"
    big.write_bytes(b"<p>word</p>" * (50_000_000 // 11))
    with pytest.raises(InputError, match="more than 20 MB"):
        load_page(big)


def test_unreadable_places_say_why(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        load_page(tmp_path / "none.html")
    with pytest.raises(InputError, match="folder"):
        load_page(tmp_path)
    with pytest.raises(InputError):
        load_page(Path("bad\0name"))
    closed = tmp_path / "closed.txt"
    closed.write_text("text")
    closed.chmod(0)
    if not os.access(closed, os.R_OK):
        with pytest.raises(InputError, match="permissions"):
            load_page(closed)
