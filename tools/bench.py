"""`make bench`: speed, memory, accuracy and slider latency, each beside its peers in one run.

ARGS=losses (or networks, fraud, explorers, notebooks) measures one of them. Nothing here passes
or fails: it is for reading.
"""

import argparse
import os

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "CEHELPERS_STORE": "off"}

import bench_explorers
import bench_fraud
import bench_losses
import bench_networks
import bench_notebooks

PARTS = {
    "losses": bench_losses.report,
    "networks": bench_networks.report,
    "fraud": bench_fraud.report,
    "explorers": bench_explorers.report,
    "notebooks": bench_notebooks.report,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all")
    for part in parser.parse_args().parts or PARTS:
        PARTS[part]()
