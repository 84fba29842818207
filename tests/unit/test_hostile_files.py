"""Office files, pages and books that are hostile, locked, cut or damaged: read or refused, and the reader lives."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from struct import pack

import pytest

from halo_app.domain.source import Parsed
from halo_app.errors import HaloError, PasswordProtected, TooLarge, UnreadableFile
from halo_app.parsing.registry import read
from halo_app.plugins import Limits
from tests import documents_binary, documents_office, documents_open
from tests.compound_file import write_compound
from tests.documents_office import Made, changed, zipped

MAKERS = (*documents_office.MAKERS, *documents_open.MAKERS, *documents_binary.MAKERS)
ZIPPED = tuple(maker for maker in MAKERS if maker.__name__ in ("docx", "pptx", "xlsx", "odt", "odp", "ods", "epub"))
COMPOUND = tuple(maker for maker in MAKERS if maker.__name__ in ("doc", "xls", "msg"))
BOMB = '<!DOCTYPE b [<!ENTITY a0 "' + "a" * 50 + '">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)) + "]>"
Maker = Callable[[Path], Made]


def parsed(path: Path, name: str = "") -> Parsed:
    return read(path, name or path.name, Limits()).parsed


def of_text(folder: Path, name: str, text: str | bytes) -> Parsed:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return parsed(path)


def test_an_entity_bomb_in_a_word_file_is_refused(tmp_path):
    made = documents_office.docx(tmp_path)
    body = "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>&a8;</w:t></w:r></w:p></w:body></w:document>"
    changed(made.path, {"word/document.xml": BOMB + body})
    with pytest.raises(TooLarge, match="bomb"):
        parsed(made.path)


@pytest.mark.parametrize("name", ["bomb.xml", "bomb.rss", "bomb.fodt"])
def test_an_entity_bomb_in_xml_is_refused(tmp_path, name):
    with pytest.raises(TooLarge, match="bomb"):
        of_text(tmp_path, name, BOMB + "<b>&a8;</b>")


def test_entities_never_bring_in_files(tmp_path):
    (tmp_path / "secret.txt").write_text("the secret")
    text = f'<!DOCTYPE a [<!ENTITY s SYSTEM "file://{tmp_path}/secret.txt">]><a><b>open words</b><b>&s;</b></a>'
    assert "secret" not in of_text(tmp_path, "a.xml", text).text


def test_a_word_file_that_unpacks_to_far_too_much_is_refused(tmp_path):
    made = documents_office.docx(tmp_path)
    changed(made.path, {"word/document.xml": "<a>" + " " * 120_000_000 + "</a>"})
    with pytest.raises(TooLarge):
        parsed(made.path)


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "pptx"])
def test_an_office_file_with_a_password_is_refused(tmp_path, suffix):
    path = write_compound(tmp_path / f"locked.{suffix}", {"EncryptionInfo": b"x" * 200, "EncryptedPackage": b"y" * 6000})
    with pytest.raises(PasswordProtected, match="password"):
        parsed(path)


@pytest.mark.parametrize("make", [documents_open.odt, documents_open.ods, documents_open.odp])
def test_an_open_document_with_a_password_is_refused(tmp_path, make):
    path = make(tmp_path).path
    changed(path, {"META-INF/manifest.xml": "<m:manifest xmlns:m='m'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"})
    with pytest.raises(PasswordProtected, match="password"):
        parsed(path)


def test_an_old_workbook_with_a_password_is_refused(tmp_path):
    stream = pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 6) + pack("<HHH", 0x002F, 2, 1)
    path = write_compound(tmp_path / "locked.xls", {"Workbook": stream.ljust(4096, b"\x00")})
    with pytest.raises(PasswordProtected):
        parsed(path)


def test_an_old_word_file_with_a_password_is_refused(tmp_path):
    stream = pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0x0100).ljust(4096, b"\x00")
    with pytest.raises(PasswordProtected):
        parsed(write_compound(tmp_path / "locked.doc", {"WordDocument": stream, "1Table": bytes(4096)}))


def test_a_book_with_copy_protection_is_refused_and_scrambled_fonts_do_no_harm(tmp_path):
    made = documents_open.epub(tmp_path)
    entry = ("<encryption xmlns='urn:c'><EncryptedData><EncryptionMethod Algorithm='{}'/><CipherData>"
             "<CipherReference URI='{}'/></CipherData></EncryptedData></encryption>")
    page, fonts = "OEBPS/text/one.xhtml", "http://www.idpf.org/2008/embedding#obfuscation"
    changed(made.path, {"META-INF/encryption.xml": entry.format(fonts, page)})
    assert "We saw land." in parsed(made.path).text
    changed(made.path, {"META-INF/encryption.xml": entry.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc", page)})
    with pytest.raises(PasswordProtected, match="copy-protected"):
        parsed(made.path)


@pytest.mark.parametrize("make", (*ZIPPED, *COMPOUND), ids=lambda make: make.__name__)
def test_a_cut_file_is_refused(tmp_path, make: Maker):
    path = make(tmp_path).path
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    with pytest.raises(UnreadableFile):
        parsed(path)


@pytest.mark.parametrize("make", ZIPPED, ids=lambda make: make.__name__)
def test_a_zip_without_the_document_is_refused(tmp_path, make: Maker):
    path = make(tmp_path).path
    zipped(path, {"readme.txt": "nothing here"})
    with pytest.raises(UnreadableFile):
        parsed(path)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_damaged_files_are_read_or_refused_but_never_break_the_reader(tmp_path, make: Maker):
    path = make(tmp_path).path
    whole = path.read_bytes()
    dice = random.Random(make.__name__)
    for _ in range(25):
        path.write_bytes(_damaged_inside(whole, dice) if whole[:2] == b"PK" else _damaged(whole, dice))
        try:
            document = parsed(path)
        except HaloError as error:
            assert error.message and error.fix
        else:
            assert all(region.end <= len(document.text) for region in document.regions)


def _damaged(data: bytes, dice: random.Random) -> bytes:
    changed_data = bytearray(data)
    for _ in range(dice.choice((1, 3, 20))):
        changed_data[dice.randrange(len(data))] = dice.choice((0, 255, 60, dice.randrange(256)))
    if dice.random() < 0.3:
        start = dice.randrange(len(data))
        del changed_data[start:start + dice.randrange(1, 400)]
    return bytes(changed_data)


def _damaged_inside(data: bytes, dice: random.Random) -> bytes:
    from io import BytesIO

    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as damaged:
        hit = dice.choice(archive.namelist())
        for name in archive.namelist():
            member = archive.read(name)
            damaged.writestr(name, _damaged(member, dice) if name == hit and member else member)
    return out.getvalue()
