from __future__ import annotations

import pytest

from ttsqueue.engines.languages import canonical_tag


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("en_us", "en-US"), ("ZH-hant-hk", "zh-Hant-HK"), ("es-419", "es-419"), ("no", "nb"), ("iw", "he"),
        ("en-gb-x-rp", "en-GB-x-rp"), (" de ", "de"), ("", ""), ("und", ""), ("mul", ""),
    ],
)  # fmt: skip
def test_tags_are_written_as_the_standard_has_it(written: str, canonical: str) -> None:
    assert canonical_tag(written) == canonical
