"""Why sync waits, pauses, holds something back or refuses a file, in words."""

from __future__ import annotations

import time

from tui.i18n import N_, _, ngettext

# Why sync waits, pauses, holds something back or refused a file.
REASONS: dict[str, str] = {
    "bad-op": N_("an op in it cannot be read"),
    "block": N_("its ops cannot be told apart"),
    "body": N_("its body cannot be unpacked"),
    "body-hash": N_("its content is not what was written"),
    "branches": N_("its device's past exists in more versions than can be kept"),
    "budget": N_("the requests that the server allows for now are used up; it goes on by itself"),
    "chain": N_("it does not follow from the file before it"),
    "changed": N_("the folder holds another workspace's share"),
    "conflict": N_("another device writes there at this moment"),
    "damaged": N_("what was written does not read back the same"),
    "denied": N_("permission refused"),
    "device": N_("it belongs to another device"),
    "encrypted": N_("it is encrypted, and this workspace is not"),
    "false-snapshot": N_("a snapshot that the ops do not bear out; it was undone, and the ops were read"),
    "fork": N_("another copy of this home has written there, and not all of that has arrived yet"),
    "forked": N_("a history of the workspace has forked, and a snapshot could not say so"),
    "full": N_("no space left there"),
    "gap": N_("an earlier part has not arrived"),
    "hash": N_("its content is not what its name says"),
    "header": N_("its header cannot be read"),
    "identity": N_("the file that says who this device is has not arrived yet"),
    "irregular": N_("a link or a folder lies where a file should be"),
    "key": N_("it names another key than the one this device is known by; somebody may be posing as it"),
    "line-count": N_("it has more or fewer ops than it says"),
    "misconfigured": N_("the server refuses the address; are region, endpoint and credentials right?"),
    "missing": N_("the file has not arrived yet"),
    "newer": N_("a newer Sameboat wrote it; update this one"),
    "no-credentials": N_("nothing in the environment or the keyring says who you are to this server"),
    "no-extra": N_("reaching servers takes more than is installed here: pip install 'sameboat[cloud]'"),
    "no-key": N_(
        "the key to read and write it is not here; ask a teammate for `sameboat invite`, "
        "then run `sameboat join FOLDER --invite CODE`"
    ),
    "older-history": N_("older history has to arrive first"),
    "other-root": N_(
        "the folder names another first device than the workspace has; somebody may have altered it"
    ),
    "outbox": N_("not everything from here has been sent there yet"),
    "quarantined": N_("a file was refused and kept aside"),
    "range": N_("it holds other ops than its name says"),
    "raw-size": N_("it unpacks to another size than it says"),
    "readonly": N_("the folder cannot be written"),
    "restored": N_(
        "more of this home's past lies there than this home has, and not all of that has arrived yet"
    ),
    "revoked": N_("its device has been revoked"),
    "root": N_("the workspace's first device has to be read first, and its files have not arrived yet"),
    "sealed": N_("its encryption does not open with the key it names"),
    "sentinel": N_(
        "its file ws.json cannot be read; wait until the synchroniser has brought it whole, or ask a teammate "
        "whether it can be read there"
    ),
    "short": N_("the file is not complete yet"),
    "shut-out": N_("this device has been revoked, so what you write stays here"),
    "signature": N_("its device did not sign it; somebody may be posing as it"),
    "size": N_("its size is not what its header says"),
    "taken": N_("another file has its name"),
    "throttled": N_("the server asked for fewer requests; it is tried again by itself"),
    "too-large": N_("it is larger than any file of a share may be"),
    "too-many-keys": N_(
        "the workspace has had as many keys as can be kept, and somebody who was revoked holds the last one; "
        "export it, and import that into a new one"
    ),
    "unapproved": N_("nobody has approved this device yet; `sameboat devices` shows who it is"),
    "unencrypted": N_("the folder says that the workspace is not encrypted, but it is"),
    "unmounted": N_("the folder is not there; is the drive mounted?"),
    "unreachable": N_("it does not answer"),
    "unsealed": N_("it is not encrypted, and this workspace is"),
    "unsupported": N_("the server cannot do what is needed of a place"),
    "untrusted": N_("this device is not approved"),
    "vector": N_("it contradicts what devices say of themselves"),
    "workspace": N_("it belongs to another workspace"),
    "zero-filled": N_("the file is there, its content has not arrived yet"),
}


def counted_words(next_at: int, requests: int, allowed: int) -> list[str]:
    """Return when a place that counts requests is tried next, and how much of its budget is used.

    `next_at` is in ms since the epoch, 0 when nothing looks by itself; `allowed` is 0 where any number is.
    """
    said = []
    if next_at:
        moment = time.localtime(next_at / 1000)
        said.append(_("next try at {time}").format(time=time.strftime("%H:%M:%S", moment)))
    if allowed:
        said.append(_("{used} of {allowed} requests used").format(used=requests, allowed=allowed))
    return said


def place_words(reason: str) -> str:
    """Return in words why a place is paused or gets nothing: of a whole place, "missing" means more than of a file."""
    if reason == "missing":
        return _(
            "the folder is there, but not what Sameboat had put into it. Nothing is lost here; bring it back"
        )
    return reason_words(reason)


def reason_words(reason: str) -> str:
    """Return in words why sync waits, pauses or refused, the code itself when it is a newer one."""
    return _(REASONS[reason]) if reason in REASONS else reason


def undecided_sentence() -> str:
    """Return that this device waits until somebody lets it in, and what to do."""
    return _("This device waits until somebody approves it; `sameboat devices` shows its fingerprint.")


def unapproved_sentence(count: int) -> str:
    """Return that others' devices wait to be let in, and what to do."""
    return ngettext(
        "{count} device waits for approval; `sameboat devices` shows it.",
        "{count} devices wait for approval; `sameboat devices` shows them.",
        count,
    ).format(count=count)


def readonly_sentence() -> str:
    """Return that what is written here reaches nobody, since no place may be written to."""
    return _("Every place is read-only: what you write stays on this machine.")
