"""Sound: encoding chapters and joining them to a book, in processes of their own."""

from ttsqueue.audio.book import join_book
from ttsqueue.audio.cover import clean_cover, prepare_cover
from ttsqueue.audio.encoder import ChapterEncoder, Encoder
from ttsqueue.audio.format import AudioFormat
from ttsqueue.audio.sound import BookPart, BookSound, BookTags, ChapterSound

__all__ = [
    "AudioFormat",
    "BookPart",
    "BookSound",
    "BookTags",
    "ChapterEncoder",
    "ChapterSound",
    "Encoder",
    "clean_cover",
    "join_book",
    "prepare_cover",
]
