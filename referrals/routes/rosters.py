"""Pages of a list from Excel: upload, columns, preview, progress, result."""
