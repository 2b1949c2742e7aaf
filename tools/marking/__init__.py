"""The exercises as an nbgrader course, and how its answers are marked: `make assignments`."""
