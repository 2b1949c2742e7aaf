"""The learner's own copies: `my_course/`, made and kept by `make lab`, and never overwritten.

A translation stands in a folder of its own, there as here: `notebooks/de/`, `my_course/de/`.

A notebook says in its metadata which edition it is: a digest of what a person wrote in it, put
there when it is built. Whoever has typed something holds a notebook that differs from its own
digest, and such a notebook is replaced by nobody; a newer edition is put beside it.

    python -m cecourse.copies [FOLDER]    makes or renews the copies, here or in a folder
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
import time
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ORIGINALS = ROOT / "notebooks"
COPIES = ROOT / "my_course"
BESIDE = "-edition-"  # 03_binary_cross_entropy-edition-2.ipynb is a newer one beside the learner's
OWN_FILES = ("my_course*.json", "loss_checklist.md")  # written beside the notebooks before
NOTEBOOK = "[0-9][0-9]_*.ipynb"
ABANDONED = 60.0  # seconds: the age at which a half-written file is nobody's any more


def digest(notebook: dict[str, Any]) -> str:
    """What a person wrote in a notebook, as 16 hexadecimal digits: no output is part of it."""
    cells = [
        (cell["cell_type"], "".join(cell["source"]), cell.get("attachments", {}))
        for cell in notebook["cells"]
    ]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()[:16]


def edition(path: Path) -> tuple[str | None, bool]:
    """Which edition a notebook is (None if it does not say) and whether it is still as it was."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        said = notebook["metadata"].get("course", {}).get("edition")
        return said, said == digest(notebook)
    except (ValueError, KeyError, TypeError, AttributeError):  # half a file, or no notebook at all
        return None, False


def renew(originals: Path = ORIGINALS, copies: Path = COPIES) -> list[str]:
    """Make a copy without outputs of each notebook, or bring it up to date where nobody typed.

    Parameters
    ----------
    originals : Path
        The folder of the notebooks as they were built.
    copies : Path
        The learner's folder, made where it is missing. A copy in which something was typed stays
        as it is; a newer edition is put beside it, as ``NN_name-edition-2.ipynb``.

    Returns
    -------
    list of str
        What a learner should know, a sentence each.

    Raises
    ------
    OSError
        If the folder cannot be made or written. Every copy is then whole: the old one or the new.
    """
    found = sorted([*originals.glob(NOTEBOOK), *originals.glob(f"*/{NOTEBOOK}")])
    folders = sorted({copies, *(copies / one.relative_to(originals).parent for one in found)})
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
    for pattern in OWN_FILES:
        for file in originals.glob(pattern):
            if not (copies / file.name).exists():
                write_whole(copies / file.name, file.read_bytes())
    said = []
    for original in found:
        place = original.relative_to(originals)
        name = f"{originals.name}/{place.as_posix()}"
        newest, untouched = edition(original)
        try:
            content = _without_outputs(json.loads(original.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError):  # marks of a merge, perhaps
            said.append(
                f"{name} cannot be read as a notebook, so nothing was copied from it; "
                f"`git checkout {name}` brings it back."
            )
            continue
        _renew_one(copies / place, content, newest)
        if not untouched:  # typed into before there were copies; a first copy has it too
            said.append(
                f"{name} has been typed into. Your copy is in {copies.name}; take along what you "
                f"need from the other, then `git checkout {name}` brings the original back."
            )
    return said + [sentence for folder in folders for sentence in newer_editions(folder)]


def newer_editions(folder: Path = Path()) -> list[str]:
    """A sentence for each notebook of a folder that has a newer edition beside it."""
    newest: dict[str, tuple[int, str]] = {}
    for path in folder.glob(f"[0-9][0-9]_*{BESIDE}*.ipynb"):
        stem, _, number = path.stem.rpartition(BESIDE)
        if number.isdigit() and (folder / f"{stem}.ipynb").exists():
            newest[stem] = max(newest.get(stem, (0, "")), (int(number), path.name))
    return [
        f"There is a newer edition of {stem}.ipynb, beside yours: {name}."
        for stem, (_, name) in sorted(newest.items())
    ]


def _renew_one(copy: Path, content: bytes, newest: str | None) -> None:
    """Put an edition in the first place that is free, untouched, or has it already."""
    stem, number = copy.stem, 1
    while copy.exists():
        there, untouched = edition(copy)
        if there == newest:
            return
        if untouched:
            break
        number += 1
        copy = copy.with_name(f"{stem}{BESIDE}{number}.ipynb")
    write_whole(copy, content)


def _without_outputs(notebook: dict[str, Any]) -> bytes:
    """A notebook as it is before anybody has run it: nothing is told before it is asked."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
            cell["metadata"].pop("jupyter", None)  # nothing to fold
    return f"{json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)}\n".encode()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, whatever happens meanwhile."""
    half = path.with_name(f".{path.name}.{uuid.uuid4().hex}.half")
    try:
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    finally:
        with contextlib.suppress(OSError):
            half.unlink()


def _sweep(folder: Path) -> None:
    """Remove what a killed start has left half-written; another one may be writing right now."""
    for half in folder.glob(".*.half"):
        with contextlib.suppress(OSError):
            if time.time() - half.stat().st_mtime > ABANDONED:
                half.unlink()


def main(copies: Path = COPIES) -> Path:
    """Renew the copies and print what there is to know; stop with a sentence where it fails."""
    try:
        for sentence in renew(copies=copies):
            print(sentence)
    except OSError as error:
        free = shutil.disk_usage(ROOT).free // 2**20
        sys.exit(
            f"Your copies of the notebooks cannot be written to {copies}: {error.strerror or error}"
            f" ({free:,} MiB are free). What was there is unchanged. Give the course a folder that"
            " you may write to, and start again."
        )
    return copies


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
