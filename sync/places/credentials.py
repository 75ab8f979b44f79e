"""Who we are to a server: looked up in the environment or the system's keyring each time, and kept nowhere else.

Neither the database nor a log, an error or a status ever holds any of it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from store.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sync.places.address import Address

    Lookup = Callable[[str], str]

# For each kind of place: the names under which a secret is looked for, and what OpenDAL calls it.
NAMES: dict[str, dict[str, str]] = {
    "webdav": {
        "SAMEBOAT_WEBDAV_USER": "username",
        "SAMEBOAT_WEBDAV_PASSWORD": "password",
        "SAMEBOAT_WEBDAV_TOKEN": "token",
    },
    "s3": {
        "AWS_ACCESS_KEY_ID": "access_key_id",
        "AWS_SECRET_ACCESS_KEY": "secret_access_key",
        "AWS_SESSION_TOKEN": "session_token",
    },
    "oss": {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "access_key_id",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "access_key_secret",
        "ALIBABA_CLOUD_SECURITY_TOKEN": "security_token",
    },
    "cos": {
        "TENCENTCLOUD_SECRET_ID": "secret_id",
        "TENCENTCLOUD_SECRET_KEY": "secret_key",
        "TENCENTCLOUD_TOKEN": "security_token",
    },
    "azblob": {
        "AZURE_STORAGE_ACCOUNT_NAME": "account_name",
        "AZURE_STORAGE_ACCOUNT_KEY": "account_key",
        "AZURE_STORAGE_SAS_TOKEN": "sas_token",
    },
    "gcs": {
        "GOOGLE_APPLICATION_CREDENTIALS": "credential_path",
        "SAMEBOAT_GCS_TOKEN": "token",
    },
}
# Any one of these sets is enough.
_ENOUGH: dict[str, tuple[tuple[str, ...], ...]] = {
    "webdav": (("username", "password"), ("token",)),
    "s3": (("access_key_id", "secret_access_key"),),
    "oss": (("access_key_id", "access_key_secret"),),
    "cos": (("secret_id", "secret_key"),),
    "azblob": (("account_name", "account_key"), ("account_name", "sas_token")),
    "gcs": (("credential_path",), ("token",)),
}
# What tells that the system's own configuration of AWS is there to be used.
_AWS = ("AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE")


def kind_of(address: Address) -> str:
    """Return under which entry of `NAMES` an address's credentials are found."""
    return "webdav" if address.is_webdav else address.scheme


def service_of(address: Address) -> str:
    """Return what the keyring calls the place: secrets in it are for one server or bucket only."""
    return f"sameboat {address.account_url()}"


def find_credentials(
    address: Address, environ: Mapping[str, str] | None = None, keyring: Lookup | None = None
) -> dict[str, str]:
    """Return the credentials for an address as OpenDAL's options.

    The environment comes first, under a name with the host behind it before the plain one; the keyring is only asked
    where that is not enough. A WebDAV server may do without any. Raises StoreError: no-credentials.
    """
    environ = os.environ if environ is None else environ
    kind = kind_of(address)
    known = {"username": address.user} if address.user else {}
    if "account" in address.options:
        known["account_name"] = address.options["account"]
    host = re.sub(r"[^A-Z0-9]", "_", address.host.upper())
    found = {
        option: environ.get(f"{name}_{host}") or environ.get(name) or ""
        for name, option in NAMES[kind].items()
    }
    found = {option: value for option, value in found.items() if value} | known
    chosen = _choose(kind, found)
    if chosen is None:
        lookup = keyring or _from_keyring(service_of(address))
        for name, option in NAMES[kind].items():
            if option not in found and (value := lookup(name)):
                found[option] = value
        chosen = _choose(kind, found)
    if chosen is not None:
        return chosen
    if (kind == "webdav" and not found) or (kind == "s3" and _has_aws_files(environ)):
        return {}
    raise StoreError("no-credentials", place=address.account_url(), names=", ".join(NAMES[kind]))


def _choose(kind: str, found: Mapping[str, str]) -> dict[str, str] | None:
    """Return the first set that is complete, with what goes with any set, or None."""
    for needed in _ENOUGH[kind]:
        if found.keys() >= set(needed):
            other = {option for options in _ENOUGH[kind] for option in options} - set(needed)
            return {option: value for option, value in found.items() if option not in other}
    return None


def _has_aws_files(environ: Mapping[str, str]) -> bool:
    files = (os.path.expanduser(f"~/.aws/{name}") for name in ("credentials", "config"))
    return any(environ.get(name) for name in _AWS) or any(map(os.path.exists, files))


def _from_keyring(service: str) -> Lookup:
    """Return what looks a name up in the system's keyring; "" where there is none, or nothing in it."""

    def lookup(name: str) -> str:
        try:
            import keyring

            return keyring.get_password(service, name) or ""
        except Exception:  # a backend may fail in any way: no session bus, locked, none installed
            return ""

    return lookup
