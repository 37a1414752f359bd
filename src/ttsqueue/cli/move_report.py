"""What became of a move, told when it ends."""

from __future__ import annotations

from typing import Any

from ttsqueue.cli.failure import complain
from ttsqueue.cli.moving import Outcome
from ttsqueue.cli.output import print_json, say
from ttsqueue.cli.wording import are, counted
from ttsqueue.departed import UnderWay
from ttsqueue.side import Side


def report(outcome: Outcome, source: Side, target: Side, as_json: bool, *, is_cut_short: bool) -> None:
    if as_json:
        print_json({"from": source.name, "to": target.name, **_json(outcome)})
    else:
        say(f"{counted(outcome.moved, 'book')} moved from {source.name} to {target.name}.")
    for sentence in sentences(outcome, source.name, target.name, is_cut_short=is_cut_short):
        complain(sentence)


def sentences(outcome: Outcome, source: str, target: str, *, is_cut_short: bool) -> list[str]:
    """What somebody has to know, and to do, about the books that did not move."""
    told = [f"{each.job.title or 'A book'} (job {each.job.id}) stays: {each.reason}." for each in outcome.stayed]
    if outcome.waiting:
        told.append(f"{counted(outcome.waiting, 'book')} still {_wait(outcome.waiting)} in {source}.")
    told += [_on_the_way(each, outcome.destination, source, target) for each in outcome.on_the_way]
    if is_cut_short and not outcome.on_the_way:
        told.append("Nothing is half-way. The same command goes on from here.")
    if outcome.speaking:
        told.append(
            f"{counted(outcome.speaking, 'book')} {are(outcome.speaking)} still being spoken there. Let the workers "
            "there finish, or stop them, which hands the books back; then run the same command again. With --wait it "
            "does so by itself."
        )
    if outcome.missing_sound:
        told.append(
            "Chapters that are finished were not found where these settings keep sound; they would be spoken again. "
            "Set TTSQUEUE_DATA or TTSQUEUE_STORAGE as the old workers had it, or copy the sound: docs/storage.md."
        )
    return told


def _on_the_way(under_way: UnderWay, destination: str, source: str, target: str) -> str:
    books = f"{counted(under_way.jobs, 'book')} {are(under_way.jobs)}"
    back = f"ttsqueue move --give-back --from {source}"
    if under_way.to == destination or (not destination and under_way.address == target):
        return (
            f"{books} on the way, in neither queue: run the same command again. "
            f"Should the destination be gone for good, this puts them back: {back}"
        )
    if under_way.address == target:
        return (
            f"{books} on the way, in neither queue, to a store that was at {target} before and is not there now. "
            f"Should it be gone for good, this puts them back: {back}"
        )
    there = under_way.address or "another store"
    return (
        f"{books} on the way to {there} since an earlier move, in neither queue. With --to {there} the same command "
        f"goes on with that. Should that store be gone for good, this puts them back: {back}"
    )


def _json(outcome: Outcome) -> dict[str, Any]:
    return {
        "moved": outcome.moved,
        "stayed": [
            {"jobId": stayed.job.id, "title": stayed.job.title, "reason": stayed.reason} for stayed in outcome.stayed
        ],
        "pending": outcome.waiting,
        "processing": outcome.speaking,
        "onTheWay": sum(each.jobs for each in outcome.on_the_way),
    }


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"
