"""`python -m tools.marking`: see `marker.py`."""

import sys

from tools.marking.marker import main

if __name__ == "__main__":
    sys.exit(main())
