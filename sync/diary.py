"""What of a sync is worth a line in the diary: what came and went, and every trouble's beginning and end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store.journal import HELD, PAUSED, RECEIVED, REFUSED, RESUMED, SENT, Note

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from store.places import Quarantined
    from sync.report import PlaceReport


def notes(
    now: int,
    reports: Iterable[PlaceReport],
    troubles: Mapping[str, Mapping[str, Any]],
    refused_before: Collection[tuple[int, str]],
    refused: Iterable[Quarantined],
) -> Iterator[Note]:
    """Yield the diary's lines on a sync; `troubles` are those the sync before left written, by place number."""
    urls = {}
    for report in reports:
        url = urls[report.place.n] = report.place.url
        before = troubles.get(str(report.place.n), {})
        old, new = before.get("paused", ""), report.paused
        if new and new != old:
            yield Note(now, url, PAUSED, detail=new)
        elif old and not new:
            yield Note(now, url, RESUMED, detail=old)
        if report.held and report.held != before.get("held", ""):
            yield Note(now, url, HELD, detail=report.held)
        if report.pushed:
            yield Note(now, url, SENT, report.pushed)
        if report.pulled:
            yield Note(now, url, RECEIVED, report.pulled)
    for file in refused:
        if (file.place, file.name) not in refused_before:
            yield Note(now, urls.get(file.place, ""), REFUSED, 1, f"{file.reason} {file.name}")
