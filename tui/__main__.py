"""`python -m tui` is the same as `sameboat`."""

import sys


def main() -> int:
    """Run the process's own command line and return the exit code."""
    from tui import interrupt

    interrupt.listen()  # before anything is loaded that a Ctrl-C could find half loaded
    from tui import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
