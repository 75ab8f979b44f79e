"""Reports in words: tables made once, written for a terminal, as Markdown, as a page, or shown on a screen."""
