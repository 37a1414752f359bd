"""What a job is spoken from, as it is stored and as it is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.book import BookInfo, Chapter, Payload, VoiceSettings
from ttsqueue.contract import payload_from_json, payload_to_json
from ttsqueue.errors import InvalidJob

names = st.text(max_size=20)
payloads = st.builds(
    Payload,
    st.lists(st.builds(Chapter, names, names, names), max_size=4).map(tuple),
    st.builds(VoiceSettings, st.text(min_size=1, max_size=20), st.floats(0.5, 2.5)),
    st.builds(BookInfo, names, names, names, st.text(min_size=1, max_size=4), st.none() | st.text(min_size=1)),
)


@given(payloads)
def test_a_payload_survives_being_stored(payload: Payload) -> None:
    assert payload_from_json(json.loads(json.dumps(payload_to_json(payload)))) == payload


def test_a_payload_in_the_words_of_the_guide_alone_is_read() -> None:
    data = {"chapters": [{"id": "ch1", "text": "Once.", "title": "One"}], "voiceSettings": {"voiceId": "default"}}
    assert payload_from_json(data) == Payload((Chapter("ch1", "Once.", "One"),))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"id": "a", "text": "x"}, "a"),
        ({"chapterId": "b", "text": "x"}, "b"),
        ({"id": "a", "chapterId": "b", "text": "x"}, "b"),
        ({"text": "x"}, ""),
    ],
)
def test_id_and_chapter_id_both_name_a_chapter(entry: dict[str, str], expected: str) -> None:
    (chapter,) = payload_from_json({"chapters": [entry]}).chapters
    assert chapter.chapter_id == expected


def test_what_is_left_out_has_its_default() -> None:
    left_out: dict[str, Any] = {"chapters": [], "voiceSettings": None, "title": None, "format": None}
    assert payload_from_json(left_out) == payload_from_json({"chapters": []}) == Payload(())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "needs a list of chapters"),
        ([], "needs a list of chapters"),
        ({}, "needs a list of chapters"),
        ({"chapters": {}}, "needs a list of chapters"),
        ({"chapters": ["text"]}, "Chapter 1 must be an object"),
        ({"chapters": [{"text": "x"}, {"text": 7}]}, "Chapter 2 has no text"),
        ({"chapters": [{"id": "a"}]}, "Chapter 1 has no text"),
        ({"chapters": [{"id": 1, "text": "x"}]}, "id must be text"),
        ({"chapters": [{"text": "x", "title": []}]}, "title must be text"),
        ({"chapters": [], "voiceSettings": "fast"}, "voiceSettings must be an object"),
        ({"chapters": [], "voiceSettings": {"speed": "1"}}, "speed must be a number"),
        ({"chapters": [], "voiceSettings": {"speed": True}}, "speed must be a number"),
        ({"chapters": [], "voiceSettings": {"speed": None}}, "speed must be a number"),
        ({"chapters": [], "voiceSettings": {"voiceId": 3}}, "voiceId must be text"),
        ({"chapters": [], "author": {}}, "author must be text"),
        ({"chapters": [], "format": 1}, "format must be text"),
    ],
)
def test_a_malformed_payload_is_refused_with_its_reason(data: object, sentence: str) -> None:
    with pytest.raises(InvalidJob, match=sentence):
        payload_from_json(data)


words = st.sampled_from(["chapters", "id", "chapterId", "text", "title", "voiceSettings", "voiceId", "speed", "format"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4), max_leaves=12
)


@given(
    json_values
    | st.fixed_dictionaries(
        {"chapters": st.lists(json_values, max_size=2)}, optional={"voiceSettings": json_values, "title": json_values}
    )
)
def test_any_json_is_either_read_or_refused_with_a_sentence(data: object) -> None:
    try:
        payload_from_json(data)
    except InvalidJob as refusal:
        sentence = str(refusal)
        assert sentence.endswith(".")
