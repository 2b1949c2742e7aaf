"""A self-check of the environment: does this Python have what the course needs?"""

from __future__ import annotations

import importlib.metadata
import re
import sys

from cecourse.copies import newer_editions

EVERYWHERE = ("numpy", "ipywidgets", "matplotlib", "tqdm")  # the others are met where they are used


def check_environment() -> None:
    """Print a line for Python and for each library that every notebook needs.

    The lines name what is wanted, and what is there only where it does not fit, so that they are
    the same on every machine that is in order. Says so where a notebook has a newer edition.
    """
    # a set: two extras may ask for the same
    wanted = {line.partition(";")[0] for line in importlib.metadata.requires("cehelpers") or []}
    wanted = sorted(line for line in wanted if line.startswith(EVERYWHERE))
    lines = [_verdict(requirement) for requirement in ["python>=3.11", *wanted]]
    fits = all(fit for fit, _ in lines)
    print("\n".join(line for _, line in lines))
    print("All in order." if fits else "Run `make lab` again, or install what is missing.")
    for sentence in newer_editions():
        print(sentence)


def _verdict(requirement: str) -> tuple[bool, str]:
    name = re.match(r"[\w.-]+", requirement)[0]
    bounds = re.findall(r"(>=|<)\s*([\d.]+)", requirement)
    wish = f"{name} " + ", ".join(
        f"{version} or newer" if sign == ">=" else f"before {version}"
        for sign, version in sorted(bounds, reverse=True)
    )
    try:
        found = sys.version.split()[0] if name == "python" else importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False, f"✗ {wish}: not installed"
    fits = all((_numbers(found) >= _numbers(version)) == (sign == ">=") for sign, version in bounds)
    return fits, f"✓ {wish}" if fits else f"✗ {wish}: here it is {found}"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
