"""POST /api/tts/books: a book file in, its chapters out."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from ttsqueue.api.schemas.book import BookOut
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.site import TheSite, the_caller
from ttsqueue.api.turns import TheTurns, Turns
from ttsqueue.api.upload import FIELD, uploaded_file
from ttsqueue.books import Book, BookChapter, read_book
from ttsqueue.covers import readable_cover
from ttsqueue.engines.estimate import estimate_seconds
from ttsqueue.errors import AudioError

router = APIRouter(prefix="/api/tts/books", tags=["books"])

_FILE: dict[str, Any] = {
    "type": "object",
    "required": [FIELD],
    "properties": {
        FIELD: {"type": "string", "format": "binary", "description": "EPUB, PDF, DOCX, Markdown, HTML or TXT."}
    },
}
_BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": _FILE}}}}


@router.post(
    "",
    response_model=BookOut,
    responses=refusals(400, 413, 415, 422),
    openapi_extra=_BODY,
    dependencies=[Depends(the_caller)],
)
async def read_uploaded_book(request: Request, site: TheSite, turns: TheTurns) -> Response:
    """Read a book file into chapters. Nothing is stored; choose chapters and post them to the queue."""
    async with uploaded_file(request, site.app.settings.data / "uploads") as path, turns.books:
        book = await read_book(path)
    cover = await _cover(book.cover, turns)
    # Up to 64 MB of text: other requests must not wait while that becomes JSON.
    return Response(await asyncio.to_thread(_json, book, cover), media_type="application/json")


async def _cover(original: bytes | None, turns: Turns) -> bytes | None:
    """A picture that cannot be used keeps no book from being read."""
    if original is None:
        return None
    try:
        async with turns.covers:
            return (await readable_cover(original)).picture
    except AudioError:
        return None


def _json(book: Book, cover: bytes | None) -> bytes:
    view = {
        "title": book.title,
        "author": book.author,
        "language": book.language,
        "cover": cover and f"data:image/jpeg;base64,{base64.b64encode(cover).decode()}",
        "chapters": [_chapter(number, chapter, book.language) for number, chapter in enumerate(book.chapters, 1)],
    }
    return json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()


def _chapter(number: int, chapter: BookChapter, language: str) -> dict[str, Any]:
    return {
        "id": f"ch{number}",
        "title": chapter.title,
        "text": chapter.text,
        "characters": len(chapter.text),
        "estimatedSeconds": round(estimate_seconds(len(chapter.text), 1.0, language), 1),
        "leftOut": chapter.left_out,
    }
