"""What is printed: handouts, readers, the book, the cheat sheet, keys: `make handouts key`."""
