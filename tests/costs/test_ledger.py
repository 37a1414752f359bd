"""What counts is never forgotten, however much is written down."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ttsqueue.costs import ledger
from ttsqueue.costs.ledger import DAY, Charge, Charges, bound, charges_of, charges_text, less, more, spent

HOUR = 3600.0
FEW = 6
"""Charges that a note holds in these tests."""


def stored(charges: Charges, now: float) -> Charges:
    return charges_of(charges_text(charges, now))


def test_many_small_charges_push_no_large_one_out() -> None:
    book = Charge("book", 9.9, at=0.0)
    small = tuple(Charge(f"{second}", 0.00001, at=second) for second in range(1, 2_501))
    charges = stored((book, *small[:2_000]), now=2_000)
    charges = stored((*charges, *small[2_000:]), now=2_500)
    assert spent(charges, now=2_500) == pytest.approx(9.925)
    assert len(charges) <= 2_030


@settings(deadline=None)
@given(
    steps=st.lists(st.tuples(st.floats(0, 6 * HOUR), st.integers(1, 100), st.integers(0, 5)), min_size=FEW, max_size=60)
)
def test_no_charge_of_the_last_day_is_ever_missing_and_none_counts_for_more_than_a_day_and_an_hour(
    steps: list[tuple[float, int, int]],
) -> None:
    """Each step: the time until then, what is spent, and whether (0) the last charge is given back instead."""
    moments = accumulate(step[0] for step in steps)
    made: list[Charge] = []
    charges: Charges = ()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "_MOST", FEW)
        for now, (_, cost, kind) in zip(moments, steps, strict=True):
            if kind == 0 and made and made[-1] in charges:
                charges = less(charges, made.pop())
            else:
                made.append(Charge("key", cost, now))
                charges = more(charges, made[-1])
            charges = stored(charges, now)
            least = sum(charge.cost for charge in made if charge.at > now - DAY)
            most = sum(charge.cost for charge in made if charge.at > now - DAY - HOUR)
            assert least <= spent(charges, now) <= most
            assert len(charges) <= FEW + 26


def test_of_too_many_those_that_do_not_count_any_more_are_forgotten_first() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "_MOST", FEW)
        old = tuple(Charge(f"old {number}", 1, at=number, job_id="job") for number in range(FEW))
        young = tuple(replace(charge, key=f"young {number}", at=2 * DAY) for number, charge in enumerate(old))
        charges = stored((*old, *young), now=2 * DAY)
        assert all(bound(charges, charge.key, "job") == charges for charge in young)
        assert len(charges) == FEW


def test_what_is_read_is_what_was_written() -> None:
    charges = (Charge("a", 1.5, 10.0, "job"), Charge("b", 2.0, 11.0))
    assert stored(charges, now=12.0) == charges
