"""An exam with numbers of its own for each student: `make exam`."""
