"""Lists on their way in: take a file, judge its rows, decide, write, take out again, forget."""
