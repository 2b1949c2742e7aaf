"""`python -m tools.slides`: see `lectures.py`."""

import sys

from tools.slides.lectures import main

if __name__ == "__main__":
    sys.exit(main())
