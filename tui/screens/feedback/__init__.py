"""The feedback screen: what departments say to each other, a tab for each kind of it."""
