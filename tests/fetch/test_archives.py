"""Archives: JSON Lines in all packings, whole and damaged; other people's field names."""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from drumbeat import codec
from drumbeat.errors import InputError
from drumbeat.fetch.archives import FieldMapping, is_archive, iter_archive, iter_url_file
from drumbeat.fetch.streams import MOST_LINE_BYTES, count_lines
from drumbeat.records import Article, Skipped

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = "The harbour of Port Averland will open again in spring.\n\nThe minister said so on Tuesday."
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": zstd.compress,
}


def record(number: int = 1, **fields: object) -> dict[str, object]:
    url = f"https://www.averlandpost.example/{number}"
    return {"id": f"r{number}", "url": url, "outlet": "Averland Post", "published": "2026-03-04", "text": TEXT} | fields


def read(path: Path, *lines: object, **options: FieldMapping) -> list[Article | Skipped]:
    path.write_bytes(
        b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    )
    return list(iter_archive(path, **options))


def one(path: Path, line: object, **options: FieldMapping) -> Article:
    (found,) = read(path, line, **options)
    assert isinstance(found, Article)
    return found


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "news.jsonl"


def test_a_record_becomes_an_article(archive: Path) -> None:
    article = one(archive, record(title="Harbour opens ", byline="Ada Marlow", topic="ports", lean="center"))
    assert article.text == TEXT
    assert (article.title, article.byline, article.outlet_name) == ("Harbour opens", "Ada Marlow", "Averland Post")
    assert (article.outlet, article.url) == ("averlandpost.example", "https://www.averlandpost.example/1")
    assert (article.published_on, article.published_at) == (date(2026, 3, 4), None)
    assert article.labels == {"id": "r1", "topic": "ports", "lean": "center"}


@pytest.mark.parametrize(
    "fields",
    [
        {"content": TEXT, "headline": "Harbour opens", "authors": ["Ada Marlow", "Ben Otter"], "date": "March 4, 2026"},
        {
            "body": TEXT,
            "title": "Harbour opens",
            "author": "Ada Marlow, Ben Otter",
            "publishedAt": "2026-03-04T10:00:00Z",
        },
        {
            "articleBody": TEXT,
            "headline": "Harbour opens",
            "author": [{"name": "Ada Marlow"}, {"name": "Ben Otter"}],
            "datePublished": "2026-03-04T09:00:00-01:00",
        },
        {"maintext": TEXT, "title": "Harbour opens", "authors": ["Ada Marlow", "Ben Otter"], "timestamp": 1772618400},
    ],
)
def test_common_field_names_are_understood(archive: Path, fields: dict[str, object]) -> None:
    article = one(archive, fields)
    assert (article.text, article.title, article.byline) == (TEXT, "Harbour opens", "Ada Marlow, Ben Otter")
    assert article.published_on == date(2026, 3, 4)
    assert article.published_at in (None, datetime(2026, 3, 4, 10, tzinfo=UTC))


def test_a_mapping_names_the_fields_of_another_source(archive: Path) -> None:
    mapping = FieldMapping(text=("story",), title=("kop",), published=("dag",))
    article = one(archive, {"story": TEXT, "kop": "Harbour opens", "dag": "2026-03-04", "text": "no"}, mapping=mapping)
    assert (article.text, article.title, article.published_on) == (TEXT, "Harbour opens", date(2026, 3, 4))
    assert article.labels == {"text": "no"}


def test_what_drumbeat_exports_can_be_read_again(archive: Path) -> None:
    article = one(archive, record(title="Harbour opens", published="2026-03-04T10:00:00Z", topic="ports"))
    again = one(archive, codec.encode_record(article))
    assert (again.article_id, again.text, again.title) == (article.article_id, article.text, article.title)
    assert (again.outlet, again.outlet_name) == (article.outlet, article.outlet_name)
    assert (again.published_at, again.labels["topic"]) == (article.published_at, "ports")


def test_the_same_piece_has_the_same_id(archive: Path) -> None:
    first, again, marked, other, changed = read(
        archive,
        record(),
        record(),
        record(url="https://www.averlandpost.example/1?utm_source=letter#top", id="x"),
        record(2),
        record(text=TEXT + " More."),
    )
    ids = [each.article_id for each in (first, again, marked, other, changed) if isinstance(each, Article)]
    assert ids[0] == ids[1] == ids[2]
    assert len(set(ids)) == 3
    assert all(len(each) == 16 for each in ids)


def test_html_in_a_field_becomes_text(archive: Path) -> None:
    text = (
        '<p>The harbour &amp; the <a href="/x">mill</a> open.</p><script>no()</script><p>Tea<br>and cake, 3 &lt; 4</p>'
    )
    assert one(archive, record(text=text)).text == "The harbour & the mill open.\n\nTea\n\nand cake, 3 < 4"
    assert one(archive, record(text="Is 3 < 4 and 5 > 2?")).text == "Is 3 < 4 and 5 > 2?"
    assert one(archive, record(title="Sail &amp; oar")).title == "Sail & oar"


def test_a_whole_page_in_a_field_is_searched_for_its_article(archive: Path) -> None:
    body = "".join(
        f"<p>The harbour opens again in spring, said the minister on day {day} of the talks.</p>" for day in range(9)
    )
    page = f"<!DOCTYPE html><html><body><nav><a href='/'>Start</a></nav><article>{body}</article></body></html>"
    article = one(archive, record(text=page))
    assert article.text.startswith("The harbour opens again")
    assert "Start" not in article.text


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b'{"text": "broken', "no JSON"),
        (b"\xff\xfe{}", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[1, 2]", "a list, not an object"),
        (b"null", "nothing, not an object"),
        ({"title": "Harbour opens"}, "no text"),
        (record(text=""), "no text"),
        (record(text=None), "no text"),
        (record(text=" \n "), "no text"),
        (record(text="***"), "no text"),
        (record(text=5), "'text' holds a number"),
        (record(title={"a": 1}, headline="x", byline=[[]]), "'byline' holds a list"),
        (record(url=5), "'url' holds a number"),
    ],
)
def test_a_line_that_holds_no_article_is_skipped_and_the_stream_goes_on(archive: Path, line: object, why: str) -> None:
    skipped, article = read(archive, line, record())
    assert isinstance(skipped, Skipped)
    assert skipped.where == f"{archive} line 1"
    assert why in skipped.why
    assert isinstance(article, Article)


@pytest.mark.parametrize("given", ["some day in May", "1/10/2026", "2026-02-30", "0001-01-01"])
def test_an_article_with_a_bad_date_is_kept_without_it(archive: Path, given: str) -> None:
    article = one(archive, record(published=given))
    assert article.published_on is None
    assert article.labels["published"] == given


def test_labels_are_few_and_short(archive: Path) -> None:
    extra = {f"field{number}": "x" for number in range(100)} | {"long": "x" * 1000, "count": 3}
    labels = one(archive, record() | extra).labels
    assert len(labels) == 16
    assert "long" not in labels


def test_an_address_that_is_none_is_left_out(archive: Path) -> None:
    article = one(archive, record(url="javascript:alert(1)", outlet="averlandpost.com"))
    assert (article.url, article.outlet, article.outlet_name) == ("", "averlandpost.com", "")


def test_blank_lines_and_a_byte_order_mark_do_no_harm(archive: Path) -> None:
    assert isinstance(one(archive, b"\xef\xbb\xbf" + json.dumps(record()).encode()), Article)
    assert len(read(archive, b"", record(), b"  ", record(2))) == 2
    assert read(archive) == []


@pytest.mark.parametrize("packing", PACKERS)
def test_packed_archives_read_alike(tmp_path: Path, packing: str) -> None:
    path = tmp_path / f"news.jsonl{packing}"
    halves = [b"".join(json.dumps(record(n)).encode() + b"\n" for n in half) for half in (range(500), range(500, 1000))]
    path.write_bytes(b"".join(PACKERS[packing](half) for half in halves))
    assert is_archive(path)
    assert [each.labels["id"] for each in iter_archive(path) if isinstance(each, Article)] == [
        f"r{n}" for n in range(1000)
    ]
    assert count_lines(path) == 1000


def packed_half(path: Path, packing: str) -> tuple[bytes, int]:
    noise = (hashlib.sha512(str(n).encode()).hexdigest() for n in range(2000))
    lines = (json.dumps(record(n, text=f"{TEXT} {words}")) for n, words in enumerate(noise))
    packed = PACKERS[packing]("\n".join(lines).encode())
    return packed, len(packed) // 2


@pytest.mark.parametrize("packing", [".gz", ".xz", ".zst"])
def test_a_file_that_breaks_off_yields_what_is_whole_and_says_so(tmp_path: Path, packing: str) -> None:
    path = tmp_path / f"news.jsonl{packing}"
    packed, half = packed_half(path, packing)
    path.write_bytes(packed[:half])
    *whole, last = iter_archive(path)
    assert len(whole) > 500
    assert [each.labels["id"] for each in whole if isinstance(each, Article)] == [f"r{n}" for n in range(len(whole))]
    assert isinstance(last, Skipped)
    assert "breaks off or is damaged" in last.why
    assert last.where == f"{path} line {len(whole) + 1}"


@pytest.mark.parametrize("packing", [".gz", ".xz"])
def test_a_file_with_changed_bytes_says_so(tmp_path: Path, packing: str) -> None:
    path = tmp_path / f"news.jsonl{packing}"
    packed, half = packed_half(path, packing)
    path.write_bytes(packed[:half] + bytes(500) + packed[half + 500 :])
    *_, last = iter_archive(path)
    assert isinstance(last, Skipped)
    assert "breaks off or is damaged" in last.why


def test_a_line_without_end_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b'{"text": "' + b"x" * (2 * MOST_LINE_BYTES + 5) + b'"}\n' + json.dumps(record()).encode() + b"\n")
    skipped, article = iter_archive(path)
    assert isinstance(skipped, Skipped)
    assert "20 MB" in skipped.why
    assert isinstance(article, Article)


def test_an_archive_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        list(iter_archive(tmp_path / "none.jsonl.xz"))
    with pytest.raises(InputError, match="folder"):
        list(iter_archive(tmp_path))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.jsonl", True),
        ("a.JSONL.gz", True),
        ("a.ndjson.zst", True),
        ("a.json", False),
        ("a.txt.gz", False),
        ("-", False),
    ],
)
def test_archives_are_known_by_their_suffix(name: str, expected: bool) -> None:
    assert is_archive(name) is expected


def test_a_file_of_addresses(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("\ufeff# mine\nhttps://a.example/1\n\n  http://b.example/#part # why\nftp://c.example\nnonsense\n")
    good = [each for each in iter_url_file(path) if isinstance(each, str)]
    bad = [each for each in iter_url_file(path) if isinstance(each, Skipped)]
    assert good == ["https://a.example/1", "http://b.example/#part"]
    assert [each.where for each in bad] == [f"{path} line 5", f"{path} line 6"]
