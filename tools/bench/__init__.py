"""Measures of speed, memory, accuracy and diagnosis, side by side: `make bench`."""
