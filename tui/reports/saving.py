"""Writing a report to a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui.reports.page import page

if TYPE_CHECKING:
    from tui.reports.tables import Document


def save_page(document: Document, home: str, name: str) -> str:
    """Write a report as a page into the home's folder of reports and return its path. Raises OSError."""
    folder = os.path.join(home, "reports")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{name}.html")
    with open(path, "w", encoding="utf-8") as file:
        file.write(page(document))
    return path
