"""A quarter between departments in figures, each with the ids of what it was counted from. Pure: rows in, report out.

A conflict of several parties counts for each pair of them, and once in the totals. Moments are ms since the epoch, days
ISO dates, and spans of time days with fractions.
"""

from __future__ import annotations

from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

from store.analysis.courses import DAY, Course, course
from store.analysis.quarter_shapes import (
    ConflictRow,
    Delay,
    Figure,
    PairCause,
    PromiseRow,
    Recurrence,
    Report,
    Rows,
    Satisfaction,
    SayDo,
    Span,
    Written,
)
from store.analysis.saydo import came_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TOP = 3  # recurrences that are named
P85 = 0.85


def quarter_report(rows: Rows, span: Span) -> Report:
    """Return the report of a quarter."""
    written: dict[tuple[str, str], list[Written]] = {}
    for write in rows.written:
        written.setdefault((write.ent, write.field), []).append(write)
    conflicts = [row for row in rows.conflicts if row.opened < span.upto]
    courses = {row.id: _course(row, written.get((row.id, "state"), ())) for row in conflicts}
    waits = sorted(
        (decision.at - decision.since) / DAY
        for one in courses.values()
        for decision in one.decisions
        if span.has(decision.at)
    )
    delays = _delays(conflicts, courses, written, span)
    checks = _checks(rows.written, span)
    came = [row for row in rows.feedback if span.has_day(row.came) and row.state != "duplicate"]
    answered = [row for row in came if row.answered and row.answered <= span.last]
    answers = [row for row in rows.feedback if row.answered and span.has_day(row.answered)]
    actions = [
        row
        for row in rows.actions
        if row.made < span.upto and (not row.verified or row.verified >= span.first)
    ]
    verified = [row for row in actions if row.verified and row.verified <= span.last]
    say_do = _say_do(rows, span)
    return Report(
        span,
        opened=_count(row.id for row in conflicts if span.has(row.opened)),
        closed=_count(ent for ent, one in courses.items() if any(map(span.has, one.closed))),
        reopened=_count(ent for ent, one in courses.items() if any(map(span.has, one.reopened))),
        open_still=_count(ent for ent, one in courses.items() if one.open_at(span.upto - 1)),
        pairs=_pairs(rows, conflicts, courses, span),
        decided=_count(
            ent for ent, one in courses.items() if any(span.has(decision.at) for decision in one.decisions)
        ),
        decision_median=median(waits) if waits else None,
        decision_p85=percentile(waits, P85),
        overdue=_count(row.id for row in conflicts if _is_overdue(row, courses[row.id], written, span)),
        satisfaction=_satisfaction(rows, conflicts, checks),
        delayed=Figure(float(sum(delay.days for delay in delays)), tuple(delay.item for delay in delays)),
        delays=delays,
        promises=_ratio("", "", [row for row in rows.promises if _has_ended(row, span)]),
        say_do=say_do,
        feedback=_count(row.id for row in came),
        answered=_count(row.id for row in answered),
        answered_percent=100 * len(answered) / len(came) if came else None,
        answer_days=Figure(
            median([max(days_between(row.came, row.answered), 0) for row in answers]) if answers else None,
            tuple(row.id for row in answers),
        ),
        actions=_count(row.id for row in actions),
        verified=_count(row.id for row in verified),
        recurrences=_recurrences(rows, conflicts, span),
    )


def pairs_of(parties: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of a conflict's parties in their order; one that names fewer than two is a pair all the same."""
    if len(parties) < 2:
        return [(parties[0] if parties else "", "")]
    return list(combinations(parties, 2))


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the value that so many of the values do not pass, by nearest rank: ceil(share · n)-th of them.

    R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50(4), 1996: their
    definition 1.
    """
    if not ordered:
        return None
    rank = -int(-share * len(ordered) // 1)
    return ordered[max(rank, 1) - 1]


def _count(ids: Iterable[str]) -> Figure:
    found = tuple(ids)
    return Figure(len(found), found)


def _course(row: ConflictRow, states: Iterable[Written]) -> Course:
    return course(row.opened, row.made, ((write.at, str(write.value or "logged")) for write in states))


def _pairs(
    given: Rows, conflicts: Sequence[ConflictRow], courses: Mapping[str, Course], span: Span
) -> tuple[PairCause, ...]:
    counted: dict[tuple[tuple[str, str], str], tuple[list[str], list[str], list[str]]] = {}
    for row in conflicts:
        one = courses[row.id]
        happened = (span.has(one.opened), any(map(span.has, one.closed)), any(map(span.has, one.reopened)))
        if not any(happened):
            continue
        for pair in pairs_of(row.parties):
            lists = counted.setdefault((pair, row.cause), ([], [], []))
            for found, ids in zip(happened, lists, strict=True):
                if found:
                    ids.append(row.id)
    rows = [
        PairCause(pair, cause, *(Figure(len(ids), tuple(ids)) for ids in lists))
        for (pair, cause), lists in counted.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-len(row.opened.ids), given.place(row.pair), row.cause)))


def _upto(written: Iterable[Written], moment: int) -> Written | None:
    """Return what stood in a field at a moment, None for a field that nobody had written."""
    held = None
    for write in written:
        if write.at < moment:
            held = write
    return held


def _is_overdue(
    row: ConflictRow, one: Course, written: Mapping[tuple[str, str], list[Written]], span: Span
) -> bool:
    """Tell whether the day of the check has passed, and a side has not said since that day was set how it is."""
    day = _upto(written.get((row.id, "follow_up"), ()), span.upto)
    if day is None or not isinstance(day.value, str) or day.value >= span.today:
        return False
    if not one.open_at(span.upto - 1):
        return False
    said = [_upto(written.get((row.id, f"check/{party}"), ()), span.upto) for party in row.parties]
    return not said or any(check is None or check.value is None or check.at < day.at for check in said)


def _checks(written: Iterable[Written], span: Span) -> dict[tuple[str, str], float]:
    """Return what was said at checks in the quarter, by conflict and side: the last word counts."""
    said: dict[tuple[str, str], float] = {}
    for write in written:
        name, _slash, party = write.field.partition("/")
        if name != "check" or not span.has(write.at):
            continue
        score = _score(write.value)
        if score is None:
            said.pop((write.ent, party), None)
        else:
            said[write.ent, party] = score
    return said


def _score(value: object) -> float | None:
    """Return a check's score: a number from 1 to 5, in figures or as text; anything else is a remark."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    text = str(value).strip()
    number = float(text) if text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit() else 0.0
    return number if 1 <= number <= 5 else None


def _satisfaction(
    given: Rows, conflicts: Iterable[ConflictRow], said: Mapping[tuple[str, str], float]
) -> tuple[Satisfaction, ...]:
    found: dict[tuple[str, str], tuple[list[tuple[str, float]], list[tuple[str, float]]]] = {}
    for row in conflicts:
        for pair in pairs_of(row.parties):
            for side, party in enumerate(pair):
                score = said.get((row.id, party)) if party else None
                if score is not None:
                    found.setdefault(pair, ([], []))[side].append((row.id, score))
    rows = []
    for pair, sides in sorted(found.items(), key=lambda held: given.place(held[0])):
        first, second = (
            Figure(
                sum(score for _ent, score in side) / len(side) if side else None,
                tuple(ent for ent, _score in side),
            )
            for side in sides
        )
        rows.append(Satisfaction(pair, (first, second)))
    return tuple(rows)


def _delays(
    conflicts: Iterable[ConflictRow],
    courses: Mapping[str, Course],
    written: Mapping[tuple[str, str], list[Written]],
    span: Span,
) -> tuple[Delay, ...]:
    spans: dict[str, list[tuple[int, int]]] = {}
    about: dict[str, list[str]] = {}
    for row in conflicts:
        for start, end in courses[row.id].spans if row.items else ():
            start, end = max(start, span.start), min(end, span.upto)
            if start < end:
                for item in row.items:
                    spans.setdefault(item, []).append((start, end))
                    if row.id not in about.setdefault(item, []):
                        about[item].append(row.id)
    found = []
    for item, times in spans.items():
        days = sum(_moved(item, written, start, end) for start, end in joined(times))
        if days > 0:
            found.append(Delay(item, days, tuple(about[item])))
    return tuple(sorted(found, key=lambda delay: (-delay.days, delay.item)))


def joined(times: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of time with those that overlap made one, in order: an item is late once, however many disagree."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(times):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _moved(item: str, written: Mapping[tuple[str, str], list[Written]], start: int, end: int) -> int:
    """Return by how many days an item was put off in a span: its due day, or its start where it has none."""
    for field in ("due", "start"):
        writes = written.get((item, field), ())
        last = _upto(writes, end)
        if last is None or not isinstance(last.value, str):
            continue
        first = _upto(writes, start)
        if first is None or not isinstance(first.value, str):
            first = next(
                (write for write in writes if write.at >= start and isinstance(write.value, str)), last
            )
        return days_between(str(first.value), last.value)
    return 0


def days_between(first: str, last: str) -> int:
    """Return the days from one to the other, 0 where one of them is no day."""
    from datetime import date

    try:
        return (date.fromisoformat(last) - date.fromisoformat(first)).days
    except ValueError:  # a peer wrote something else
        return 0


def _has_ended(row: PromiseRow, span: Span) -> bool:
    """Tell whether a promise's end came in the quarter: the day it ended, else a due day that has passed."""
    if row.ended:
        return span.has_day(row.ended)
    return span.has_day(row.due) and (row.state in ("kept", "broken") or row.due < span.today)


def _say_do(rows: Rows, span: Span) -> tuple[SayDo, ...]:
    pairs: dict[tuple[str, str], list[PromiseRow]] = {}
    for row in rows.promises:
        if _has_ended(row, span):
            pairs.setdefault((row.giver, row.receiver), []).append(row)
    ordered = sorted(pairs.items(), key=lambda held: rows.place(held[0]))
    return tuple(_ratio(*pair, found) for pair, found in ordered)


def _ratio(giver: str, receiver: str, promises: Sequence[PromiseRow]) -> SayDo:
    """Return kept ÷ made as `store.analysis.saydo` reckons it: one whose day was talked about again was not kept so."""
    apart = [row for row in promises if row.first_due or row.state == "renegotiated"]
    kept = [row for row in promises if came_to(row.state, row.first_due) == "kept"]
    return SayDo(
        giver,
        receiver,
        _count(row.id for row in promises),
        _count(row.id for row in kept),
        _count(row.id for row in apart),
        100 * len(kept) / len(promises) if promises else None,
    )


def _recurrences(given: Rows, conflicts: Sequence[ConflictRow], span: Span) -> tuple[Recurrence, ...]:
    derived: dict[str, list[str]] = {}
    for case, conflict in given.cases:
        derived.setdefault(conflict, []).append(case)
    found: dict[tuple[tuple[str, str], str], list[ConflictRow]] = {}
    for row in conflicts:
        if row.cause and len(row.parties) > 1 and row.opened >= span.year_ago:
            for pair in pairs_of(row.parties):
                found.setdefault((pair, row.cause), []).append(row)
    again = []
    for (pair, cause), rows in found.items():
        lately = sum(span.has(row.opened) for row in rows)
        if lately and len(rows) > 1:
            made = [
                case
                for row in rows
                for case in (*derived.get(row.id, ()), *((row.case,) if row.case else ()))
            ]
            rows.sort(key=lambda row: (row.opened, row.id))
            again.append(
                (
                    (-lately, -len(rows), given.place(pair), cause),
                    Recurrence(pair, cause, tuple(row.id for row in rows), tuple(dict.fromkeys(made))),
                )
            )
    return tuple(one for _key, one in sorted(again)[:TOP])
