"""Names for the ids that cards carry, in the language that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Department(NamedTuple):
    """How a department appears: its name in the current language and the name of its colour."""

    title: str
    colour: str = ""


class Names:
    """Turns ids of departments and members into what a person reads; an id that nobody knows stays as it is.

    Immutable: when a name or the language changes, give the board a new one, so that it draws its cards anew.
    """

    __slots__ = ("_departments", "_members")

    def __init__(
        self,
        departments: Mapping[str, Department] | None = None,
        members: Mapping[str, str] | None = None,
    ) -> None:
        self._departments = dict(departments or {})
        self._members = dict(members or {})

    def department(self, department_id: str) -> str:
        """Return a department's name."""
        known = self._departments.get(department_id)
        return known.title if known else department_id

    def colour(self, department_id: str) -> str:
        """Return the name of a department's colour, or "" when it has none of its own."""
        known = self._departments.get(department_id)
        return known.colour if known else ""

    def member(self, member_id: str) -> str:
        """Return a member's name."""
        return self._members.get(member_id, member_id)
