"""Say in words where two folders of notebooks differ: `python -m tools.compare_notebooks A B`.

Pictures are left out: their last bits differ between processors, and their descriptions are
compared. Everything else that a reader sees must agree.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat


def words(cell) -> list[str]:
    """Everything textual in a cell: its code or prose, and what its outputs say."""
    found = [cell.source]
    for output in cell.get("outputs", []):
        found.append(output.get("text", ""))
        found += [
            str(content)
            for kind, content in sorted(output.get("data", {}).items())
            if kind.startswith("text/")
        ]
    return found


def differences(one: Path, other: Path) -> list[str]:
    """Return a line for each notebook that is missing and each cell that differs."""
    names = sorted({path.name for folder in (one, other) for path in folder.glob("*.ipynb")})
    lines = []
    for name in names:
        if not ((one / name).exists() and (other / name).exists()):
            lines.append(f"{name}: only in one of the two folders")
            continue
        pair = [nbformat.read(folder / name, as_version=4).cells for folder in (one, other)]
        if len(pair[0]) != len(pair[1]):
            lines.append(f"{name}: {len(pair[0])} cells against {len(pair[1])}")
        for number, (a, b) in enumerate(zip(*pair, strict=False)):
            lines += [
                f"{name}, cell {number}:\n  {x[:300]}\n  {y[:300]}"
                for x, y in zip(words(a), words(b), strict=False)
                if x != y
            ]
            if len(words(a)) != len(words(b)):
                lines.append(f"{name}, cell {number}: other outputs")
    return lines


if __name__ == "__main__":
    found = differences(*map(Path, sys.argv[1:3]))
    print("\n".join(found) or "The notebooks agree.")
    sys.exit(bool(found))
