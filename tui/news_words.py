"""What the inbox of changes says of a change: why it is somebody's, and what was done."""

from __future__ import annotations

from store import schema
from store.analysis import news
from tui.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from store.analysis.news import Line

WHY = {
    news.MENTIONED: N_("mentions you"),
    news.ASSIGNED: N_("hands you"),
    news.REQUESTED: N_("asks for your hours"),
    news.DECIDES: N_("asks for your decision"),
    news.RECEIVES: N_("promises you"),
    news.TAKES_PART: N_("asks you to take part"),
    news.OBJECTED: N_("objects to your goal"),
    news.POOR_CHECK: N_("says it is not settled"),
    news.RENEGOTIATED: N_("moved the promise"),
    news.BROKEN: N_("called the promise broken"),
    news.ANSWERED: N_("answered your feedback"),
    news.DECLINED: N_("declined your feedback"),
    news.DIVERGED: N_("wrote something else at the same time"),
    news.COMMENTED: N_("commented on it"),
    news.FOLLOW_UP: N_("to be looked at again"),
    news.PROMISE_DUE: N_("promise comes due"),
    news.REMINDER: N_("reminder"),
}
MOST_FIELDS = 3


def why_words(line: Line) -> str:
    """Return why a line is somebody's; "" where it is only worth knowing."""
    return _(WHY[line.why]) if line.why in WHY else ""


def done_words(line: Line, value: Callable[[schema.Field, object], str]) -> str:
    """Return what was done, the last first: `owner 李雷, due Fri 4 Dec`; `value` gives a field's value in words."""
    fields = schema.KINDS[line.kind].fields
    written = dict(line.fields)
    if schema.TRASH in written:
        return _("deleted") if written[schema.TRASH] else _("restored from the trash")
    if line.born:
        return _("added")
    said: list[str] = []
    for name, new in line.fields:
        base, _slash, key = name.partition("/")
        field = fields.get(base)
        if name in schema.ATTACHED_KINDS:
            words = _("comment") if name == "comment" else _("checklist")
        elif field is None:
            continue  # a newer program's
        elif field.type == schema.LONGTEXT:
            words = _(field.label)
        elif field.type == schema.SET:
            words = f"{_(field.label)} {'+' if new else '−'}{value(field, key)}"
        elif field.type == schema.MAP:
            words = _(field.label)
        elif field.type == schema.PLACE:
            words = "→ " + value(field, new.get("status") if isinstance(new, dict) else None)
        else:
            words = f"{_(field.label)} {value(field, new)}"
        if words not in said:
            said.append(words)
    more = len(said) - MOST_FIELDS
    return ", ".join(said[:MOST_FIELDS]) + (f" +{more}" if more > 0 else "")
