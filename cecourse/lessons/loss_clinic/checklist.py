"""The checklist of notebook 11: boxes to tick, kept in the learner's file, exported as Markdown."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from cecourse import store, widgets
from cecourse.palette import REMARK

SECTION = "checklist"  # of the learner's file
FILE = "loss_checklist.md"
TITLE = "Loss checklist"

ITEMS = {  # key: what to do, and the notebook that says why
    "labels": ("I know the label type: one of two, one of K, any of K, ordered; soft?", "05"),
    "rows": ("I have read fifty rows with their labels, the costliest first.", "03"),
    "fused": ("The loss takes logits, and the last layer has no activation.", "04"),
    "start": (
        "The first loss is near ln K; or near the base rate's entropy, if the last bias "
        "starts there.",
        "11",
    ),
    "overfit": ("Twenty rows can be learned by heart, to a loss near its floor.", "11"),
    "weights": (
        "Weights or focal loss are there only because recall was checked at a chosen cut, "
        "and they are undone before anybody reads a probability.",
        "09",
    ),
    "metrics": ("Each epoch logs log loss on new rows beside a ranking metric such as AUC.", "11"),
    "calibrate": ("Probabilities that decide about money or health were calibrated.", "08"),
    "cut": ("The cut comes from costs or from held-out rows, never from habit.", "09"),
    "smoothing": (
        "Where labels were smoothed no output is read raw: it was calibrated, and compared with "
        "hard labels calibrated alike.",
        "07",
    ),
    "baseline": ("The report names the log loss of the base rate beside mine.", "03"),
    "written": ("The report says reduction, base of the logarithm, and weights.", "11"),
}


def kept_ticks() -> set[str]:
    """The keys ticked so far, from the learner's file."""
    return {key for key, ticked in store.read(SECTION).items() if ticked is True and key in ITEMS}


def as_markdown(ticked: Iterable[str], project: str = "") -> str:
    """The list as Markdown, with a box for each item; `project` stands in the heading.

    Examples
    --------
    >>> print(as_markdown({"fused"}, "Spam").splitlines()[0])
    # Loss checklist: Spam
    """
    ticked = set(ticked)
    unknown = ticked - set(ITEMS)
    if unknown:
        raise ValueError(f"ticked names no item: {sorted(unknown)}")
    heading = f"# {TITLE}: {project.strip()}" if project.strip() else f"# {TITLE}"
    lines = [
        f"- [{'x' if key in ticked else ' '}] {text} (notebook {number})"
        for key, (text, number) in ITEMS.items()
    ]
    done = f"{len(ticked)} of {len(ITEMS)} done."
    return "\n".join([heading, "", *lines, "", done, ""])


def write_new(name: str, text: str) -> str:
    """Write a text to a file that must not exist yet; return a sentence that says what happened."""
    name = name.strip()
    if not name:
        return "Give the file a name, such as loss_checklist.md."
    path, made = Path(name).expanduser(), False
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            made = True
            file.write(text)
    except FileExistsError:
        return f"{name} exists already and was left as it is. Choose another name."
    except (OSError, ValueError) as error:
        if made:  # a full disk: leave no half of a file in the way of the next try
            path.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        return f"{name} could not be written: {reason}."
    return f"Written to {name}."


class Checklist(widgets.VBox):
    """Boxes to tick and a name for your project, each kept at once; a button that writes a file.

    Attributes
    ----------
    boxes : dict of str to Checkbox
    project, file : Text
    export : Button
    said : str
        What the last export answered.
    """

    def __init__(self):
        ticked = kept_ticks()
        self.boxes = {key: self._box(key, key in ticked) for key in ITEMS}
        wide = {"width": "min(100%, 560px)"}
        style = {"description_width": "170px"}
        named = str(store.read(SECTION, "project", ""))
        self.project = widgets.Text(named, description="Your project", layout=wide, style=style)
        self.file = widgets.Text(FILE, description="File to write", layout=wide, style=style)
        self.export = widgets.Button(
            description="Export as Markdown",
            tooltip="Write the list to the file, unless a file of this name exists",
            layout={"width": "auto", "align_self": "flex-start"},
        )
        self._answer = widgets.HTML()
        self._preview = widgets.HTML()
        self.said = ""
        rows = [widgets.HBox([box, self._words(key)]) for key, box in self.boxes.items()]
        super().__init__([*rows, self.project, self.file, self.export, self._answer, self._preview])
        self.add_class("ce-checklist")
        self.export.on_click(lambda _: self._write())
        self.project.observe(lambda change: self._keep("project", change.new), names="value")
        self._show()

    @property
    def ticked(self) -> set[str]:
        """The keys of the boxes that are ticked."""
        return {key for key, box in self.boxes.items() if box.value}

    @property
    def markdown(self) -> str:
        """The list as it would be written now."""
        return as_markdown(self.ticked, self.project.value)

    def _box(self, key: str, ticked: bool) -> widgets.Checkbox:
        text, _ = ITEMS[key]
        box = widgets.Checkbox(
            ticked,
            description=text,
            tooltip=text,
            indent=False,
            layout={"width": "auto", "max_width": "640px"},
        )
        box.observe(lambda change: self._keep(key, change.new), names="value")
        return box

    def _words(self, key: str) -> widgets.HTML:
        return widgets.HTML(f'<span style="color:{REMARK}">notebook {ITEMS[key][1]}</span>')

    def _keep(self, key: str, value: bool | str) -> None:
        store.write(SECTION, key, value)
        self._show()

    def _write(self) -> None:
        self.said = write_new(self.file.value, self.markdown)
        self._answer.value = f'<p role="status">{html.escape(self.said)}</p>'

    def _show(self) -> None:
        self._preview.value = (
            "<details><summary>The list as Markdown</summary>"
            f"<pre>{html.escape(self.markdown)}</pre></details>"
        )

    def _repr_mimebundle_(self, **kwargs):
        """The boxes, and for readers without a kernel the list as text."""
        still = f"<pre>{html.escape(self.markdown)}</pre>"
        return {"text/plain": self.markdown, "text/html": still} | self.live(), {}


def checklist() -> Checklist:
    """The practitioner's checklist: tick, and export."""
    return Checklist()
