"""The goals screen: what the departments want to reach, who stands behind it, and what is still open about it."""
