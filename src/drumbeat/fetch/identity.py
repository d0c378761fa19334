"""Where an article stood: its canonical address, its outlet's registered domain, and the id made from both.

Domains come from the Public Suffix List as shipped with tldextract: no network, no cache on disk. Its
private part counts too, so that two blogs of one hosting service are two outlets.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|cmpid|smid|ncid|ocid|ito|wt\.mc_id|_ga|xtor",
    re.IGNORECASE,
)
_ID = re.compile(r"[0-9a-f]{6,16}")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]+", re.IGNORECASE)


def make_article_id(where: str, text: str) -> str:
    """Return 16 hexadecimal characters made from a place (address, record id) and the canonical text found there."""
    return hashlib.sha256(f"{where}\0{text}".encode("utf-8", "replace")).hexdigest()[:16]


def is_article_id(where: str) -> bool:
    """Tell whether a place is written as an article's id, or as six or more characters of its beginning."""
    return bool(_ID.fullmatch(where))


def canonical_url(url: str) -> str:
    """Return a web address without fragment, account, default port and tracking parameters; "" where it is none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port not in (None, _DEFAULT_PORTS[parts.scheme]):
        host = f"{host}:{port}"
    return urlunsplit((parts.scheme, host, parts.path or "/", _kept_query(parts), ""))


def _kept_query(parts: SplitResult) -> str:
    if not _TRACKING.search(parts.query):
        return parts.query
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return urlencode([(key, value) for key, value in pairs if not _TRACKING.fullmatch(key)])


def outlet_of(url: str) -> str:
    """Return the registered domain of a web address, or its host where that has none; "" where it is no address."""
    try:
        host = urlsplit(url).hostname if "://" in url else None
    except ValueError:
        return ""
    return registered_domain(host) if host else ""


def is_host(name: str) -> bool:
    """Tell whether a name reads as a host under a public suffix ("example.com"), not as a title."""
    return bool(_HOST.fullmatch(name)) and bool(_suffixes().extract_str(name).suffix)


@lru_cache(maxsize=10_000)
def registered_domain(host: str) -> str:
    """Return "example.co.uk" for "www.example.co.uk"; the host itself where it has no public suffix."""
    return _suffixes().extract_str(host).top_domain_under_public_suffix or host.removeprefix("www.")


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
