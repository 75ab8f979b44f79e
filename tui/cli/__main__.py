"""`python -m tui.cli` is the same as `sameboat`."""

import sys

from tui.cli import main

sys.exit(main())
