"""What two columns say together: a person and an account, a status and its category."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.imports import values
from store.imports.mapping import normalise
from store.imports.statuses import category_of_word

if TYPE_CHECKING:
    from store.imports.source import Source


def accounts(source: Source) -> dict[str, str]:
    """Return names by account id, from pairs of columns such as `Assignee` and `Assignee Id`."""
    named = {column.name: column for column in source.columns}
    found: dict[str, str] = {}
    for name, column in named.items():
        ids = named.get(f"{name} Id") or named.get(f"{name} id")
        if ids is None:
            continue
        for row in source.rows:
            for person, account in zip(row.values(column), row.values(ids), strict=False):
                found.setdefault(values.plain(account), values.plain(person))
    return found


def categories(source: Source) -> dict[str, str]:
    """Return the category of each status where the file says it, as Jira's `Status Category` does."""
    named = {normalise(column.name): column for column in source.columns}
    status, category = named.get("status"), named.get("statuscategory")
    found: dict[str, str] = {}
    if status and category:
        for row in source.rows:
            for name, word in zip(row.values(status), row.values(category), strict=False):
                known = category_of_word(values.plain(word))
                if known:
                    found.setdefault(" ".join(values.plain(name).split()), known)
    return found
