"""Addresses are written in one way and hold no secret; who we are is found elsewhere."""

from __future__ import annotations

import pytest

from store.errors import StoreError
from sync.places.address import is_address, parse_address
from sync.places.credentials import find_credentials, service_of
from sync.places.grounds import ground_of

SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("webdavs://DAV.Example.org:443/dav/team/", "webdavs://dav.example.org/dav/team"),
        ("webdav://127.0.0.1:8080", "webdav://127.0.0.1:8080"),
        ("WebDAVs://lin%40example.org@dav.example.org/我的 坚果云/", "webdavs://lin%40example.org@dav.example.org/%E6%88%91%E7%9A%84%20%E5%9D%9A%E6%9E%9C%E4%BA%91"),
        ("webdavs://dav.example.org/a//./b?minutes=30&requests=600", "webdavs://dav.example.org/a/b?minutes=30&requests=600"),
        ("s3://bucket/team?region=eu-central-1", "s3://bucket/team?region=eu-central-1"),
        ("s3://bucket?endpoint=http://127.0.0.1:9000", "s3://bucket?endpoint=http://127.0.0.1:9000"),
        ("oss://bucket/team?region=cn-hangzhou", "oss://bucket/team?region=cn-hangzhou"),
        ("webdav://host/team/sameboat-64pw8q1x", "webdav://host/team"),
    ],
)  # fmt: skip
def test_an_address_is_kept_in_one_way_however_it_was_typed(typed: str, kept: str) -> None:
    assert parse_address(typed).url == kept
    assert parse_address(kept).url == kept


@pytest.mark.parametrize(
    ("typed", "code", "part"),
    [
        (f"webdavs://lin:{SECRET}@dav.example.org/team", "secret-in-address", None),
        ("webdavs://:@dav.example.org/team", "secret-in-address", None),
        (f"s3://bucket?secret_access_key={SECRET}", "bad-address", "secret_access_key"),
        (f"azblob://box?sas_token={SECRET}", "bad-address", "sas_token"),
        (f"s3://{SECRET}@bucket/team", "bad-address", "host"),
        ("ftp://example.org/team", "unknown-scheme", None),
        ("webdavs:///team", "bad-address", "host"),
        ("webdavs://host/a/../b", "bad-address", "path"),
        ("webdavs://host/%2e%2e/b", "bad-address", "path"),
        ("webdavs://host/a%2Fb", "bad-address", "path"),
        (f"webdavs://host/a#{SECRET}", "bad-address", "fragment"),
        ("webdavs://host/a?requests=none", "bad-address", "requests"),
        ("webdavs://host/a?requests=0", "bad-address", "requests"),
        ("webdavs://host/a?requests=5&requests=6", "bad-address", "query"),
        ("webdavs://host/a?requests", "bad-address", "query"),
        ("webdavs://host/a?region=x", "bad-address", "region"),
        (f"s3://bucket?endpoint=https://lin:{SECRET}@host", "bad-address", "endpoint"),
        ("oss://bucket/team", "bad-address", "region"),
        ("webdavs://[::1", "bad-address", "query"),
    ],
)
def test_what_is_wrong_is_named_and_no_value_repeated(typed: str, code: str, part: str | None) -> None:
    with pytest.raises(StoreError) as caught:
        parse_address(typed)
    assert caught.value.code == code
    assert caught.value.params.get("part") == part
    assert SECRET not in str(caught.value)


def test_webdav_has_a_budget_unless_it_is_told_another() -> None:
    assert parse_address("webdavs://host/a").budget == (600, 1800.0)
    assert parse_address("webdavs://host/a?requests=60&minutes=1").budget == (60, 60.0)
    assert parse_address("s3://bucket").budget == (0, 1800.0)


def test_a_path_is_no_address() -> None:
    assert not any(map(is_address, ("/home/lin/team", "C:\\team", "C:/team", "~/team", "team://"[:4])))
    assert ground_of("/tmp/sameboat-64pw8q1x").url == "/tmp"


def found(url: str, environ: dict[str, str], keyring: dict[str, str] | None = None) -> dict[str, str]:
    return find_credentials(parse_address(url), environ, lambda name: (keyring or {}).get(name, ""))


def test_the_environment_is_asked_first_and_the_keyring_only_when_needed() -> None:
    environ = {"SAMEBOAT_WEBDAV_USER": "lin", "SAMEBOAT_WEBDAV_PASSWORD": "p"}

    def forbidden(name: str) -> str:
        raise AssertionError(name)

    assert find_credentials(parse_address("webdavs://h/a"), environ, forbidden) == {
        "username": "lin",
        "password": "p",
    }
    assert found("webdavs://lin@h/a", {}, {"SAMEBOAT_WEBDAV_PASSWORD": "k"}) == {
        "username": "lin",
        "password": "k",
    }
    assert found("s3://b", {"AWS_ACCESS_KEY_ID": "i"}, {"AWS_SECRET_ACCESS_KEY": "k"}) == {
        "access_key_id": "i", "secret_access_key": "k",
    }  # fmt: skip
    assert (
        service_of(parse_address("webdavs://lin@dav.example.org/a")) == "sameboat webdavs://dav.example.org"
    )


def test_a_name_with_the_host_behind_it_is_for_that_host_only() -> None:
    environ = {
        "SAMEBOAT_WEBDAV_USER": "lin",
        "SAMEBOAT_WEBDAV_PASSWORD": "common",
        "SAMEBOAT_WEBDAV_PASSWORD_DAV_EXAMPLE_ORG": "special",
    }
    assert found("webdavs://dav.example.org/a", environ)["password"] == "special"
    assert found("webdavs://other.org/a", environ)["password"] == "common"


def test_one_complete_set_is_taken_and_nothing_of_another() -> None:
    environ = {"SAMEBOAT_WEBDAV_USER": "lin", "SAMEBOAT_WEBDAV_TOKEN": "t"}
    assert found("webdavs://h/a", environ) == {"token": "t"}
    azure = {"AZURE_STORAGE_ACCOUNT_KEY": "k", "AZURE_STORAGE_SAS_TOKEN": "s"}
    assert found("azblob://box?account=acme", azure) == {"account_name": "acme", "account_key": "k"}


def test_a_server_without_accounts_needs_none_and_others_say_what_is_missing() -> None:
    assert found("webdav://h/a", {}) == {}
    for url in ("webdav://lin@h/a", "oss://b?region=x", "cos://b?region=x", "azblob://b", "gcs://b"):
        with pytest.raises(StoreError, match="no-credentials") as caught:
            found(url, {})
        assert caught.value.params["names"]
