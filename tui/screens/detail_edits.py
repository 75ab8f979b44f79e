"""Editing in the details: each field where it stands, comments, the checklist, and versions that diverged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region

from store import queries, schema
from tui.i18n import _
from tui.screens.choices import Choice, Picked
from tui.screens.choosing import Choosing, is_chosen, levels
from tui.screens.desk import draft_name
from tui.widgets.detail import Key
from tui.widgets.detail.entries import head_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.events import Resize

    from store.commands import Change
    from store.queries import Card, Divergence
    from tui.widgets.detail import DetailView
    from tui.widgets.detail.editors import Editor

TEXT_HEIGHT = 10
CHAT_HEIGHT = 6
TITLE = Key("field", "title")
BLOCKED = Key("field", "blocked")
COMMENT = Key("comment")
NEW_CHECK = Key("check")
ACTION = Key("action")


class DetailEdits(Choosing):
    """Opens the right editor for what the cursor is at, and keeps what was typed until it is saved."""

    # Moving about in the pane

    def action_open(self) -> None:
        """Go into the details."""
        self.read_details()

    def action_detail_down(self) -> None:
        """Go to the field below."""
        self.details.step(1)

    def action_detail_up(self) -> None:
        """Go to the field above."""
        self.details.step(-1)

    def action_detail_top(self) -> None:
        """Go to the first field."""
        self.details.step(-len(self.details.entries))

    def action_detail_bottom(self) -> None:
        """Go to the last field."""
        self.details.step(len(self.details.entries))

    def action_detail_page_down(self) -> None:
        """Go a page down."""
        self.details.page(1)

    def action_detail_page_up(self) -> None:
        """Go a page up."""
        self.details.page(-1)

    def action_detail_history(self) -> None:
        """Show the history, or the details again."""
        self.in_history = not self.in_history
        self.show_details()

    def action_show_history(self) -> None:
        """Show the history of the card, or its details again."""
        self.in_history = not self.in_history
        self.read_details(focus=not self.wide)

    def action_detail_leave(self) -> None:
        """Leave the history, then the details."""
        if self.in_history:
            self.action_detail_history()
        else:
            self.leave_details()

    # What the cursor is at

    def action_detail_edit(self) -> None:
        """Edit the field, tick the entry, settle the divergence, whatever stands here."""
        key, card = self.details.key, self.card
        if key is None or card is None:
            return
        if key.part == "check":
            self._tick(key.name)
        elif key.part == "divergence":
            self._settle(card, key.name)
        elif key.part == "banner":
            self._settle_trash(card)
        elif key.part == "more":
            self.expanded = not self.expanded
            self.show_details()
        elif key.part == "comment":
            self.say(_("Comments stay as they were written."))
        elif key.part == "action" and key.name:
            self.boat.show_board(key.name)
        elif key.part == "action":
            self.open_line(card, ACTION, "")
        elif key.part in ("field", "map", "long"):
            self.edit(card, key)

    def action_detail_rename(self) -> None:
        """Edit the text of a checklist entry; anything else as usual."""
        key, card = self.details.key, self.card
        if key is not None and card is not None and key.part == "check":
            checks = {check.id: check.title for check in queries.checks(self.boat.store, card.id)}
            self.open_line(card, key, checks.get(key.name, ""))
        else:
            self.action_detail_edit()

    def action_detail_tick(self) -> None:
        """Tick a checklist entry, or untick it."""
        if self.details.key is not None and self.details.key.part == "check":
            self._tick(self.details.key.name)

    def action_detail_check(self) -> None:
        """Add a checklist entry."""
        if self.card:
            self.open_line(self.card, NEW_CHECK, "")

    def on_detail_view_chosen(self, event: DetailView.Chosen) -> None:
        """Edit what was clicked."""
        event.stop()
        self.action_detail_edit()

    # From the cards

    def action_edit_title(self) -> None:
        """Edit the title."""
        if self.card:
            self.open_line(self.card, TITLE, self.card.title)

    def action_block(self) -> None:
        """Say why the card is blocked; an empty line says that it no longer is."""
        cards = [card for card in self.targets() if card.kind == "item"]
        if cards:
            self.open_line(cards[0], BLOCKED, cards[0].blocked, others=[card.id for card in cards[1:]])
        else:
            self.say(_("This is nothing for a conflict."))

    def action_comment(self) -> None:
        """Write a comment."""
        if self.card:
            self._open_text(self.card, COMMENT, "", chat=True)

    # Editors

    def edit(self, card: Card, key: Key) -> None:
        """Open the editor of a field, of one side's line, or of a long text."""
        fields = queries.entity_fields(self.boat.store, card.kind, card.id) or {}
        field = schema.KINDS[card.kind].fields[key.name]
        if key.part == "map" and levels(field):
            self.choose_level(card, field, key.sub, at=self.details.region_of(key))
        elif key.part == "map":
            held = fields.get(key.name)
            value = held.get(key.sub) if isinstance(held, dict) else None
            self.open_line(card, key, "" if value is None else str(value))
        elif key.part == "long":
            self._open_text(card, key, str(fields.get(key.name) or ""))
        elif is_chosen(field):
            self.choose([card], {card.kind: key.name}, at=self.details.region_of(key))
        else:
            from tui.screens.typed_values import written_value

            self.open_line(card, key, written_value(self.boat.store, field, fields.get(key.name)))

    def open_line(self, card: Card, key: Key, value: str, *, others: Sequence[str] = ()) -> None:
        """Open a one-line editor over the field, with what was typed there before."""
        from tui.widgets.detail.editors import LineEditor

        self._keep_drafts()
        editor = LineEditor(
            card.id, key, value, draft=self.boat.drafts.get(draft_name(card.id, key)), others=others
        )
        self._mount_editor(editor, 1, self._label(card, key))

    def _open_text(
        self, card: Card, key: Key, value: str, *, chat: bool = False, settles: bool = False
    ) -> None:
        from tui.widgets.detail.text_editor import TextEditor

        self._keep_drafts()
        draft = self.boat.drafts.get(draft_name(card.id, key))
        editor = TextEditor(card.id, key, value, draft=draft, chat=chat)
        editor.settles = settles
        self._mount_editor(editor, CHAT_HEIGHT if chat else TEXT_HEIGHT, self._label(card, key))

    def _mount_editor(self, editor: Editor, height: int, label: str) -> None:
        editor.rows = height
        editor.label = label
        editor.opened_from = self.focused
        if editor.key.part in ("field", "long", "map"):
            from store.review import heads_seen

            editor.seen = heads_seen(self.boat.store, editor.ent, _cell(editor.key))
        self._place_editor(editor)
        self.mount(editor)

    def on_resize(self, event: Resize) -> None:
        """Keep an open editor over its field, wherever that has gone."""
        self.call_after_refresh(self._place_editors)

    def on_detail_view_resized(self, event: DetailView.Resized) -> None:
        """Keep an open editor over its field when the lines above it are wrapped anew."""
        self.call_after_refresh(self._place_editors)

    def _place_editors(self) -> None:
        from tui.widgets.detail.editors import Editor

        for editor in self.query(Editor):
            self._place_editor(editor)

    def _place_editor(self, editor: Editor) -> None:
        height, label = editor.rows, editor.label
        region = self.details.region_of(editor.key) if self.details.display else None
        size = self.app.size
        bottom = self.footer.region.y
        if region is None:
            pane = self.details.region if self.details.display else Region(0, 0, size.width, size.height)
            region = Region(pane.x + 1, bottom - height, pane.width - 2, height)
            editor.border_title = label
        if height > 1:
            pane = self.details.region if self.details.display else Region(0, 1, size.width, bottom - 1)
            rows = max(height, bottom - region.y) if not editor.has_class("-chat") else height
            rows = min(rows, pane.height)
            region = Region(pane.x + 1, min(region.y, bottom - rows), pane.width - 1, rows)
            editor.border_title = label
            if not editor.has_class("-chat"):
                editor.styles.height = rows
        editor.place(region)

    def _label(self, card: Card, key: Key) -> str:
        if key.part == "comment":
            return _("Comment")
        if key.part == "check":
            return _("Checklist entry")
        if key.part == "action":
            return _("action")
        return _(schema.KINDS[card.kind].fields[key.name].label)

    def on_editor_changed(self, event: Editor.Changed) -> None:
        """Say what the text is understood to mean."""
        event.stop()
        editor = event.editor
        card = queries.card(self.boat.store, editor.ent)
        if card is None or editor.key.part != "field":
            return
        from tui.screens.typed_values import value_hint

        field = schema.KINDS[card.kind].fields[editor.key.name]
        editor.say(value_hint(field, event.text, self.boat.store.today()))

    def on_editor_kept(self, event: Editor.Kept) -> None:
        """Save; what cannot be saved stays in the editor, with the reason."""
        event.stop()
        editor, text = event.editor, event.text
        card = queries.card(self.boat.store, editor.ent)
        if card is None:
            return
        wrong = self._save(card, editor, text)
        if wrong is None:
            self.boat.drafts.put(draft_name(editor.ent, editor.key), "")
            self._close(editor)
        else:
            self.boat.drafts.put(draft_name(editor.ent, editor.key), text)
            editor.say(wrong, error=True)

    def _save(self, card: Card, editor: Editor, text: str) -> str | None:
        """Write what an editor holds; returns None when it is saved, else why not (said elsewhere when empty)."""
        key = editor.key
        if text == editor.value and not editor.settles and key != COMMENT:
            return None
        if not text.strip() and key in (COMMENT, NEW_CHECK, ACTION):
            return None
        from store.conflicts import action_within
        from tui.screens.typed_values import read_value, said_value

        field = schema.KINDS[card.kind].fields.get(key.name)
        from store.textmerge import has_marks

        if editor.settles and has_marks(text):
            return _("Two versions still stand between <<<<<<< and >>>>>>>: make one of them.")
        try:
            value = read_value(self.boat.store, field, text) if key.part == "field" and field else text
        except ValueError as error:
            return str(error)

        def work(change: Change) -> None:
            if editor.seen is not None:
                change.seen[card.id, _cell(key)] = editor.seen
            if key == COMMENT:
                change.comment(card.id, text.rstrip())
            elif key == NEW_CHECK:
                change.check(card.id, text.strip())
            elif key == ACTION:
                action_within(change, card.id, text.strip())
            elif key.part == "check":
                change.set(key.name, {"title": text.strip()})
            elif key.part == "map":
                change.set(card.id, {key.name: {key.sub: text.strip() or None}})
            elif editor.settles:
                change.settle(card.id, key.name, value or None)
            else:
                for ent in (card.id, *editor.others):
                    change.set(ent, {key.name: value if value != "" else None})

        label = {"comment": "comment", "check": "check", "action": "add"}.get(key.part, "set")
        ids = [card.id, *editor.others]
        whole = field if key.part == "field" else None
        said = (
            f"{self._label(card, key)}: {said_value(self.directory, whole, value, self.boat.store.today())}"
        )
        return None if self.change(label, ids, work, said=said) else ""

    def on_editor_left(self, event: Editor.Left) -> None:
        """Close without saving; what was typed stays as a draft."""
        event.stop()
        self._keep_draft(event.editor)
        self._close(event.editor)

    def _keep_drafts(self) -> None:
        from tui.widgets.detail.editors import Editor

        for editor in self.query(Editor):
            self._keep_draft(editor)
            editor.remove()

    async def keep_everything_typed(self) -> None:
        """Keep what stands in open editors as drafts, for the app is about to close."""
        self._keep_drafts()

    def _keep_draft(self, editor: Editor) -> None:
        text = editor.text if editor.edited else ""
        self.boat.drafts.put(draft_name(editor.ent, editor.key), text)
        if text:
            self.say(_("Kept as a draft: it is there when the field is opened again."))

    def _close(self, editor: Editor) -> None:
        inside = editor.opened_from is self.details
        editor.remove()
        (self.details if inside and self.details.display else self.cards_view).focus()
        self.show_details()

    # The checklist, divergences and the trash

    def _tick(self, check: str) -> None:
        card = self.card
        if card is None:
            return
        done = {entry.id: entry.done for entry in queries.checks(self.boat.store, card.id)}
        self.change("set", [card.id], lambda change: change.set(check, {"done": not done.get(check, False)}))

    def _settle(self, card: Card, name: str) -> None:
        divergence = next(
            (one for one in queries.divergences(self.boat.store, card.id) if one.field == name), None
        )
        if divergence is None:
            return
        field = schema.KINDS[card.kind].fields.get(name.partition("/")[0])
        today = self.boat.store.today()
        choices = [
            Choice(
                str(index),
                head_words(self.directory, field, head.value, today),
                self.directory.member(head.by),
            )
            for index, head in enumerate(divergence.heads)
        ]
        texts = field is not None and field.type in (schema.TEXT, schema.LONGTEXT)
        if texts:
            choices.append(Choice("both", _("write one from both")))

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen == ("both",) and field is not None:
                self._merge_texts(card, field, divergence)
            elif answer and answer.chosen:
                value = divergence.heads[int(answer.chosen[0])].value
                if field is not None and field.type == schema.PLACE and isinstance(value, dict):
                    value = value.get("status")
                self.change(
                    "settle", [card.id], lambda change: change.settle(card.id, name, value), said=_("settled")
                )

        title = _("Which version of “{field}”?").format(field=_(field.label) if field else name)
        self.ask(title, choices, picked, at=self.details.region_of(Key("divergence", name)))

    def _merge_texts(self, card: Card, field: schema.Field, divergence: Divergence) -> None:
        from store.review import disagreements, merge_versions

        found = disagreements(self.boat.store, card.id, divergence.field)
        if not found:
            return  # settled elsewhere while the question stood here
        names = [self.directory.member(version.by) for version in found[0].versions]
        key = Key("long" if field.type == schema.LONGTEXT else "field", field.name)
        self._open_text(card, key, merge_versions(found[0]).text(names[0], names[1]), settles=True)

    def _settle_trash(self, card: Card) -> None:
        choices = [Choice("restore", _("restore it")), Choice("trash", _("delete it again"))]

        def picked(answer: Picked | None) -> None:
            if answer and answer.chosen == ("restore",):
                self.change("restore", [card.id], lambda change: change.restore(card.id), said=_("restored"))
            elif answer and answer.chosen:
                self.change("trash", [card.id], lambda change: change.trash(card.id), said=_("in the trash"))

        at = self.details.region_of(Key("banner"))
        self.ask(_("Deleted by one, edited by another"), choices, picked, at=at)


def _cell(key: Key) -> str:
    """Return the name of the cell a part of the details shows."""
    return f"{key.name}/{key.sub}" if key.part == "map" else key.name
