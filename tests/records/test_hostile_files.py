"""Files that mean harm, or are not what they say: a clear refusal each, or made harmless."""

import io
import struct
import zipfile

import pytest
from tests.factories.files import PDF, make_picture, make_sheet, make_zip

from trassa.kernel import Invalid
from trassa.records.contents import archives
from trassa.records.contents.inspection import inspect_content
from trassa.records.contents.names import MAX_BYTES, MAX_CHARACTERS, clean_name

CONTENT_TYPES = "[Content_Types].xml"
TYPES = "<Types/>"
OFFICE = {CONTENT_TYPES: TYPES, "word/document.xml": "<w:document xmlns:w='w'/>"}
BILLION = "<!DOCTYPE lolz [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><w>&b;</w>"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def found(name: str, content: bytes) -> str:
    return inspect_content(io.BytesIO(content), len(content), name).type.code


def refused(name: str, content: bytes) -> str:
    with pytest.raises(Invalid) as error:
        found(name, content)
    assert str(error.value.message)
    return error.value.errors[0].code


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.jpg", make_picture("JPEG"), "image/jpeg"),
        ("a.png", make_picture(), "image/png"),
        ("a.webp", make_picture("WEBP"), "image/webp"),
        ("a.xlsx", make_sheet(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.zip", make_zip({"a.txt": "x"}), "application/zip"),
        ("a.csv", "ФИО;Телефон".encode("cp1251"), "text/csv"),
        ("a.txt", b"\xef\xbb\xbftext", "text/plain"),
        ("a.txt", "текст".encode("utf-16"), "text/plain"),
        ("a.json", b'{"a": 1}', "application/json"),
        ("a.rtf", b"{\\rtf1 text}", "application/rtf"),
        ("a.html", HTML, "text/html"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ("a.dwg", b"AC1032\0\0\0\1\2", "application/octet-stream"),
        (
            "contract.pdf.sig",
            b"0\x82\5\x10\6\t*\x86H\x86\xf7\r\1\7\2" + bytes(40),
            "application/pkcs7-signature",
        ),
        ("a.csv", b"MZ-1;2;3", "text/csv"),
        ("a.csv", "BMW X5;2021;белый".encode("cp1251"), "text/csv"),
        ("scan", PDF, "application/pdf"),
    ],
)
def test_the_type_comes_from_the_content(name: str, content: bytes, code: str) -> None:
    assert found(name, content) == code


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", make_picture()),
        ("a.png", PDF),
        ("a.jpg", b"\1\2\3\0\4"),
        ("a.pdf", b"plain text"),
        ("a.csv", HTML),
        ("a.xls", HTML),
        ("a.txt", HTML),
        ("a.docx", make_sheet()),
        ("a.xlsx", make_zip({"a.txt": "x"})),
        ("a.zip", b"no archive"),
    ],
)
def test_a_content_that_is_not_what_its_name_says_is_refused(name: str, content: bytes) -> None:
    assert refused(name, content) == "wrong_type"


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.BAT",
        "a.js",
        "a.vbs",
        "a.ps1",
        "a.lnk",
        "a.jar",
        "a.msi",
        "a.sh",
        "a.php",
        "a.hta",
        "photo.jpg.scr",
    ],
)
def test_names_of_programs_are_refused(name: str) -> None:
    assert refused(name, b"text") == "program"


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0\3\0\0\0" + bytes(60),
        b"\x7fELF\2\1\1" + bytes(60),
        b"#!/bin/sh\nrm -rf /",
        b"<?php echo 1;",
        b"\xca\xfe\xba\xbe\0\0\0\x34",
        b"L\0\0\0\1\x14\2\0" + bytes(60),
        make_zip({"AndroidManifest.xml": "x", "classes.dex": "y"}),
    ],
)
def test_programs_are_refused_whatever_they_are_called(content: bytes) -> None:
    for name in ("a.pdf", "a", "a.unknown"):
        assert refused(name, content) == "program"


def test_macros_are_refused() -> None:
    assert refused("a.docm", make_zip(OFFICE)) == "macros"
    assert refused("a.docx", make_zip(OFFICE | {"word/vbaProject.bin": b"x"})) == "macros"
    assert refused("a.xlsx", make_zip({CONTENT_TYPES: TYPES, "xl/macrosheets/s.xml": "<a/>"})) == "macros"
    declared = TYPES.replace("/", " ContentType='application/vnd.ms-word.document.macroEnabled.main+xml' /")
    assert refused("a.docx", make_zip(OFFICE | {CONTENT_TYPES: declared})) == "macros"


def test_entities_in_office_files_are_refused() -> None:
    assert refused("a.docx", make_zip(OFFICE | {"word/document.xml": BILLION})) == "xml_bomb"
    assert refused("a.docx", make_zip(OFFICE | {"word/a.rels": BILLION.encode("utf-16")})) == "xml_bomb"
    hidden = f"<!--{'x' * 70_000}-->{BILLION}"
    assert refused("a.docx", make_zip(OFFICE | {"word/document.xml": hidden})) == "xml_bomb"


def test_archives_that_swell_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused("a.zip", make_zip({"a": bytes(30 * 1024**2)})) == "archive_bomb"
    assert refused("a.docx", make_zip(OFFICE | {"word/a.bin": bytes(30 * 1024**2)})) == "archive_bomb"
    monkeypatch.setattr(archives, "MAX_ENTRIES", 50)
    assert refused("a.zip", make_zip({str(number): "x" for number in range(60)})) == "archive_bomb"


def test_a_list_of_entries_that_fills_the_memory_is_not_read() -> None:
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 60_000, 60_000, 3_000_000_000, 0, 0)
    assert refused("a.zip", b"PK\x03\x04" + bytes(100) + end) == "archive_bomb"


def test_entries_that_lie_on_each_other_are_refused() -> None:
    content = make_zip({"a": "x" * 5000}, compressed=False)
    at = content.rfind(b"PK\x01\x02")
    entry, end = content[at : content.rfind(b"PK\x05\x06")], content[content.rfind(b"PK\x05\x06") :]
    twice = content[:at] + entry * 3 + end[:8] + struct.pack("<HHI", 3, 3, len(entry) * 3) + end[16:]
    assert refused("a.zip", twice) in ("archive_bomb", "broken_archive")


@pytest.mark.parametrize(
    "name", ["../a.txt", "a/../../b", "/etc/passwd", "C:\\a.txt", "..\\a.txt", "a\u202etxt.b"]
)
def test_names_in_archives_that_lead_out_are_refused(name: str) -> None:
    assert refused("a.zip", make_zip({name: "x"})) == "archive_path"


def test_links_in_archives_are_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refused("a.zip", content.getvalue()) == "archive_path"


def test_programs_in_archives_are_refused() -> None:
    for name in ("setup.exe", "folder/run.BAT", "x.docm", "evil.exe. "):
        assert refused("a.zip", make_zip({name: "x"})) == "program"


def test_damaged_and_empty_files_are_refused() -> None:
    assert refused("a.txt", b"") == "empty"
    assert refused("a.zip", make_zip({"a": "x"})[:-10]) == "broken_archive"
    assert refused("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)) == "broken"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\договор.pdf", "договор.pdf"),
        ("a\u202egpj.pdf", "agpj.pdf"),
        ("па\u200bс\ufeffпорт.pdf", "паспорт.pdf"),
        ("a\0b\x1f\x7f.pdf", "ab.pdf"),
        ("line\nbreak\t.pdf", "line break.pdf"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("   ", "file"),
        ("/", "file"),
        ("con.pdf", "_con.pdf"),
        ("LPT1", "_LPT1"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
        ("evil.exe. . ", "evil.exe"),
        ("и\u0306.pdf", "й.pdf"),
        ("a\ud800b.pdf", "ab.pdf"),
        ("Отчёт №5 (копия).xlsx", "Отчёт №5 (копия).xlsx"),
    ],
)
def test_names_become_harmless(raw: str, clean: str) -> None:
    assert clean_name(raw) == clean


def test_long_names_keep_their_extension() -> None:
    for stem in ("a" * 5000, "я" * 5000, "👍" * 5000):
        name = clean_name(f"{stem}.pdf")
        assert name.endswith(".pdf")
        assert len(name) <= MAX_CHARACTERS
        assert len(name.encode()) <= MAX_BYTES
