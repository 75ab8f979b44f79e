"""What comes of a meeting in one line: the capture grammar, read as the item, decision or promise it is to become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.capture import parse

if TYPE_CHECKING:
    from datetime import date

    from store.vocabulary import Vocabulary

# A decision has a decider, a day of its follow-up and labels; what else a conflict would understand is its text.
_OF_A_DECISION = frozenset({"decider", "follow_up", "labels"})


def read_outcome(
    line: str, kind: str, vocabulary: Vocabulary, today: date, *, me: str = ""
) -> dict[str, object]:
    """Return the fields that a line says of an item, a decision or a commitment; nothing of it is lost."""
    if kind != "decision":
        return parse(line, vocabulary, today, kind=kind, me=me).fields
    captured = parse(line, vocabulary, today, kind="conflict", me=me)
    if set(captured.fields) - {"title"} <= _OF_A_DECISION:
        return captured.fields
    return {"title": " ".join(line.split())}
