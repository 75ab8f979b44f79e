"""A new workspace with a workflow and departments to start from, and a teammate's first steps in it."""

from __future__ import annotations

from store.change import Change
from store.clock import wall_ms
from store.database import create_store, remove_files
from store.rank import between

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from store.database import Store

# title, English title, category, WIP limit
DEFAULT_STATUSES = (
    ("待办", "Backlog", "todo", None),
    ("进行中", "Doing", "doing", 4),
    ("评审中", "In review", "doing", 3),
    ("已完成", "Done", "done", None),
)
# title, English title, code, colour, aliases
DEFAULT_DEPARTMENTS = (
    ("产品", "Product", "pd", "violet", ("cp", "pm")),
    ("研发", "R&D", "yf", "blue", ("rd", "dev", "tech", "技术", "开发")),
    ("市场", "Marketing", "sc", "orange", ("mkt",)),
    ("销售", "Sales", "xs", "green", ("sales",)),
    ("客服", "Support", "kf", "cyan", ("cs",)),
)


def init_workspace(
    home: str,
    *,
    name: str,
    member: str,
    code: str,
    departments: Sequence[tuple[str, str, str, str, tuple[str, ...]]] = DEFAULT_DEPARTMENTS,
    device_name: str = "",
    settings: Mapping[str, str] | None = None,
    now: Callable[[], int] = wall_ms,
    today: Callable[[], datetime.date] | None = None,
) -> Store:
    """Make a new workspace in `home` with default statuses and departments; returns it open.

    `code` starts the short ids made on this device, as in lp-12; `settings` are this home's from the first moment on.
    Raises StoreError: exists, cannot-open, disk-full.
    """
    store = create_store(home, settings=settings, now=now, today=today)
    try:
        _furnish(store, name, member, code, departments, device_name)
    except BaseException:
        store.close()
        remove_files(store.path)
        raise
    return store


def _furnish(
    store: Store,
    name: str,
    member: str,
    code: str,
    departments: Sequence[tuple[str, str, str, str, tuple[str, ...]]],
    device_name: str,
) -> None:
    with Change(store, "init", final=True) as made:
        made.create("workspace", {"title": name}, ent=store.workspace)
        store.set_meta("root", store.device)
        _enter(made, member, code, device_name)
        rank = None
        for title, title_en, category, wip in DEFAULT_STATUSES:
            rank = between(rank, None)
            fields = {"title": title, "title_en": title_en, "category": category, "wip": wip, "rank": rank}
            made.create("status", {key: value for key, value in fields.items() if value is not None})
        rank = None
        for title, title_en, short, colour, aliases in departments:
            rank = between(rank, None)
            made.create(
                "department",
                {
                    "title": title, "title_en": title_en or None, "code": short or None, "colour": colour or None,
                    "aliases": list(aliases), "rank": rank,
                },
            )  # fmt: skip


def join_workspace(
    home: str,
    workspace: str,
    *,
    settings: Mapping[str, str] | None = None,
    now: Callable[[], int] = wall_ms,
    today: Callable[[], datetime.date] | None = None,
) -> Store:
    """Make the database of a workspace that exists elsewhere; pull, then call `enter_workspace`."""
    return create_store(home, workspace=workspace, settings=settings, now=now, today=today)


def enter_workspace(store: Store, *, member: str, code: str, device_name: str = "") -> None:
    """Become a member of a joined workspace: the member of that name if there is one, else a new one.

    `code` is made unique among the devices known by now, with a number behind it where needed.
    """
    with Change(store, "join", final=True) as made:
        _enter(made, member, code, device_name)


def _enter(made: Change, member: str, code: str, device_name: str) -> None:
    store = made.store
    unique = unused_code(made.conn, code)
    row = made.conn.execute(
        "SELECT id FROM p_member WHERE trashed = 0 AND title = ? COLLATE NOCASE ORDER BY created_at, id",
        (member,),
    ).fetchone()
    if row is None:
        from store.ops import new_id

        person = new_id()
        store.member = person  # the ops that make a member are written by that member
        made.create("member", {"title": member, "code": unique}, ent=person)
    else:
        person = store.member = row[0]
    made.create("device", {"title": device_name or None, "member": person, "code": unique}, ent=store.device)
    store.code = unique
    store.set_meta("member", person)
    store.set_meta("code", unique)


def unused_code(conn: sqlite3.Connection, code: str) -> str:
    """Return the letters that begin a device's short ids, with a number behind them where another device has them."""
    taken = {row[0] for row in conn.execute("SELECT code FROM p_device WHERE code IS NOT NULL")}
    found, number = code, 2
    while found in taken:
        found, number = f"{code}{number}", number + 1
    return found
