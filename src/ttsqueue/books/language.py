"""Language tags as books write them."""

from __future__ import annotations

import re

_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
# ISO 639-2 codes, which many EPUB makers write, to the two letters of BCP 47.
_THREE_LETTERS = """
eng=en deu=de ger=de fra=fr fre=fr spa=es ita=it por=pt nld=nl dut=nl swe=sv dan=da nor=no nob=nb nno=nn fin=fi
isl=is ice=is pol=pl ces=cs cze=cs slk=sk slo=sk slv=sl hrv=hr srp=sr bul=bg rus=ru ukr=uk ell=el gre=el tur=tr
hun=hu ron=ro rum=ro cat=ca eus=eu baq=eu glg=gl cym=cy wel=cy gle=ga lat=la epo=eo ara=ar heb=he fas=fa per=fa
hin=hi ben=bn tam=ta tel=te urd=ur zho=zh chi=zh jpn=ja kor=ko vie=vi tha=th ind=id msa=ms may=ms est=et lav=lv
lit=lt
"""
_TWO_LETTERS = dict(pair.split("=") for pair in _THREE_LETTERS.split())
# The names that plain-text books give in their header.
_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "português": "pt",
    "dutch": "nl", "nederlands": "nl", "swedish": "sv", "danish": "da", "norwegian": "no", "finnish": "fi",
    "polish": "pl", "czech": "cs", "russian": "ru", "greek": "el", "hungarian": "hu", "latin": "la",
    "chinese": "zh", "japanese": "ja", "esperanto": "eo", "catalan": "ca",
}  # fmt: skip


def language_tag(written: str) -> str:
    """The BCP 47 tag for what a book says its language is, "" when that cannot be told."""
    tag = written.strip().replace("_", "-").split(".")[0]
    if tag.casefold() in _NAMES:
        return _NAMES[tag.casefold()]
    if not _TAG.fullmatch(tag):
        return ""
    primary, *rest = tag.split("-")
    primary = _TWO_LETTERS.get(primary.lower(), primary.lower())
    if primary in {"und", "mul", "zxx", "mis"}:
        return ""
    return "-".join([primary, *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()
