"""`python -m tools.room`: see `report.py`."""

import sys

from tools.room.report import main

if __name__ == "__main__":
    sys.exit(main())
