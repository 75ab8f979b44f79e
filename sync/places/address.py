"""Addresses of places that are no folders: WebDAV servers and object stores, read once and written in one way.

    webdavs://user@dav.example.org/dav/team?requests=600&minutes=30
    s3://bucket/prefix?region=eu-central-1

An address is kept in the database, shown and logged, so it never holds a secret: one that does is refused, and no error
repeats it.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from store.errors import StoreError
from sync import names

WEBDAV = ("webdavs", "webdav")
STORES = ("s3", "oss", "cos", "azblob", "gcs")
SCHEMES = (*WEBDAV, *STORES)

# What may stand behind the question mark: how often the server may be asked, and where a store is.
BUDGET = ("requests", "minutes")
_OPTIONS = {
    "s3": ("region", "endpoint"),
    "oss": ("region", "endpoint"),
    "cos": ("region", "endpoint"),
    "azblob": ("account", "endpoint"),
    "gcs": ("endpoint",),
}
# 坚果云 allows its free accounts this much; others that say nothing are not asked more often either.
WEBDAV_REQUESTS, WEBDAV_MINUTES = 600, 30

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://", re.I)
_HOST = re.compile(r"[a-z0-9._-]+(:[0-9]{1,5})?|\[[0-9a-f:]+\](:[0-9]{1,5})?", re.I)
_DEFAULT_PORTS = {"webdav": ":80", "webdavs": ":443"}


class Address(NamedTuple):
    """Where a share lies: `host` is a server, or a bucket of a store; `folder` has no slash at its ends."""

    scheme: str
    host: str
    user: str
    folder: str
    options: dict[str, str]

    @property
    def url(self) -> str:
        """Return the address as it is kept and shown, the same however it was typed."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        query = f"?{urlencode(sorted(self.options.items()), safe=':/')}" if self.options else ""
        return f"{self.account_url(user)}{'/' if self.folder else ''}{quote(self.folder)}{query}"

    def account_url(self, user: str = "") -> str:
        """Return scheme and host, what credentials are for."""
        return f"{self.scheme}://{user}{self.host}"

    @property
    def account(self) -> str:
        """Return what shares one budget of requests: a server's account, or a bucket."""
        return self.account_url(f"{quote(self.user, safe='')}@" if self.user else "")

    @property
    def is_webdav(self) -> bool:
        """Return whether it is a WebDAV server, which has real folders and no conditional writes."""
        return self.scheme in WEBDAV

    @property
    def budget(self) -> tuple[int, float]:
        """Return how many requests may be made in how many seconds; 0 requests for any number."""
        minutes = int(self.options.get("minutes", WEBDAV_MINUTES))
        usual = WEBDAV_REQUESTS if self.is_webdav else 0
        return int(self.options.get("requests", usual)), minutes * 60.0


def is_address(text: str) -> bool:
    """Return whether a place is named by an address, not by a path."""
    return _ADDRESS.match(text) is not None


def parse_address(text: str) -> Address:
    """Return the address in a text, the folder that holds the share also when the share itself was named.

    Raises StoreError: unknown-scheme, secret-in-address, bad-address (`part` is which part is wrong, never its value).
    """
    match = _ADDRESS.match(text)
    scheme = match[1].lower() if match is not None else ""
    if scheme not in SCHEMES:
        raise StoreError(
            "unknown-scheme", scheme=f"{scheme}://", schemes=", ".join(f"{s}://" for s in SCHEMES)
        )
    try:
        parts = urlsplit(text)
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise _bad(scheme, "query") from None
    if parts.password is not None:
        raise StoreError("secret-in-address", scheme=f"{scheme}://")
    user, _, host = parts.netloc.rpartition("@")
    host = host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, "\0"))
    if not _HOST.fullmatch(host) or (user and scheme not in WEBDAV):
        raise _bad(scheme, "host")
    if parts.fragment:
        raise _bad(scheme, "fragment")
    segments = [unquote(part) for part in parts.path.split("/") if part not in ("", ".")]
    if ".." in segments or any("/" in part or "\0" in part for part in segments):
        raise _bad(scheme, "path")
    if segments and names.is_share(segments[-1]):
        del segments[-1]
    options = _options(scheme, pairs)
    if scheme in ("oss", "cos") and not options.keys() & {"region", "endpoint"}:
        raise _bad(scheme, "region")
    return Address(scheme, host, unquote(user), "/".join(segments), options)


def _options(scheme: str, pairs: list[tuple[str, str]]) -> dict[str, str]:
    allowed = (*BUDGET, *_OPTIONS.get(scheme, ()))
    options = dict(pairs)
    if len(options) != len(pairs):
        raise _bad(scheme, "query")
    for name, value in pairs:
        if name not in allowed:
            raise _bad(scheme, re.sub(r"[^\w-]", "?", name)[:40])
        if name in BUDGET and not re.fullmatch(r"[1-9][0-9]{0,6}", value):
            raise _bad(scheme, name)
        if name == "endpoint" and not re.fullmatch(r"https?://[\w.:\[\]/-]+", value, re.ASCII):
            raise _bad(scheme, name)
        if name in ("region", "account") and not re.fullmatch(r"[\w-]+", value, re.ASCII):
            raise _bad(scheme, name)
    return options


def _bad(scheme: str, part: str) -> StoreError:
    return StoreError("bad-address", scheme=f"{scheme}://", part=part)
