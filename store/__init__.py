"""What is true: the declaration of kinds, the op log, merge, projections, queries and commands.

`store/DESIGN.md` explains the op model and lists the numbered invariants.
"""
