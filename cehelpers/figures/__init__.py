"""Pictures: plain functions from numbers to a Figure, one style, one way to show them.

Importing this package sets the course's matplotlib style, so that the pictures a learner draws
match those of the course.
"""

from ._style import new_figure, show

__all__ = ["new_figure", "show"]
