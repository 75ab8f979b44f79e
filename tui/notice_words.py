"""What happened to this home, in words: told once."""

from __future__ import annotations

from tui.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from store.database import Store
    from store.notices import Notice

# What happened to this home, told once.
NOTICES: dict[str, str] = {
    "copied": N_(
        "This home is a copy of another one. Both can be used: they are told apart from now on, "
        "and sync brings together what is written in either."
    ),
    "cloned": N_(
        "This computer is a clone of another one. Both can be used: they are told apart from now on, "
        "and sync brings together what is written on either."
    ),
    "keys-lost": N_(
        "This home came without its keys, so it is a new device now; what nobody else had of your edits came along. "
        "Where devices need approval, somebody has to approve it: `sameboat devices`."
    ),
    "restored": N_(
        "This home was brought back from an older state. "
        "What had been sent since then comes back with the next sync; what you write now is kept beside it."
    ),
    "rolled-back": N_(
        "More of this home's past came from the share than this home had: it was rolled back, or copied. "
        "All of it is here again, and what you wrote since is kept beside it."
    ),
    "forked": N_(
        "Two copies of one home wrote without knowing of each other ({device}). "
        "What either wrote is kept; where they differ you will find a divergence."
    ),
}


def notice_words(notice: Notice, store: Store) -> str:
    """Return in words what happened to this home or to a device of the workspace."""
    from store.review import device_names

    if notice.code not in NOTICES:
        return notice.code
    device = notice.device or store.device
    return _(NOTICES[notice.code]).format(device=device_names(store).get(device, device))
