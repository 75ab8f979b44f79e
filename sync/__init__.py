"""What crosses machines: segments, the engine that brings homes and places up to date with each other, and the watcher.

    engine → pull, push, relay, compaction     one look at each place
    segment, names, links, reading             the files, what they are called, how they are chained and opened
    trust/        who may be believed          encryption/   who may read
    places/       where a share may lie        branches/     histories that forked
    snapshots/    states for newcomers

`sync/FORMAT.md` specifies the files and lists the numbered invariants.
"""
