"""The review: all divergences of the workspace, each settled with one key, once for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from store import schema
from store.errors import StoreError
from store.review import Disagreement, device_names, disagreements, merge_versions
from store.textmerge import has_marks
from tui.bindings import bindings
from tui.i18n import _, ngettext
from tui.palette import KeyNames
from tui.screens.desk import draft_name
from tui.screens.overlaid import Overlaid
from tui.screens.review_entries import review_entries
from tui.widgets.detail import DetailView, Key, plain_entries

if TYPE_CHECKING:
    from store.changes import ChangeSet
    from tui.app import SameboatApp
    from tui.widgets.detail.editors import Editor

TEXT_HEIGHT = 12
SUBJECT = "review"


class ReviewList(DetailView, inherit_bindings=False):
    """The divergences, with the review's own keys."""

    SCOPE = "review"
    BINDINGS = bindings(SCOPE, target="screen")


class ReviewScreen(Overlaid[str]):
    """Every cell with several versions; answers the entity to go to, or an empty text."""

    def __init__(self, boat: SameboatApp) -> None:
        super().__init__(boat, ReviewList())
        self._marked: dict[tuple[str, str], int] = {}
        self.read()

    def on_detail_view_chosen(self, event: DetailView.Chosen) -> None:
        """Mark the next version of what was clicked."""
        event.stop()
        self.action_review_flip()

    def absorb(self, changes: ChangeSet) -> None:
        """Show what is left when something changed, here or elsewhere."""
        if changes:
            super().absorb(changes)

    # Keys

    def action_review_down(self) -> None:
        """Go to the next divergence."""
        self.list.step(1)

    def action_review_up(self) -> None:
        """Go to the one before."""
        self.list.step(-1)

    def action_review_page_down(self) -> None:
        """Go a page down."""
        self.list.page(1)

    def action_review_page_up(self) -> None:
        """Go a page up."""
        self.list.page(-1)

    def action_review_flip(self) -> None:
        """Mark the next version."""
        one = self._here
        if one is not None:
            cell = (one.ent, one.field)
            self._marked[cell] = (self._marked.get(cell, 0) + 1) % len(one.versions)
            self.show_anew()

    def action_review_keep(self) -> None:
        """Settle the divergence with the marked version."""
        one = self._here
        if one is None:
            return
        version = one.versions[self._marked.get((one.ent, one.field), 0)]
        value = version.value
        if one.declared is not None and one.declared.type == schema.PLACE and isinstance(value, dict):
            value = value.get("status")
        self._settle(one, value)

    def action_review_merge(self) -> None:
        """Write one text from all versions, what nobody else changed already put together."""
        one = self._here
        if one is None:
            return
        try:
            merged = merge_versions(one)
        except StoreError:
            self.say(_("Only texts can be merged: keep one of the versions."))
            return
        from tui.widgets.detail.text_editor import TextEditor

        names = [self._boat.board_screen.directory.member(version.by) for version in one.versions]
        key = Key("long", one.field)
        for editor in self.query(TextEditor):
            editor.remove()
        draft = self._boat.drafts.get(draft_name(one.ent, key))
        editor = TextEditor(one.ent, key, merged.text(names[0], names[1]), draft=draft)
        editor.settles = True
        editor.seen = one.seen
        editor.rows = TEXT_HEIGHT
        editor.border_title = self._words_of(merged.clashes)
        self.mount(editor)
        self.call_after_refresh(self._place, editor)

    def action_review_open(self) -> None:
        """Go to the card on the board."""
        one = self._here
        self.dismiss(one.ent if one else "")

    def action_review_close(self) -> None:
        """Go back to the board."""
        self.dismiss("")

    # The editor of a merged text

    def on_editor_changed(self, event: Editor.Changed) -> None:
        """Nothing has to be said about a text."""
        event.stop()

    def on_editor_kept(self, event: Editor.Kept) -> None:
        """Settle with the text, once nothing in it is left to choose."""
        event.stop()
        editor, text = event.editor, event.text
        if has_marks(text):
            editor.say(
                _("Two versions still stand between <<<<<<< and >>>>>>>: make one of them."), error=True
            )
            return
        cell = (editor.ent, editor.key.name)
        one = next((one for one in self._found if (one.ent, one.field) == cell), None)
        name = draft_name(editor.ent, editor.key)
        if one is None or self._settle(one, text, seen=editor.seen or ()):
            self._boat.drafts.put(name, "")
            self._close(editor)
        else:
            self._boat.drafts.put(name, text)

    def on_editor_left(self, event: Editor.Left) -> None:
        """Close without settling; what was typed stays as a draft."""
        event.stop()
        editor = event.editor
        self._boat.drafts.put(draft_name(editor.ent, editor.key), editor.text if editor.edited else "")
        self._close(editor)

    def _close(self, editor: Editor) -> None:
        editor.remove()
        self.list.focus()

    def _place(self, editor: Editor) -> None:
        region = self.list.region
        height = min(max(TEXT_HEIGHT, region.height // 2), region.height)
        editor.styles.height = height
        editor.place(region.split_horizontal(region.height - height)[1])

    def on_resize(self) -> None:
        """Keep an open editor where it belongs."""
        from tui.widgets.detail.editors import Editor

        for editor in self.query(Editor):
            self.call_after_refresh(self._place, editor)

    # What is shown

    @property
    def _here(self) -> Disagreement | None:
        key = self.list.key
        if key is None:
            return None
        return next((one for one in self._found if (one.ent, one.field) == (key.name, key.sub)), None)

    def _settle(self, one: Disagreement, value: object, seen: tuple[str, ...] = ()) -> bool:
        made = self._boat.perform(
            "settle",
            lambda change: change.settle(one.ent, one.field, value, seen=seen or one.seen),
            detail=one.short or one.title,
        )
        if made is None:
            return False
        self._marked.pop((one.ent, one.field), None)
        self.say(_("settled for everybody · {undo} takes it back").format_map(KeyNames(self._boat.keymap)))
        return True

    def read(self) -> None:
        """Read what nobody has settled; marks stay where their version is still there."""
        self._found: list[Disagreement] = disagreements(self._boat.store)
        known = {(one.ent, one.field): len(one.versions) for one in self._found}
        self._marked = {cell: n for cell, n in self._marked.items() if n < known.get(cell, 0)}

    def show_entries(self) -> None:
        """Show how many divergences there are, and each with its versions."""
        count = len(self._found)
        words = ngettext("{count} divergence to settle", "{count} divergences to settle", count)
        text = words.format(count=count) if count else _("No divergences")
        self.title_line.update(Content(f"≠ {text}"))
        store = self._boat.store
        if self._found:
            devices = device_names(store)
            entries = review_entries(
                self._found, self._marked, self._boat.board_screen.directory, devices,
                self.list.text_width, store.today(), store.now(),
            )  # fmt: skip
        else:
            lines = [
                _("Everybody's versions agree."),
                "",
                _(
                    "When two people change the same field before their edits reach each other, "
                    "both are kept and listed here until somebody says which holds."
                ),
                "",
                _("{review_close} goes back to the board.").format_map(KeyNames(self._boat.keymap)),
            ]
            entries = plain_entries(lines, self.list.text_width)
        self.list.show(SUBJECT, entries)

    def _words_of(self, clashes: int) -> str:
        if not clashes:
            return _("Both sides' changes are in it")
        text = ngettext("{count} place to choose in", "{count} places to choose in", clashes)
        return text.format(count=clashes)
