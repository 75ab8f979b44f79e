"""The plan drawn against dates: the same lines for the screen, for a terminal's output and for a picture."""
