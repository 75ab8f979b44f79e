"""What crosses machines: segments, the directory transport, the engine and the watcher.

`sync/FORMAT.md` specifies the files and lists the numbered invariants.
"""
