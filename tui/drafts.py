"""What was typed and not saved, kept on this machine so that closing a field or the app loses nothing."""

from __future__ import annotations

import json
import os

_FILE = "drafts.json"


class Drafts:
    """Texts by what they were typed for; every change is on disk before the editor is gone."""

    def __init__(self, home: str) -> None:
        self._path = os.path.join(home, _FILE) if home else ""
        self._texts = _read(self._path)

    def get(self, about: str) -> str:
        """Return the draft for something, or an empty string."""
        return self._texts.get(about, "")

    def put(self, about: str, text: str) -> None:
        """Keep a draft, or forget it when the text is empty."""
        if self._texts.get(about, "") == text:
            return
        if text:
            self._texts[about] = text
        else:
            del self._texts[about]
        self._write()

    def beginning(self, prefix: str) -> list[str]:
        """Return what the drafts are for that begin so."""
        return [about for about in self._texts if about.startswith(prefix)]

    def _write(self) -> None:
        if not self._path:
            return
        try:
            if not self._texts:
                os.unlink(self._path)
                return
            with open(self._path + ".new", "w", encoding="utf-8", errors="surrogatepass") as file:
                json.dump(self._texts, file, ensure_ascii=False)
            os.replace(self._path + ".new", self._path)
        except OSError:
            # A full disk is told by the save that failed; the draft is still in memory.
            pass


def _read(path: str) -> dict[str, str]:
    if not path or not os.path.exists(path):
        return {}
    try:
        with open(path, encoding="utf-8", errors="surrogatepass") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {about: text for about, text in found.items() if isinstance(text, str)}
