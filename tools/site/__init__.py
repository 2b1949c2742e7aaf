"""The book and the lab in the browser: `make site`."""
