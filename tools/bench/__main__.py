"""`make bench`: speed, memory, accuracy, latency, a reader's waits, how many mistakes are named.

ARGS=losses (or networks, explorers, exercises, notebooks, site) measures one of them. Nothing here
passes or fails: it is for reading.
"""

import argparse
import importlib
import os

from tools._command import ENVIRONMENT, program

PARTS = ("losses", "networks", "explorers", "exercises", "notebooks", "site")

if __name__ == "__main__":
    parser = argparse.ArgumentParser(program(), description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all")
    os.environ |= ENVIRONMENT  # before NumPy is imported
    for part in parser.parse_args().parts or PARTS:
        importlib.import_module(f"tools.bench.{part}").report()
