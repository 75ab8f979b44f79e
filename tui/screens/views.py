"""Saved views by keys: switching to one, saving what is shown, renaming, ordering and deleting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.names import fold
from store.views import View, move_within, save_within, views
from tui.i18n import _
from tui.screens.choices import Choice, Picked
from tui.screens.filtering import Filtering

if TYPE_CHECKING:
    from store.commands import Change
    from tui.app import SameboatApp
    from tui.screens.place import Place

NONE = "-"
_PLACES = {"board": "show_board", "timeline": "show_timeline", "list": "show_list"}


def choose_view(boat: SameboatApp) -> None:
    """Choose a view to go to; of the one in force, what can be done with it is among the choices."""
    from tui.screens.picker import Picker

    known = views(boat.store)
    place = boat.place
    here = place.view.id if isinstance(place, Filtering) and place.view else ""
    choices = [Choice(NONE, _("no view"))]
    for view in known:
        detail = _(view.kind) + (f" · {_('private draft')}" if view.private else "")
        choices.append(Choice(view.id, view.title, detail, search=(view.query,)))
    current = next((view for view in known if view.id == here), None)
    if current is not None:
        choices += [
            Choice("rename", _("rename “{view}”").format(view=current.title)),
            Choice("up", _("move “{view}” up").format(view=current.title)),
            Choice("delete", _("delete “{view}”").format(view=current.title)),
        ]
        if current.private:
            choices.append(Choice("share", _("share “{view}” with everybody").format(view=current.title)))

    async def picked(answer: Picked | None) -> None:
        if not answer or not answer.chosen:
            return
        key = answer.chosen[0]
        if current is not None and key == "rename":
            _rename(boat, current)
        elif current is not None and key == "up":
            _move_up(boat, known, current)
        elif current is not None and key == "share":
            boat.perform("share", lambda change: change.share(current.id), detail=current.title)
        elif current is not None and key == "delete":
            _delete(boat, current)
        elif key == NONE:
            await _leave(boat)
        else:
            await open_view(boat, next(view for view in known if view.id == key))

    title = _("Views") if known else _("No view is saved yet: the key of saving one keeps what is shown.")
    boat.push_screen(Picker(title, choices, marked=(here or NONE,)), picked)


async def open_view(boat: SameboatApp, view: View) -> None:
    """Go to where a view is shown and show it; what of it cannot be shown is said, and stays saved."""
    getattr(boat, f"action_{_PLACES.get(view.kind, 'show_board')}")()
    place = boat.place
    if not isinstance(place, Filtering):
        return
    if (
        place.footer.parent is None
    ):  # it was never gone to before: what it consists of is put in its place first
        place.call_after_refresh(_show, place, view)
    else:
        await _show(place, view)


def show_again(place: Place, ent: str) -> None:
    """Show a view where it was left, unless it is gone or somebody has gone on meanwhile."""
    view = next((view for view in views(place.boat.store) if view.id == ent), None)
    if view is None or not isinstance(place, Filtering):
        return

    async def show() -> None:
        if place.view is None and not place.filter_text:
            await _show(place, view, quietly=True)

    place.call_after_refresh(show)


async def _show(place: Filtering, view: View, *, quietly: bool = False) -> None:
    wrong = place.apply_layout(view.layout)
    place.view = view
    await place.show_filter_line()
    place.show_hints()
    if quietly:
        return
    if wrong:
        said = " ".join(wrong)
        place.say(_("View “{view}”: {wrong}").format(view=view.title, wrong=said), error=True)
    else:
        place.say(_("View “{view}”").format(view=view.title))


async def _leave(boat: SameboatApp) -> None:
    place = boat.place
    if isinstance(place, Filtering):
        place.view = None
        await place.action_clear_filter()
        place.show_hints()


def save_view(boat: SameboatApp) -> None:
    """Ask for a name and save what is shown under it; the name of a view that exists saves it anew."""
    from tui.screens.asking import Ask

    place = boat.place
    layout = place.kept_layout() if isinstance(place, Filtering) else {}
    if not isinstance(place, Filtering) or not layout:
        boat.say(_("Views are of the board, the timeline and the list."))
        return
    before = place.view.title if place.view else ""

    def named(title: str | None) -> None:
        title = " ".join((title or "").split())
        if not title:
            return
        same = next((one for one in views(boat.store) if fold(one.title) == fold(title)), None)
        if same is not None:
            _keep(boat, place, title, layout, private=same.private, ent=same.id)
        else:
            _ask_for_whom(boat, place, title, layout)

    boat.push_screen(Ask(_("Save what is shown as a view called"), before), named)


def _ask_for_whom(boat: SameboatApp, place: Filtering, title: str, layout: dict[str, str]) -> None:
    choices = [Choice("shared", _("for everybody")), Choice("private", _("for me alone, until it is shared"))]

    def picked(answer: Picked | None) -> None:
        if answer and answer.chosen:
            _keep(boat, place, title, layout, private=answer.chosen[0] == "private")

    place.ask(_("Who is “{view}” for?").format(view=title), choices, picked)


def _keep(
    boat: SameboatApp, place: Filtering, title: str, layout: dict[str, str], *, private: bool, ent: str = ""
) -> None:
    def work(change: Change) -> None:
        save_within(change, title, layout, private=private, ent=ent)

    made = boat.perform("view", work, detail=title)
    if made is None:
        return
    _in_force(place, ent or made.ids[0])
    place.say_done(_("view “{view}” saved").format(view=title))


def _in_force(place: Filtering, ent: str) -> None:
    """Say that what is shown is a view, as it is saved now."""
    place.view = next((view for view in views(place.boat.store) if view.id == ent), None)
    place.show_hints()


def _rename(boat: SameboatApp, view: View) -> None:
    from tui.screens.asking import Ask

    def named(title: str | None) -> None:
        title = " ".join((title or "").split())
        if title and title != view.title:
            boat.perform("view", lambda change: change.set(view.id, {"title": title}), detail=title)
            place = boat.place
            if isinstance(place, Filtering):
                _in_force(place, view.id)

    boat.push_screen(Ask(_("What is the view called?"), view.title), named)


def _move_up(boat: SameboatApp, known: list[View], view: View) -> None:
    boat.perform("view", lambda change: move_within(change, known, view.id, -1), detail=view.title)


def _delete(boat: SameboatApp, view: View) -> None:
    made = boat.perform("trash", lambda change: change.trash(view.id), detail=view.title)
    place = boat.place
    if made is not None and isinstance(place, Filtering):
        place.view = None
        place.show_hints()
        place.say_done(_("view “{view}” in the trash").format(view=view.title))
