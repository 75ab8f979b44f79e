"""What groups are called, in which order they stand and in which colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tui.i18n import _
from tui.signs import colour_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.rows import Department


class Names(Protocol):
    """The names of a workspace, its departments, members and statuses in their order."""

    @property
    def departments(self) -> Mapping[str, Department]:
        """The departments by id."""

    @property
    def members(self) -> Mapping[str, object]:
        """The members by id."""

    @property
    def statuses(self) -> Mapping[str, object]:
        """The statuses by id."""

    def department(self, department_id: str, /) -> str:
        """Return a department's name."""

    def member(self, member_id: str, /) -> str:
        """Return a member's name."""

    def goal(self, goal_id: str, /) -> str:
        """Return what a goal is called."""

    def status(self, status_id: str, /) -> str:
        """Return a status's name."""


class Naming:
    """The chart's view of the names of a workspace."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def title(self, by: str, key: str) -> str:
        """Return what a group is called."""
        names = self._names
        if key:
            titles = {"department": names.department, "owner": names.member, "goal": names.goal}
            return titles.get(by, names.status)(key)
        nothing = {"department": _("no department"), "owner": _("nobody"), "goal": _("no goal")}
        return nothing.get(by, _("no status"))

    def order(self, by: str) -> list[str]:
        """Return the groups that have an order of their own."""
        names = self._names
        orders: dict[str, Mapping[str, object]] = {
            "department": names.departments,
            "owner": names.members,
            "status": names.statuses,
        }
        return list(orders.get(by, ()))

    def tone(self, department: str) -> str:
        """Return the tone of a department's bars."""
        if not department:
            return "text"
        row = self._names.departments.get(department)
        return ":" + colour_of(department, row.colour if row else "")
