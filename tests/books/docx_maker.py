"""Small Word documents built in memory."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .epub_maker import zipped

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STYLES = {"Title": "Title", "H1": "heading 1", "H2": "heading 2", "Toc1": "toc 1"}


def docx(paragraphs: Sequence[tuple[str, str]], *, core: str = "", document: str = "", notes: str = "") -> bytes:
    """Paragraphs as (style id or "", text); `core` is the inside of the document's properties.

    A text `[note]` at the end of a paragraph becomes a reference to footnote 2, whose text is `notes`.
    """
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in _STYLES.items()
    )
    body = "".join(_paragraph(style, text) for style, text in paragraphs)
    note = f'<w:footnote w:id="2">{_paragraph("", notes)}</w:footnote>'
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _relations([("officeDocument", "word/document.xml")]),
            "word/_rels/document.xml.rels": _relations([("styles", "styles.xml"), ("footnotes", "footnotes.xml")]),
            "word/document.xml": document or f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
            "word/footnotes.xml": f"<w:footnotes {_W}>{note}</w:footnotes>",
            "docProps/core.xml": '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"{core}</cp:coreProperties>",
        },
        mimetype="",
    )


def _paragraph(style: str, text: str) -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    plain, mark, _ = text.partition("[note]")
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>' if mark else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{escape(plain)}</w:t></w:r>{reference}</w:p>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
