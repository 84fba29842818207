"""Find out how a text file is encoded, and decode it."""

from __future__ import annotations

import re

from halo_app.errors import UnreadableFile
from halo_app.parsing.building import clean

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE_BYTES = 200_000
_WESTERN = frozenset(
    "äöüÄÖÜßéèêëÉÈÊËàâáãåæÀÂÁÃÅÆíîïìÍÎÏÌóôõöøòÓÔÕØÒúùûÚÙÛñÑçÇœŒÿ"
    "‘’‚“”„–—…«»‹›•·°§©®™€£¥¢¿¡±×÷½¼¾²³µªº¹¶†‡ˆ˜´¨¸¬¦%‰\u00a0\u00ad")
_SYMBOL_IN_WORD = re.compile(r"[A-Za-z][¿¡±×½¼¾²³¹µªº¶¬¦¢¥][A-Za-z]")
_MOST_ACCENTS = 0.25          # share of accents and other signs in western European text
_KANA = re.compile("[ぁ-んァ-ヶ]")
_LEAST_KANA = 0.2             # share of kana in Japanese beyond ASCII


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text with `\\n` line ends and the encoding it was read in.

    A byte order mark wins, then UTF-8, then western European (cp1252) when every accent fits, Japanese when kana
    abound, then what charset-normalizer finds in a sample. Raises UnreadableFile for NUL bytes outside UTF-16 and
    UTF-32: that is not text.
    """
    encoding = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "")
    if not encoding and b"\x00" in data:
        raise UnreadableFile(f"“{name}” holds binary data, not text", fix="choose a text file, or give it its true suffix")
    encoding = encoding or next(found for found in _candidates(data) if _decoded(data, found) is not None)
    return clean(data.decode(encoding, "replace")), encoding


def _candidates(data: bytes) -> list[str]:
    if _decoded(data, "utf-8") is not None:
        return ["utf-8"]
    sample = data[:_SAMPLE_BYTES]
    if _is_western(sample):
        return ["cp1252", "latin-1"]
    japanese = [encoding for encoding in ("cp932", "euc_jp") if _is_japanese(sample, encoding)]
    return [*japanese, *_guessed(sample), "cp1252", "latin-1"]


def _is_western(sample: bytes) -> bool:
    text = sample.decode("cp1252", "replace")
    beyond = [char for char in text if ord(char) > 127]
    letters = sum(char.isalpha() for char in text)
    hungarian = ("õ" in beyond or "û" in beyond) and ("ö" in beyond or "ü" in beyond)       # ő and ű of cp1250
    return (_WESTERN.issuperset(beyond) and not hungarian and len(beyond) <= max(_MOST_ACCENTS * letters, 3)
            and not _SYMBOL_IN_WORD.search(text))


def _is_japanese(sample: bytes, encoding: str) -> bool:
    text = sample[: len(sample) // 2 * 2 if len(sample) == _SAMPLE_BYTES else None].decode(encoding, "replace")
    beyond = [char for char in text if ord(char) > 127]
    return "\ufffd" not in text[:-1] and len(_KANA.findall(text)) >= _LEAST_KANA * max(len(beyond), 1)


def _guessed(sample: bytes) -> list[str]:
    from charset_normalizer import from_bytes

    return [match.encoding for match in from_bytes(sample)]


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
