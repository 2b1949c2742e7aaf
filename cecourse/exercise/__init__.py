"""The engine of the exercises: it recognises which mistake was made, and keeps the record."""
