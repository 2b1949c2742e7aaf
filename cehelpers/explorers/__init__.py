"""Explorers: sliders over the figures of the course. One module for each notebook."""

from ._explorer import Explorer

__all__ = ["Explorer"]
