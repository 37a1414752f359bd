"""Bytes of a text file of unknown encoding."""

from __future__ import annotations

import codecs

from ttsqueue.errors import BookError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 200_000
# Detectors confuse the many encodings of Latin letters in short texts; these scripts they do recognise.
_OTHER_SCRIPTS = """
cp1251 koi8_r koi8_u cp866 mac_cyrillic iso8859_5 cp1253 iso8859_7 cp1255 iso8859_8 cp1256 iso8859_6 cp874 tis_620
gb2312 gbk gb18030 big5 big5hkscs euc_kr cp949 johab
"""
_CENTRAL_EUROPEAN = frozenset({"cp1250", "iso8859_2"})
_CENTRAL_LANGUAGES = frozenset({"Polish", "Czech", "Slovak", "Hungarian", "Slovene", "Croatian", "Romanian"})
_ENOUGH_EVIDENCE = 40
_KANA = range(0x3041, 0x3100)
_NOT_TEXT = "This file holds no text that can be read; it is damaged or not a book."


def decode_text(data: bytes) -> str:
    """The text: byte order mark, UTF-8, UTF-16 without a mark, then detection; Windows-1252 when in doubt.

    Raises BookError for bytes that are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").lstrip("\ufeff")
    sample = data[:_SAMPLE]
    if _is_binary(sample):
        wide = _utf16(sample)
        if wide is None:
            raise BookError(_NOT_TEXT)
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _is_binary(sample: bytes) -> bool:
    control = sum(sample.count(code) for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b")
    return control * 200 > len(sample) or (b"\x00" in sample and _utf16(sample) is not None)


def _utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark: nearly every other byte of Western text is zero."""
    half = max(1, len(sample) // 2)
    if sample[1::2].count(0) * 10 > half * 4 and sample[::2].count(0) * 50 < half:
        return "utf-16-le"
    if sample[::2].count(0) * 10 > half * 4 and sample[1::2].count(0) * 50 < half:
        return "utf-16-be"
    return None


def _decode_legacy(data: bytes) -> str:
    # One broken byte in a long UTF-8 text must not turn every accent into two signs.
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * 20 < sum(character > "\x7f" for character in text):
        return text.replace("\ufffd", "")
    try:
        return data.decode(_legacy_encoding(data[:_SAMPLE]))
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace").replace("\ufffd", "")


def _legacy_encoding(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    japanese = next((encoding for encoding in ("cp932", "euc_jp") if _holds_kana(sample, encoding)), "")
    if japanese:
        return japanese
    guess = from_bytes(sample).best()
    accented = sum(code > 0x7F for code in sample)
    if guess is None:
        return "cp1252"
    if guess.encoding in _OTHER_SCRIPTS.split() and accented * 4 > len(sample.replace(b" ", b"")):
        return str(guess.encoding)
    central = guess.encoding in _CENTRAL_EUROPEAN and guess.language in _CENTRAL_LANGUAGES
    return str(guess.encoding) if central and accented >= _ENOUGH_EVIDENCE else "cp1252"


def _holds_kana(sample: bytes, encoding: str) -> bool:
    """Whether a fifth of the text reads as Japanese syllables, which chance does not bring about."""
    text = sample.decode(encoding, "ignore")
    return sum(ord(character) in _KANA for character in text) * 5 > len(text)
