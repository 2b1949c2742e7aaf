"""The course around cehelpers: engines, and a folder for each lesson.

- `picture`, `explorer`, `exercise`, `store`, `progress_bar`: engines, which know no lesson
- `lessons`: the list of lessons, and of each what only it needs

A notebook imports its lesson from `cecourse.lessons`, and from here what every notebook uses.
"""

from .exercise.report import progress
from .picture import new_figure, show

__all__ = ["new_figure", "progress", "show"]
