"""`make bench`: speed, memory, accuracy and slider latency, each beside its peers in one run.

ARGS=losses or ARGS=explorers measures one of them. Nothing here passes or fails: it is for reading.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("CEHELPERS_STORE", "off")

import argparse

import bench_explorers
import bench_losses

PARTS = {"losses": bench_losses.report, "explorers": bench_explorers.report}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all")
    for part in parser.parse_args().parts or PARTS:
        PARTS[part]()
