"""What belongs to a book but not to its reading: title pages, imprints, contents, notes, indexes."""
# ruff: noqa: RUF001 - words in many scripts

from __future__ import annotations

import re

FRONT, BACK, CONTENTS, NO_TEXT = "front matter", "back matter", "contents", "no text"

# epub:type, doc-* roles without their prefix, and the types of an EPUB 2 guide.
_FRONT_TYPES = """
cover cover-page titlepage title-page halftitlepage halftitle halftitle-page imprint imprimatur
copyright-page copyright seriespage frontispiece
"""
_CONTENTS_TYPES = "toc landmarks loi lot loa lov page-list"
_BACK_TYPES = """
colophon endnotes footnotes rearnotes notes index bibliography glossary acknowledgments acknowledgements
contributors other-credits errata credits
"""
_BY_TYPE = {
    **dict.fromkeys(_FRONT_TYPES.split(), FRONT),
    **dict.fromkeys(_CONTENTS_TYPES.split(), CONTENTS),
    **dict.fromkeys(_BACK_TYPES.split(), BACK),
}

_FRONT_TITLES = """
cover|cover page|front cover|title page|half title|half title page|half-title|copyright|copyright page
copyright notice|imprint|series page|frontispiece|colophon|legal notice|publisher's note|masthead
cubierta|portada|página de título|créditos|derechos de autor|página de derechos|página legal
couverture|page de couverture|page de titre|page de garde|faux-titre|titre|droits d'auteur|mentions légales
umschlag|titelseite|titelblatt|schmutztitel|impressum|urheberrecht|copertina|frontespizio|colofon
omslag|titelpagina|titelblad|capa|folha de rosto|página de rosto|ficha técnica|direitos autorais|expediente
okładka|strona tytułowa|strona redakcyjna|титульный лист|обложка|выходные данные|авторские права
kansi|nimiölehti|obálka|tiráž|奥付|表紙|扉|版权|版权页|封面|书名页
"""
_CONTENTS_TITLES = """
contents|table of contents|toc|contents page|list of illustrations|list of figures|list of tables|list of maps
illustrations|inhalt|inhaltsverzeichnis|abbildungsverzeichnis|table des matières|sommaire
table des illustrations|índice|indice|indice dei contenuti|índice de contenidos|contenido|tabla de contenido
tabla de contenidos|sommario|inhoud|inhoudsopgave|sumário|indholdsfortegnelse|indhold|innehåll
innehållsförteckning|innhold|innholdsfortegnelse|sisällys|sisällysluettelo|spis treści|obsah|содержание
оглавление|зміст|tartalom|tartalomjegyzék|cuprins|içindekiler|περιεχόμενα|目次|目录|目錄|차례
"""
_BACK_TITLES = """
about the author|about the authors|about the publisher|about the translator|about the editor|about this book
about this ebook|about the type|acknowledgments|acknowledgements|notes|endnotes|end notes|footnotes|index
bibliography|works cited|references|further reading|select bibliography|glossary|credits|photo credits
picture credits|illustration credits|permissions|newsletter|advertisement|advertisements|uncopyright
back cover|transcriber's note|transcriber's notes|errata|praise|backlist|back ads
über den autor|über die autorin|über das buch|zum buch|zum autor|danksagung|danksagungen|anmerkungen
fußnoten|endnoten|literaturverzeichnis|literatur|quellenverzeichnis|register|sachregister
personenregister|namensregister|glossar|bildnachweis|werbung|à propos de l'auteur|du même auteur|l'auteur
remerciements|notes de bas de page|bibliographie|glossaire|crédits|quatrième de couverture
sobre el autor|sobre la autora|acerca del autor|agradecimientos|notas|notas finales|notas al pie|bibliografía
glosario|contraportada|sull'autore|l'autore|l'autrice|ringraziamenti|note|note a piè di pagina|bibliografia
glossario|crediti|sobre o autor|sobre a autora|agradecimentos|notas de rodapé|referências|over de auteur
dankwoord|noten|voetnoten|eindnoten|literatuurlijst|om forfatteren|om författaren|tack|noter|fotnoter
kirjailijasta|o autorze|podziękowania|przypisy|об авторе|благодарности|примечания|сноски|о авторе
o autorovi|poděkování|poznámky|著者について|著者紹介|关于作者|作者简介|註釋|注释
"""


def _titles(text: str) -> frozenset[str]:
    return frozenset(title for line in text.split("\n") for title in line.split("|") if title)


_BY_TITLE = {
    **dict.fromkeys(_titles(_FRONT_TITLES), FRONT),
    **dict.fromkeys(_titles(_CONTENTS_TITLES), CONTENTS),
    **dict.fromkeys(_titles(_BACK_TITLES), BACK),
}
_BACK_OPENINGS = re.compile(
    r"(also by |other books by |books by |more (books )?(by|from) |about the author|praise for |"
    r"the full project gutenberg|project gutenberg.* licen[cs]e|weitere (bücher|titel) von |du même auteur|"
    r"otros libros de |otras obras de |altri libri di |outros livros de )"
)
_IMPRINT = re.compile(
    r"©|\(c\) ?\d{4}|\bisbn\b|copyright|all rights reserved|alle rechte vorbehalten|tous droits réservés|"
    r"todos los derechos|tutti i diritti|todos os direitos|public domain|published by|first edition|"
    r"library of congress|produced by|transcribed (?:from|by)|proofread|\bverlag\b|dépôt légal|project gutenberg",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\W\d_]+|[\W_]+$")
_LONGEST_IMPRINT = 3_000


def matter_of_types(types: frozenset[str]) -> str:
    """The reason given by a set of epub:type values, "" when they give none."""
    return next((_BY_TYPE[name] for name in sorted(types) if name in _BY_TYPE), "")


def matter_of_title(title: str) -> str:
    """The reason given by a chapter's title, "" when it reads like a chapter of the story."""
    plain = _EDGES.sub("", title.casefold().replace("’", "'"))
    if plain in _BY_TITLE:
        return _BY_TITLE[plain]
    return BACK if _BACK_OPENINGS.match(plain) else ""


def is_imprint(text: str) -> bool:
    """Whether a page without a title reads like the legal page of a book."""
    return len(text) <= _LONGEST_IMPRINT and _IMPRINT.search(text) is not None
