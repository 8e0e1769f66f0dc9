"""Pages of classes and home visits: open one, who came, close it."""
