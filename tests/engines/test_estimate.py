from __future__ import annotations

import pytest

from tests.engines.speech import seconds
from ttsqueue.engines.espeak import EspeakEngine
from ttsqueue.engines.estimate import estimate_seconds

PROSE = {
    "en-us": (
        "In spring the river rose higher than anyone remembered. The miller carried his flour to the loft, the "
        "children were sent to their aunt on the hill, and the old dog refused to leave the porch. “Let him stay,” "
        "said the miller. “He has seen worse.”\n\nBut the dog had not seen worse. On the third night the water "
        "came over the step."
    ),
    "de": (
        "Im Frühling stieg der Fluss höher, als irgendjemand sich erinnern konnte. Der Müller trug sein Mehl auf "
        "den Boden, die Kinder wurden zur Tante auf den Hügel geschickt, und der alte Hund wollte die Veranda nicht "
        "verlassen. „Lasst ihn“, sagte der Müller. „Er hat Schlimmeres gesehen.“\n\nDoch das hatte er nicht."
    ),
    "fr": (
        "Au printemps, la rivière monta plus haut que jamais. Le meunier porta sa farine au grenier, on envoya les "
        "enfants chez leur tante, sur la colline, et le vieux chien refusa de quitter le perron. « Laissez-le, dit "
        "le meunier. Il a vu pire. »\n\nMais le chien n'avait pas vu pire."
    ),
    "es": (
        "En primavera el río subió más de lo que nadie recordaba. El molinero llevó la harina al desván, los niños "
        "fueron enviados a casa de su tía en la colina, y el viejo perro no quiso dejar el porche. «Dejadlo», dijo "
        "el molinero. «Ha visto cosas peores».\n\nPero no las había visto."
    ),
    "cmn": "春天，河水涨得比任何人记得的都高。磨坊主把面粉搬上阁楼，孩子们被送到山上的姑姑家，老狗却不肯离开门廊。",  # noqa: RUF001
}


@pytest.mark.parametrize("voice", PROSE)
@pytest.mark.parametrize("speed", [0.75, 1.0, 2.0])
async def test_the_estimate_is_near_what_is_heard(engine: EspeakEngine, voice: str, speed: float) -> None:
    text = f"{PROSE[voice]}\n\n" * 3
    heard = await seconds(engine, text, speed, voice)
    assert estimate_seconds(len(text), speed, voice) == pytest.approx(heard, rel=0.15)


def test_an_unknown_language_gets_the_usual_pace() -> None:
    assert 55 < estimate_seconds(1000, 1.0, "") < 65
    assert estimate_seconds(1000, 1.0, "xx") == estimate_seconds(1000, 1.0, "")


def test_nothing_takes_no_time() -> None:
    assert estimate_seconds(0, 1.0, "en") == 0
