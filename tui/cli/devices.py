"""`sameboat devices`: which devices write in this workspace, and who is let in, kept out or called something else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from store.errors import StoreError, nearest
from store.places import places
from sync.encryption.setting import is_encrypted
from tui.cli.arguments import Arguments, Command, UsageError
from tui.cli.output import encode, narrate, safe, say, say_json
from tui.cli.shapes import instant
from tui.cli.showing import moment
from tui.cli.table import BOLD, DIM, RED, Cell, Column, print_rows
from tui.cli.workspace import Workspace
from tui.device_words import device_label, device_labels, short_name
from tui.i18n import N_, _, listed, ngettext
from tui.reason_words import reason_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.database import Store
    from sync.trust.roster import Device

STANDINGS = {
    "approved": N_("approved"),
    "revoked": N_("revoked"),
    "seen": N_("trusted"),
    "waiting": N_("waits for approval"),
}
ON, OFF = ("on", "开"), ("off", "关")


def _devices(arguments: Arguments) -> int:
    verb, *rest = arguments.operands or ["list"]
    if verb not in _VERBS:
        choices = ", ".join(_VERBS)
        raise UsageError(
            "bad-choice", option="devices", value=verb, choices=choices, nearest=nearest(verb, list(_VERBS))
        )
    do, words, usage = _VERBS[verb]
    if len(rest) > words:
        raise UsageError("extra-operand", operand=rest[words], usage=f"sameboat devices {usage}")
    if len(rest) < words:
        raise UsageError("missing-operand", usage=f"sameboat devices {usage}")
    with Workspace(arguments.home) as workspace:
        return do(arguments, workspace.store, rest)


def _list(arguments: Arguments, store: Store, _words: list[str]) -> int:
    from sync.trust.own_device import own_keys
    from sync.trust.roster import devices
    from sync.trust.standing import read_trust

    own_keys(store)
    found = devices(store)
    approval = read_trust(store).approval
    if arguments.has("json"):
        say(
            "[" + ",\n ".join(encode(device_shape(device) | {"approval": approval}) for device in found) + "]"
        )
        return 0
    columns = (
        Column(_("device"), flexible=True), Column(_("member"), flexible=True), Column(_("standing")),
        Column(_("fingerprint")), Column(_("id")), Column(_("last heard of")),
    )  # fmt: skip
    print_rows(columns, map(_row, found))
    narrate(
        _("New devices wait until somebody approves them.")
        if approval
        else _("New devices are trusted on first sight.")
    )
    waiting = sum(device.standing == "waiting" and not device.own for device in found)
    if waiting:
        narrate(
            ngettext(
                "{count} device waits: compare its fingerprint with the one that `sameboat devices` shows there, "
                "then `sameboat devices approve ID`.",
                "{count} devices wait: compare their fingerprints with the ones that `sameboat devices` shows "
                "there, then `sameboat devices approve ID`.",
                waiting,
            ).format(count=waiting)
        )
    if found[0].standing == "waiting":
        narrate(_("This device waits: read its fingerprint to somebody who can approve it."))
    return 0


def _row(device: Device) -> tuple[Cell, ...]:
    said = _("“{name}”?") if device.claimed else "{name}"
    return (
        Cell(said.format(name=short_name(device.name)) if device.name else "", BOLD if device.own else ""),
        Cell(said.format(name=short_name(device.person)) if device.person else ""),
        Cell(standing_words(device), RED if device.standing in ("waiting", "revoked") else ""),
        Cell(device.fingerprint),
        Cell(device.id, DIM),
        Cell(moment(device.last_at) if device.last_at else "", DIM),
    )


def standing_words(device: Device) -> str:
    """Return in words how a device stands, and whether it is this one or the workspace's first."""
    words = [_(STANDINGS[device.standing])]
    if device.own:
        words.append(_("this device"))
    if device.root:
        words.append(_("first device"))
    return listed(words)


def device_shape(device: Device) -> dict[str, object]:
    """Return a device as `--json` shows it."""
    return {
        "device": device.id,
        "name": device.name or None,
        "member": device.person or None,
        "claimed": device.claimed,
        "code": device.code or None,
        "standing": device.standing,
        "this": device.own,
        "first": device.root,
        "key": device.key or None,
        "fingerprint": device.fingerprint or None,
        "ops": device.ops,
        "last_at": instant(device.last_at) if device.last_at else None,
    }


def _approve(arguments: Arguments, store: Store, words: list[str]) -> int:
    from sync.trust.roster import approve

    device = _find(store, words[0], lambda one: one.standing in ("waiting", "revoked"))
    news = approve(store, device.id)
    said = _("{device} is approved: what it writes is taken by everybody.").format(device=_called(device))
    if news and device.claimed:  # its name is only what it says itself
        checked = _(
            "Its fingerprint is {fingerprint}: if that device shows another, run `sameboat devices revoke {id}`."
        )
        said += " " + checked.format(fingerprint=device.fingerprint, id=device.id)
    return _decided(arguments, store, said, device.id, news)


def _revoke(arguments: Arguments, store: Store, words: list[str]) -> int:
    from sync.trust.roster import revoke

    device = _find(store, words[0], lambda one: one.standing != "revoked" and not one.own)
    news = revoke(store, device.id)
    said = _("{device} is revoked: nobody takes what it writes from now on. What it wrote before stays.")
    said = said.format(device=_called(device))
    if is_encrypted(store):
        said += " " + _("The others get a new key by themselves; invitations from before are too old then.")
    return _decided(arguments, store, said, device.id, news)


def _rename(arguments: Arguments, store: Store, words: list[str]) -> int:
    from sync.trust.roster import rename

    if not words[1].strip():
        raise UsageError("no-name")
    device = _find(store, words[0], lambda one: not one.claimed)
    rename(store, device.id, words[1])
    said = _("Device {device} is called “{name}” now.").format(device=device.id, name=short_name(words[1]))
    return _decided(arguments, store, said, device.id, True)


def _require_approval(arguments: Arguments, store: Store, words: list[str]) -> int:
    from sync.trust.own_device import own_keys
    from sync.trust.roster import require_approval

    if words[0].lower() not in ON + OFF:
        raise UsageError("bad-choice", option="require-approval", value=words[0], choices="on, off")
    wanted = words[0].lower() in ON
    own_keys(store)
    approved = require_approval(store, wanted)
    if not wanted:
        said = _("New devices are trusted on first sight.")
    else:
        said = _("New devices wait until somebody approves them.")
    if approved:
        labels = device_labels(store)
        named = ngettext(
            "{count} device known so far is approved with that: {devices}.",
            "{count} devices known so far are approved with that: {devices}.",
            len(approved),
        ).format(count=len(approved), devices=listed(labels.get(dev, dev) for dev in approved))
        said += " " + named
    return _decided(arguments, store, said, None, True, approval=wanted, approved=approved)


def _decided(
    arguments: Arguments, store: Store, said: str, device: str | None, news: bool, **more: object
) -> int:
    """Say what was decided, and let others know at once where that can be had."""
    if arguments.has("json"):
        shape: dict[str, object] = {
            "ok": True,
            **({"device": device, "changed": news} if device else {}),
            **more,
        }
        say_json(shape)
    narrate(safe(said))
    if not places(store) or os.environ.get("SAMEBOAT_SYNC") == "manual":
        return 0
    from sync.engine import sync_once

    report = sync_once(store)
    if report.paused_reason:
        reason = reason_words(report.paused_reason)
        narrate(_("Others hear of it once sync goes on: {reason}").format(reason=reason))
    return 0


def _find(store: Store, text: str, likely: Callable[[Device], bool]) -> Device:
    from sync.trust.roster import devices, find_device

    try:
        return find_device(store, text, likely)
    except StoreError as error:
        if error.code == "ambiguous":
            fitting = cast("list[Device]", error.params["matches"])
            raise StoreError(
                "ambiguous-device", what=text, devices=[_described(one) for one in fitting]
            ) from None
        if error.code != "no-device":
            raise
        known = [name for one in devices(store) for name in (one.name, one.code, one.id, one.person) if name]
        raise StoreError("no-device", what=text, nearest=nearest(text, known)) from None


def _called(device: Device) -> str:
    return device_label(device.id, device.person, device.name, claimed=device.claimed)


def _described(device: Device) -> str:
    """Return a device's id with whatever else tells it from another of the same name."""
    about = [_called(device), device.fingerprint, standing_words(device)]
    return f"{device.id} ({'; '.join(part for part in about if part not in ('', device.id))})"


_VERBS = {
    "list": (_list, 0, "list"),
    "approve": (_approve, 1, "approve ID"),
    "revoke": (_revoke, 1, "revoke ID"),
    "rename": (_rename, 2, "rename ID NAME"),
    "require-approval": (_require_approval, 1, "require-approval on|off"),
}
COMMANDS = {
    "devices": Command(
        _devices,
        N_("list the devices that write here; approve, revoke or rename one"),
        "[list | approve ID | revoke ID | rename ID NAME | require-approval on|off]",
        most=3,
        examples=("sameboat devices revoke 'old laptop'", "sameboat devices require-approval on"),
    ),
}
