"""States for newcomers: the file, who takes one and when, how one is loaded, and its past fetched."""
