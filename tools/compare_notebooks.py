"""Say in words where two folders of notebooks differ: `python -m tools.compare_notebooks A B`.

Pictures are left out: their last bits differ between processors, and their descriptions are
compared. Everything else that a reader sees must agree.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import nbformat


def words(cell) -> list[str]:
    """Everything textual in a cell: its code or prose, and what its outputs say."""
    found = [cell.source]
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        described = output.get("metadata", {}).get("image/png", {}).get("alt", "")
        found += [output.get("text", ""), described]
        found += [
            str(content)
            for kind, content in sorted(data.items())
            # a live picture has its description once more, in HTML that is not stored
            if kind.startswith("text/") and not (kind == "text/html" and described)
        ]
    return found


def differences(one: Path, other: Path) -> list[str]:
    """Return the lines in which notebooks differ; one that is missing differs in all."""
    lines = []
    for name in sorted({path.name for folder in (one, other) for path in folder.glob("*.ipynb")}):
        pair: tuple[list[str], list[str]] = ([], [])
        for folder, found in zip((one, other), pair, strict=True):
            if (folder / name).exists():
                for cell in nbformat.read(folder / name, as_version=4).cells:
                    found += "\n".join(words(cell)).splitlines()
        lines += difflib.unified_diff(*pair, str(one / name), str(other / name), n=1, lineterm="")
    return lines


if __name__ == "__main__":
    found = differences(*map(Path, sys.argv[1:3]))
    print("\n".join(found) or "The notebooks agree.")
    sys.exit(bool(found))
