"""The course's marking inside nbgrader: its own commands use it, in a folder of assignments.

`nbgrader zip_collect` finds whose each file of a platform's zip is; `nbgrader autograde` restores
each copy, has the answers marked by `tools.marking` in place of running the notebook, and finds
scores and sentences in the cells under the answers; `nbgrader generate_feedback` makes pages that
need no network; `nbgrader export` writes the gradebook for Moodle and Canvas too.
"""

from __future__ import annotations

import csv
import html
import re
import unicodedata
import warnings
from functools import cached_property
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.plugins.export import CsvExportPlugin
from nbgrader.plugins.zipcollect import FileNameCollectorPlugin
from nbgrader.preprocessors import Execute, GetGrades, NbGraderPreprocessor
from sqlalchemy.exc import SAWarning
from traitlets import Bool, Float, Unicode

from cecourse import palette
from cecourse.exercise.display import box, rich
from tools.marking import marker

MATH = re.compile(r"\$\$(.+?)\$\$|\$(?!\s)([^$\n]+?)(?<!\s)\$", re.DOTALL)
NO_MATH = re.compile(r"(<(pre|code|style|script|title)\b.*?</\2>|<[^>]+>)", re.DOTALL)


def configure(c, config_file: str) -> None:
    """Set up nbgrader, from the nbgrader_config.py of a course folder."""
    folder = str(Path(config_file).resolve().parent)
    ours = "tools.marking.nbgrader"
    warnings.simplefilter("ignore", SAWarning)  # nbgrader's own: three for each student
    c.ZipCollectApp.collector_plugin = f"{ours}.Zipped"
    c.Autograde.sanitize_preprocessors = [
        f"{ours}.Restore",
        *Autograde.sanitize_preprocessors.default_args[0],
    ]
    c.Autograde.autograde_preprocessors = [
        f"{ours}.Marking" if one is Execute else one
        for one in Autograde.autograde_preprocessors.default_args[0]
    ]
    cells = f"{ours}.FeedbackCells"
    c.GenerateFeedback.preprocessors = [GetGrades, cells, CSSHTMLHeaderPreprocessor]
    c.GenerateFeedback.exporter_class = f"{ours}.FeedbackPage"
    c.FeedbackPage.template_name = "answers"  # nbgrader sets both for its own pages
    c.FeedbackPage.exclude_anchor_links = True
    c.FeedbackPage.extra_template_basedirs = [str(Path(__file__).parent / "templates")]
    c.ExportApp.plugin_class = f"{ours}.Gradebooks"
    for one in (c.Restore, c.Marking, c.FeedbackCells):
        one.folder = folder


# ---------------------------------------------------------------- collecting


class Zipped(FileNameCollectorPlugin):
    """Whose each file of a platform's zip is: it begins with a student and `_`, or its folder does.

    The student is an id, or a name in the roster as a platform writes it: `Ada Ruiz_71_…` is
    Moodle's, `ruizada_71_…` Canvas'. What has the assignment's name in its own is the assignment,
    as `… (1).ipynb` too. No notebook is lost: who is in no roster is found by `marking_check`.
    """

    def collect(self, submitted_file: str) -> dict | None:
        """Return student and notebook of a file, unless it is no notebook."""
        app, path = self.parent, Path(submitted_file)
        if path.suffix not in self.valid_ext:
            return None
        name = app.coursedir.assignment_id
        place = path.relative_to(app._format_collect_path(app.extracted_directory)).parts
        parts = [one for one in place if "_" in one and not one.startswith(name)]
        begin = [one.partition("_")[0] for one in parts or [path.stem]]
        known = [self.roster.get(one) or self.roster.get(letters(one)) for one in begin]
        student = next(filter(None, known), begin[-1])
        notebook = name if name in path.stem else path.stem
        while (student, notebook) in self.taken:
            notebook += " again"
        self.taken.add((student, notebook))
        return {"student_id": student, "file_id": notebook}

    @cached_property
    def taken(self) -> set[tuple[str, str]]:
        """Students with the notebooks that are theirs already."""
        return set()

    @cached_property
    def roster(self) -> dict[str, str]:
        """Ids by id and by name; a name that two students have is nobody's."""
        course, by_name = self.parent.coursedir, {}
        with Gradebook(course.db_url, course.course_id) as gradebook:
            students = [(s.id, s.first_name or "", s.last_name or "") for s in gradebook.students]
        for student, first, last in students:
            for name in {letters(first + last), letters(last + first)}:
                by_name[name] = "" if name in by_name else student
        return by_name | {student: student for student, _first, _last in students}


def letters(name: str) -> str:
    """The letters and digits of a name, small: all that platforms leave of it alike."""
    text = unicodedata.normalize("NFC", name).casefold()
    return "".join(one for one in text if one.isalnum())


# ---------------------------------------------------------------- marking


class _Ours(NbGraderPreprocessor):
    """A step that reads the course folder."""

    folder = Unicode(".", help="The course folder, with source/ in it.").tag(config=True)

    def source(self, resources):
        """Our version of a notebook."""
        about = resources["nbgrader"]
        path = Path(self.folder, "source", about["assignment"], f"{about['notebook']}.ipynb")
        return nbformat.read(path, as_version=4)


class Restore(_Ours):
    """Put a student's answers into the assignment as it was given out."""

    def preprocess(self, nb, resources):
        """See `marker.restored`."""
        return marker.restored(self.source(resources), nb), resources


class Marking(_Ours):
    """Mark the answers, and write score and sentence into the cells under them."""

    seconds = Float(marker.SECONDS, help="For a cell, and for a call of a function.").tag(
        config=True
    )

    def preprocess(self, nb, resources):
        """See `marker.mark_notebook`."""
        about = resources["nbgrader"]
        student, assignment, folder = about["student"], about["assignment"], Path(self.folder)
        seeds = marker.seeds_of(folder, assignment, student)
        marks = marker.mark_notebook(nb, student, seeds, self.seconds)
        told = {one.exercise.id: one.mark for one in marks.values()}
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = []
            if marker.role(cell) == "check":
                cell.outputs = outputs(told[cell.metadata["exercise"]["id"]])
        marker.write_marks(folder / "marks.csv", student, assignment, marks)
        return nb, resources


def outputs(mark: marker.Mark) -> list:
    """The outputs by which nbgrader scores a cell, a number as its result; above it the words."""
    from nbformat.v4 import new_output

    status = mark.status
    words = {"text/plain": mark.text, "text/html": box(mark.text, status)}
    score = new_output("execute_result", {"text/plain": f"{mark.points:g}"}, execution_count=1)
    return [new_output("display_data", words), score]


# ---------------------------------------------------------------- feedback


class FeedbackCells(_Ours):
    """Give each check cell its exercise's title, its words alone, and perhaps the solution."""

    solutions = Bool(False, help="Whether the pages hold solutions: after the deadline.").tag(
        config=True
    )

    def preprocess(self, nb, resources):
        """Prepare a marked notebook for its page."""
        about, resources["palette"] = resources["nbgrader"], palette.css()
        seeds = marker.seeds_of(Path(self.folder), about["assignment"], about["student"])
        ours = {marker.id_of(cell): cell for cell in self.source(resources).cells}
        heading, about["title"] = "", nb.cells[0].source.partition("\n")[0].lstrip("# ")
        for cell in nb.cells:
            found = re.search(r"^### (.+)", cell.source, re.MULTILINE)
            if cell.cell_type == "markdown" and found:
                heading = found[1]
            if marker.role(cell) == "check":
                known = cell.metadata.nbgrader
                known["title"] = heading
                cell.outputs = [o for o in cell.outputs if o.output_type == "display_data"]
                if self.solutions:
                    exercise = marker.asked(ours[known["grade_id"]]).exercise
                    told = "".join(one.data["text/plain"] for one in cell.outputs)
                    mine = exercise.instance(seeds.get(exercise.id, 0))
                    known["solution_of"] = solution(mine, told)
        return nb, resources


def solution(exercise, told: str) -> tuple[str, str]:
    """A solution in words, as HTML, and in code; without the words, if they were told already."""
    code = "" if exercise.kind == "choice" else exercise.source()
    if exercise.right in told:
        return "", code
    words = re.sub(r"^\w+[:,.] ", "", exercise.right)  # it begins with "Right"
    words = words[:1].upper() + words[1:]
    if exercise.kind == "choice":
        words = f"{exercise.key}: {exercise.choices[exercise.key]}\n\n{words}"
    return rich(words), code


class FeedbackPage(HTMLExporter):
    """A page on its own: formulas are MathML, and nothing is fetched from anywhere."""

    def from_notebook_node(self, nb, resources=None, **kw):
        """Return the page and nbconvert's resources."""
        page, resources = super().from_notebook_node(nb, resources, **kw)
        return with_formulas(page), resources


def with_formulas(page: str) -> str:
    """Set the formulas of a page, from TeX between dollars, outside its code."""
    from tools.site.reading import mathml

    def formula(found: re.Match) -> str:
        text = html.unescape(found[1] or found[2])
        return mathml(text, display=found[1] is not None)

    parts = NO_MATH.split(page)  # text, a tag or code, its name or None, and so on
    texts = [MATH.sub(formula, text) for text in parts[::3]]
    tags = [*parts[1::3], ""]
    return "".join(a + b for a, b in zip(texts, tags, strict=True))


# ---------------------------------------------------------------- gradebooks


class Gradebooks(CsvExportPlugin):
    """nbgrader's grades.csv, and beside it a file that Moodle imports and one for Canvas."""

    def export(self, gradebook) -> None:
        """Write the three files."""
        super().export(gradebook)
        place = Path(self.to or "grades.csv").parent
        only = {str(one) for one in self.assignment}
        # one that nobody has handed in is no column yet
        assignments = [
            a for a in gradebook.assignments if a.submissions and (not only or a.name in only)
        ]
        titles = [a.name for a in assignments]
        most = [f"{a.max_score:g}" for a in assignments]
        scores = {}
        for a in assignments:
            for submission in a.submissions:
                score = submission.score - (submission.late_submission_penalty or 0)
                scores[submission.student.id, a.name] = f"{max(score, 0):.2f}"
        moodle = [["First name", "Last name", "ID number", "Email address", *titles]]
        canvas = [
            ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles],
            ["    Points Possible", "", "", "", "", *most],
        ]
        for s in gradebook.students:
            row = [scores.get((s.id, title), "") for title in titles]
            first, last = s.first_name or "", s.last_name or ""
            dashes = [one or "-" for one in row]  # Moodle's "no grade"; an empty place may be a 0
            moodle.append([first, last, s.id, s.email or "", *dashes])
            name = ", ".join(filter(None, [last, first])) or s.id
            canvas.append([name, "", s.id, s.email or "", "", *row])
        for name, rows in (("moodle", moodle), ("canvas", canvas)):
            with (place / f"gradebook-{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
