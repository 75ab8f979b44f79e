"""The feedback screen: what departments say to each other, a tab for each kind of it."""

from __future__ import annotations

from tui.actions import TALKING
from tui.screens.feedback.cases import CasesTab
from tui.screens.feedback.conflicts import ConflictsTab
from tui.screens.feedback.inbox import InboxTab
from tui.screens.feedback.meetings import MeetingsTab
from tui.screens.feedback.pool import PoolTab
from tui.screens.feedback.promises import PromisesTab
from tui.screens.feedback.pulse import PulseTab
from tui.screens.feedback.retros import RetrosTab
from tui.screens.tabbed import TabbedScreen
from tui.widgets.header import FEEDBACK


class FeedbackScreen(TabbedScreen):
    """Feedback, conflicts, promises, meetings, retrospectives, pulse and cases."""

    PLACE = FEEDBACK
    GROUP = TALKING
    HELD = "feedback_tab"
    TABS = (
        InboxTab,
        PoolTab,
        ConflictsTab,
        PromisesTab,
        MeetingsTab,
        RetrosTab,
        PulseTab,
        CasesTab,
    )
