"""A lecture of each notebook, in slides with a speaker's notes: `make slides`."""
