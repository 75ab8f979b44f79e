"""Encodings: whatever a tool wrote, people read the same words."""

from __future__ import annotations

import pytest

from store.errors import StoreError
from store.imports.detect import read_bytes
from store.imports.text import decode

CHINESE = "标题,状态\n结账页改版,进行中\n支付接口联调,待办\n"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_chinese_is_read_in_every_encoding_tools_write(encoding: str, said: str) -> None:
    text, used = decode(CHINESE.encode(encoding))
    assert text == CHINESE
    assert used == said


def test_utf16_without_a_mark_is_told_from_its_empty_bytes() -> None:
    assert decode("title,status\nLicence,Done\n".encode("utf-16-le")).text.startswith("title,status")


def test_a_western_file_is_not_taken_for_chinese() -> None:
    text, used = decode("titre,état\nRévéler à l'été,prêt\nmodèle déjà prévu,terminé\n".encode("cp1252"))
    assert "été" in text
    assert used != "gb18030"


def test_a_few_damaged_bytes_do_not_turn_utf8_into_something_else() -> None:
    data = ("标题,状态\n" + "结账页改版,进行中\n" * 5).encode()
    text, used = decode(data[:-20] + b"\xff" + data[-20:])
    assert used == "utf-8"
    assert text.startswith("标题,状态")


def test_rows_with_damaged_characters_are_named_and_kept() -> None:
    source = read_bytes(
        "标题,状态\n结账页改版,进行中\n".encode() + b"ok\xff,done\n" + "支付接口,待办\n".encode(), "a.csv"
    )
    assert [row.number for row in source.rows] == [2, 3, 4]
    assert [(problem.row, problem.code) for problem in source.problems] == [(3, "unreadable-characters")]


def test_a_named_encoding_is_used_without_guessing() -> None:
    assert decode("été".encode("cp1252"), "cp1252").text == "été"


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64", ""])
def test_an_encoding_nobody_knows_is_refused(encoding: str) -> None:
    with pytest.raises(StoreError, match="unknown-encoding"):
        decode(b"title", encoding)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04rest", "xlsx"),
        (b"SQLite format 3\0", "sqlite"),
        (b"%PDF-1.7", "pdf"),
        (b"<?xml version='1.0'?><Project/>", "xml"),
        (bytes(range(256)) * 40, "binary"),
    ],
    ids=["xlsx", "sqlite", "pdf", "xml", "binary"],
)
def test_what_is_not_text_is_refused_by_name(data: bytes, kind: str) -> None:
    with pytest.raises(StoreError) as refused:
        read_bytes(data, "file")
    assert refused.value.code == "file-not-text"
    assert refused.value.params["kind"] == kind


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", b"\xef\xbb\xbf"], ids=["nothing", "blank", "mark"])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(StoreError, match="file-empty"):
        read_bytes(data, "file.csv")
