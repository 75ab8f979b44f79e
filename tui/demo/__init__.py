"""`sameboat demo`: a launch two weeks under way, and two teammates who keep working on it while one looks around.

`people`, `items`, `talk`, `conflicts` and `lines` declare who there is and what is said; `history` writes it down as it
came about; `teammates` is the other process; `run` puts it together and takes it away again.
"""
