"""A second reader of the share, written from `sync/FORMAT.md` and `store/DESIGN.md` alone.

It shares no line with the program: what both read alike out of the same files is in the documents, and where they
differ a document or a program is wrong. It is plain rather than fast and keeps everything in memory.

    share = read_share(folder)              what lies there, checked: streams, ops, verdicts
    state = State(share.ops)                each cell's heads, and what is shown of them
"""

from tests.second_reader.share import Share, read_share
from tests.second_reader.state import State

__all__ = ["Share", "State", "read_share"]
