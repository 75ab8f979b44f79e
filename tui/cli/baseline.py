"""`sameboat baseline`: give the plan of a day a name, and list the names there are."""

from __future__ import annotations

from datetime import datetime

from store.commands import change
from store.plan_past import baselines, save_baseline
from tui.cli.arguments import Arguments, Command, Option
from tui.cli.output import encode, narrate, safe, say, say_json
from tui.cli.workspace import Workspace, moment
from tui.i18n import N_, _

LIST = "list"


def _baseline(arguments: Arguments) -> int:
    name = " ".join(arguments.operands).strip()
    with Workspace(arguments.home) as workspace:
        store = workspace.store
        if name in ("", LIST):
            return _list(workspace, as_json=arguments.has("json"))
        day = arguments.value("at")
        at = min(moment(day, store.today()), store.now()) if day else store.now()
        with change(store, "add", name) as made:
            ent = save_baseline(made, name, at)
        if arguments.has("json"):
            say_json({"entity": ent, "name": name, "at": _instant(at)})
        else:
            narrate(
                _("The plan of {day} is called “{name}” now.").format(day=_instant(at)[:10], name=safe(name))
            )
    return 0


def _list(workspace: Workspace, *, as_json: bool) -> int:
    found = baselines(workspace.store)
    for one in found:
        if as_json:
            say(encode({"entity": one.id, "name": one.title, "at": _instant(one.at)}))
        else:
            say(f"{_instant(one.at)[:16].replace('T', ' ')}  {safe(one.title)}")
    if not found and not as_json:
        narrate(_("No plan has a name yet: sameboat baseline NAME gives today's one."))
    return 0


def _instant(at: int) -> str:
    return datetime.fromtimestamp(at / 1000).astimezone().isoformat(timespec="seconds")


COMMANDS = {
    "baseline": Command(
        _baseline,
        N_("give today's plan a name to compare with later, or list the names"),
        "[NAME | list]",
        (Option("at", N_("of the end of this day instead"), metavar="DAY"),),
        text=True,
        examples=(
            "sameboat baseline kickoff",
            "sameboat baseline list",
            "sameboat timeline --baseline kickoff",
        ),
    ),
}
