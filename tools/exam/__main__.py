"""`python -m tools.exam`: see `exam.py`."""

import sys

from tools.exam.exam import main

if __name__ == "__main__":
    sys.exit(main())
