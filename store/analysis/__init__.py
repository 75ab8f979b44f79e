"""What can be reckoned from the rows of a workspace: pure functions, no SQL, no clock."""
