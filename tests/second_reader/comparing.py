"""Where what this reader shows differs from what a program exported (one JSON object an entity, see the README)."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tests.second_reader.lines import Op
from tests.second_reader.snapshots import Snapshot
from tests.second_reader.state import State

MAPS = ("custom", "accepted", "sides", "position", "interest", "check")


def differences(state: State, exported: Iterable[dict[str, Any]]) -> list[str]:
    """What the program shows otherwise, and what it does not show."""
    told: set[tuple[str, str, str]] = set()
    found: list[str] = []
    for entity in exported:
        kind, ent = entity["kind"], entity["id"]
        told |= {(kind, ent, field) for field in (*entity.get("fields", {}), *entity.get("other", {}))}
        found += [f"{kind} {ent} {text}" for text in _entity(state, kind, ent, entity)]
    for kind, ent, field in state.heads:
        shown = state.shown(kind, ent, field)
        cut = field == "parent" and ent not in state.parents(kind)
        name = field.partition("/")[0]
        if (kind, ent, name) not in told and shown not in (None, False) and name != "trash" and not cut:
            found.append(f"{kind} {ent} {field}: {shown!r} is not exported")
    return found


def _entity(state: State, kind: str, ent: str, entity: dict[str, Any]) -> Iterator[str]:
    trashed = state.trashed(kind, ent)
    if trashed != entity.get("trashed", False):
        yield f"trashed: {trashed}"
    for field, value in entity.get("fields", {}).items():
        shown = _field(state, kind, ent, field, value)
        # Of two entities that were given one short id the second gets a letter behind it.
        if shown != value and not (field == "short" and str(value).rstrip("abcdefghijklm") == shown):
            yield f"{field}: {shown!r}, exported {value!r}"
    for field, values in entity.get("other", {}).items():
        heads = state.heads.get((kind, ent, field), [])
        if sorted(str(head.value) for head in heads) != sorted(map(str, values)):
            yield f"{field}: {heads}, exported {values!r}"
    split = {
        field: values for (of, at, field), values in state.divergences().items() if (of, at) == (kind, ent)
    }
    # Of what a program does not know it asks nobody.
    split = {field: values for field, values in split.items() if field not in entity.get("other", {})}
    wanted = entity.get("divergences", {})
    if {field: sorted(map(str, values)) for field, values in split.items()} != {
        field: sorted(map(str, values)) for field, values in wanted.items()
    }:
        yield f"divergences: {split}, exported {wanted}"


def _field(state: State, kind: str, ent: str, field: str, value: Any) -> Any:
    if isinstance(value, list):
        return state.elements(kind, ent, field)
    if field in MAPS:
        return {key: state.shown(kind, ent, f"{field}/{key}") for key in value}
    if field == "parent":
        return state.parents(kind).get(ent)
    if (kind, ent, field) in state.heads:
        shown = state.shown(kind, ent, field)
        return value if shown is None else shown  # where there is no value a default is shown
    return value


def faults(snapshot: Snapshot, ops: Sequence[Op]) -> list[str]:
    """What a snapshot lacks or says wrongly, by every op of the share (FORMAT 7.6)."""
    known = {op.dot: op for op in ops if op.seq <= snapshot.vector.get((op.dev, op.inc), (0, ""))[0]}
    held = {op.dot: op for op in snapshot.ops}
    heads = {head.dot for cell in State(known.values()).heads.values() for head in cell}
    shown = held.keys() - snapshot.past
    found = [f"{dot} is another" for dot, op in held.items() if known.get(dot) != op]
    found += [f"{dot} counts and is not there" for dot in heads - shown]
    found += [f"{dot} counts no more" for dot in shown - heads]
    for (dev, inc), (seq, _) in snapshot.vector.items():
        if (dev, inc, seq) not in held:
            found.append(f"{dev}.{inc}.{seq}, the last of its stream, is not there")
    for dot, op in known.items():
        if op.kind in ("device", "workspace") and dot not in held:
            found.append(f"{dot} of {op.kind} is not there")
        if dot not in held and any(parent not in known for parent in op.parents):
            found.append(f"{dot} names an op beyond, and is not there")
    dates: dict[tuple[str, str], tuple[list[Any], list[Any]]] = {}
    for dot, op in known.items():
        everything, there = dates.setdefault((op.kind, op.ent), ([], []))
        everything.append((op.wt, op.by))
        if dot in held:
            there.append((op.wt, op.by))
    found += [
        f"{cell} is dated otherwise"
        for cell, (everything, there) in dates.items()
        if not there or (min(there), max(there)) != (min(everything), max(everything))
    ]
    return found
