"""The names people type, and the ids they mean: departments, members, statuses, goals, customers and labels."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.database import Store

MAX_LABELS = 500


class Term:
    """One thing with a name: everything a person may call it by."""

    __slots__ = ("aliases", "code", "id", "initials", "title", "title_en")

    def __init__(
        self,
        id: str,  # noqa: A002 - the domain's word
        title: str,
        *,
        title_en: str = "",
        code: str = "",
        aliases: tuple[str, ...] = (),
        initials: tuple[str, ...] = (),
    ) -> None:
        self.id = id
        self.title = title
        self.title_en = title_en
        self.code = code
        self.aliases = aliases
        self.initials = initials

    def __repr__(self) -> str:
        return f"Term({self.id!r}, {self.title!r}, code={self.code!r})"


class Vocabulary:
    """The terms of a workspace, each list in the order people see it."""

    __slots__ = ("customers", "departments", "goals", "labels", "members", "statuses")

    def __init__(
        self,
        departments: list[Term] | None = None,
        members: list[Term] | None = None,
        statuses: list[Term] | None = None,
        goals: list[Term] | None = None,
        labels: list[str] | None = None,
        customers: list[Term] | None = None,
    ) -> None:
        self.departments = departments or []
        self.members = members or []
        self.statuses = statuses or []
        self.goals = goals or []
        self.labels = labels or []
        self.customers = customers or []


_DEPARTMENTS = (
    "SELECT n, id, title, title_en, code, initials FROM p_department WHERE trashed = 0 AND title IS NOT NULL "
    "ORDER BY rank, id"
)
_MEMBERS = (
    "SELECT n, id, title, NULL, code, initials FROM p_member WHERE trashed = 0 AND title IS NOT NULL "
    "ORDER BY title, id"
)
_STATUSES = (
    "SELECT n, id, title, title_en, NULL, NULL FROM p_status WHERE trashed = 0 AND title IS NOT NULL "
    "ORDER BY rank, id"
)
_GOALS = (
    "SELECT g.n, g.id, g.title, NULL, h.short, NULL FROM p_goal g LEFT JOIN handle h ON h.ent = g.n "
    "WHERE g.trashed = 0 AND g.title IS NOT NULL ORDER BY g.created_at, g.id"
)
_CUSTOMERS = (
    "SELECT n, id, title, NULL, NULL, initials FROM p_customer WHERE trashed = 0 AND title IS NOT NULL "
    "ORDER BY title, id"
)


def load_vocabulary(store: Store, *, labels: bool = True, customers: bool = True) -> Vocabulary:
    """Return the workspace's terms.

    `labels` False leaves out labels, which only completion needs, `customers` False customers, whom only feedback
    names.
    """
    aliases: dict[int, list[str]] = {}
    called = "SELECT n FROM p_department UNION ALL SELECT n FROM p_member"
    if customers:
        called += " UNION ALL SELECT n FROM p_customer"
    for ent, value in store.conn.execute(
        f"SELECT e.ent, e.value FROM ({called}) t CROSS JOIN element e ON e.ent = t.n AND e.field = 'aliases' "
        "ORDER BY e.value"
    ):
        aliases.setdefault(ent, []).append(value)

    def terms(query: str) -> list[Term]:
        return [
            Term(
                ent, title, title_en=title_en or "", code=code or "",
                aliases=tuple(aliases.get(n, ())), initials=tuple((initials or "").split()),
            )
            for n, ent, title, title_en, code, initials in store.conn.execute(query)
        ]  # fmt: skip

    return Vocabulary(
        terms(_DEPARTMENTS),
        terms(_MEMBERS),
        terms(_STATUSES),
        terms(_GOALS),
        known_labels(store) if labels else [],
        terms(_CUSTOMERS) if customers else [],
    )


def load_members(store: Store) -> list[Term]:
    """Return the members alone, with everything they may be called by."""
    aliases: dict[int, list[str]] = {}
    query = (
        "SELECT e.ent, e.value FROM p_member m CROSS JOIN element e ON e.ent = m.n AND e.field = 'aliases' "
        "ORDER BY e.value"
    )
    for ent, value in store.conn.execute(query):
        aliases.setdefault(ent, []).append(value)
    return [
        Term(
            ent, title, code=code or "", aliases=tuple(aliases.get(n, ())), initials=tuple((initials or "").split())
        )
        for n, ent, title, _english, code, initials in store.conn.execute(_MEMBERS)
    ]  # fmt: skip


def known_labels(store: Store) -> list[str]:
    """Return the labels in use, each once, in alphabetical order, at most `MAX_LABELS`."""
    # A loose index scan: one seek a label instead of one step an item.
    query = (
        "WITH RECURSIVE label(value) AS (SELECT min(value) FROM element WHERE field = 'labels' UNION ALL "
        "SELECT (SELECT min(e.value) FROM element e WHERE e.field = 'labels' AND e.value > label.value) "
        "FROM label WHERE label.value IS NOT NULL) SELECT value FROM label WHERE value IS NOT NULL LIMIT ?"
    )
    return [value for (value,) in store.conn.execute(query, (MAX_LABELS,))]
