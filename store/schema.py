"""The one declaration of what a workspace holds.

Tables, forms, import, export, history and help are derived from `KINDS`: adding a field is one line here.
This module is on the path of every command, so it imports nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# How a field merges and is stored. The name says both; `store/DESIGN.md` has the rules.
TEXT = "text"  # one line, multi-value register
LONGTEXT = "longtext"  # many lines, multi-value register, three-way merge offered when heads diverge
CHOICE = "choice"  # one of `choices`; a choice from a newer program is kept and shown as it is
INTEGER = "integer"
NUMBER = "number"
FLAG = "flag"
DATE = "date"  # ISO day, YYYY-MM-DD
DATETIME = "datetime"  # ISO instant with offset
REF = "ref"  # the id of an entity of kind `to`
PARENT = "parent"  # a REF to the same kind that forms a tree: cycles are cut, the same on every replica
PLACE = "place"  # {"status": id, "rank": key}: one cell, so a move cannot half-merge
SET = "set"  # observed-remove set, add wins; elements are text, or ids of `to`
MAP = "map"  # one register per key

SCALARS = frozenset({TEXT, LONGTEXT, CHOICE, INTEGER, NUMBER, FLAG, DATE, DATETIME, REF, PARENT})

# Sizes in characters. Bounded so that one paste cannot make a workspace unusable for everybody.
LIMITS = {TEXT: 2_000, LONGTEXT: 200_000, SET: 500, MAP: 20_000}


def N_(text: str) -> str:
    """Mark a label for translation where no language is chosen yet."""
    return text


class Field:
    """One field of a kind: its type says how it is stored and how it merges."""

    __slots__ = ("choices", "default", "high", "label", "low", "name", "required", "searchable", "to", "type")

    def __init__(
        self,
        name: str,
        type: str,  # noqa: A002 - the domain's word
        label: str,
        *,
        to: str = "",
        choices: tuple[str, ...] = (),
        default: object = None,
        required: bool = False,
        searchable: bool = False,
        low: float | None = None,
        high: float | None = None,
    ) -> None:
        self.name = name
        self.type = type
        self.label = label
        self.to = to
        self.choices = choices
        self.default = default
        self.required = required
        self.searchable = searchable
        self.low = low
        self.high = high


class Kind:
    """A kind of entity: its name, its label and its fields in the order a form shows them."""

    __slots__ = ("fields", "label", "name", "plural", "short")

    def __init__(
        self, name: str, label: str, plural: str, fields: tuple[Field, ...], *, short: bool = False
    ) -> None:
        self.name = name
        self.label = label
        self.plural = plural
        self.fields = {field.name: field for field in fields}
        self.short = short

    def scalars(self) -> Iterator[Field]:
        """Yield the fields that hold one value, in order: each is a column of the kind's table."""
        return (field for field in self.fields.values() if field.type in SCALARS)


ITEM_KINDS = (N_("requirement"), N_("task"), N_("milestone"), N_("action"), N_("bug"), N_("risk"))
ROOT_CAUSES = (
    N_("communication"), N_("priority"), N_("resources"), N_("roles"), N_("goals"), N_("trust"), N_("other"),
)  # fmt: skip
CONFLICT_STATES = (
    N_("logged"), N_("confirmed"), N_("negotiating"), N_("decided"), N_("checking"), N_("closed"),
    N_("escalated"), N_("reopened"),
)  # fmt: skip
OPEN_CONFLICT_STATES = tuple(state for state in CONFLICT_STATES if state != "closed")
CATEGORIES = (N_("todo"), N_("doing"), N_("done"))
TRUST = (N_("approved"), N_("revoked"))
LINK_TYPES = ("FS", "SS", "FF", "SF")
ANSWERS = (N_("on track"), N_("moved"), N_("blocked"), N_("finished"))
REASONS = (
    N_("scope changed"), N_("estimate was wrong"), N_("waited for others"), N_("no capacity"),
    N_("decision was late"), N_("rework"), N_("from outside"), N_("other"),
)  # fmt: skip
ORIGINS = (N_("department"), N_("customer"), N_("retro"), N_("interview"), N_("elsewhere"))
FEEDBACK_STATES = (N_("inbox"), N_("linked"), N_("duplicate"), N_("declined"), N_("snoozed"), N_("answered"))
COMMITMENT_STATES = (N_("promised"), N_("renegotiated"), N_("kept"), N_("broken"))
OPEN_COMMITMENT_STATES = ("promised", "renegotiated")
MEETING_KINDS = (
    N_("kickoff"),
    N_("weekly"),
    N_("joint"),
    N_("review meeting"),
    N_("retrospective"),
    N_("meeting"),
)
POINT_STATES = (N_("to discuss"), N_("covered"), N_("next time"))
RETRO_FORMATS = ("ssc", "4ls", "kiss", "grai", "sailboat")
# A retrospective's course: everybody writes unseen; revealing shows all cards at once; then grouping, voting, actions.
RETRO_STATES = (N_("writing"), N_("grouping"), N_("voting"), N_("acting"), N_("ended"))
GOAL_STATES = (N_("pursued"), N_("reached"), N_("missed"), N_("dropped"))
GOAL_ANSWERS = (N_("acknowledged"), N_("objected"))
NEED_SORTS = (N_("need"), N_("challenge"))
NEED_KINDS = (
    N_("people"), N_("time"), N_("information"), N_("decisions"), N_("tools"), N_("money"), N_("quality"), N_("other"),
)  # fmt: skip
NEED_STATES = (N_("raised"), N_("confirmed"), N_("met"), N_("parked"))
REQUEST_STATES = (N_("asked for"), N_("granted"), N_("refused"), N_("withdrawn"))
PICK_STATES = (N_("planned"), N_("done"), N_("carried over"), N_("let go"))
VIEW_KINDS = (N_("board"), N_("timeline"), N_("list"))
MOSCOW = (N_("must"), N_("should"), N_("could"), N_("won't"))
KANO_ANSWERS = (N_("like it"), N_("expect it"), N_("do not care"), N_("live with it"), N_("dislike it"))

# Fields every kind has. `custom` keeps what an import found no better room for.
COMMON = (
    Field("labels", SET, N_("Labels")),
    Field("custom", MAP, N_("Custom fields")),
    Field("source", TEXT, N_("Imported from")),
    Field("created", DATETIME, N_("Originally created")),
)


def _kind(name: str, label: str, plural: str, *fields: Field, short: bool = False) -> Kind:
    head = (Field("short", TEXT, N_("Short id")),) if short else ()
    return Kind(name, label, plural, head + fields + COMMON, short=short)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind(
            "workspace",
            N_("Workspace"),
            N_("Workspaces"),
            Field("title", TEXT, N_("Name"), required=True),
            Field("vision", LONGTEXT, N_("Vision")),
            Field("approval", FLAG, N_("New devices need approval"), default=False),
            # Whose public holidays are free: an ISO 3166 code, with a region after a hyphen where it has its own.
            Field("country", TEXT, N_("Public holidays of")),
            # How many days two departments let pass between meetings; the key is both ids in order, with a full stop.
            Field("cadence", MAP, N_("Days between meetings")),
        ),
        _kind(
            "department",
            N_("Department"),
            N_("Departments"),
            Field("title", TEXT, N_("Name"), required=True),
            Field("title_en", TEXT, N_("English name")),
            Field("code", TEXT, N_("Code")),
            Field("aliases", SET, N_("Aliases")),
            Field("colour", TEXT, N_("Colour")),
            Field("contact", REF, N_("Contact"), to="member"),
            Field("steps", LONGTEXT, N_("Workflow steps, one a line")),
            Field("country", TEXT, N_("Public holidays of")),
            Field("rank", TEXT, N_("Order")),
        ),
        _kind(
            "member",
            N_("Member"),
            N_("Members"),
            Field("title", TEXT, N_("Name"), required=True),
            Field("code", TEXT, N_("Code")),
            Field("aliases", SET, N_("Aliases")),
            Field("department", REF, N_("Department"), to="department"),
            Field("capacity", NUMBER, N_("Hours a week"), low=0, high=168),
        ),
        _kind(
            "device",
            N_("Device"),
            N_("Devices"),
            Field("title", TEXT, N_("Name")),
            Field("member", REF, N_("Member"), to="member"),
            Field("code", TEXT, N_("Code")),
            Field("key", TEXT, N_("Public key")),
            Field("seal", TEXT, N_("Encryption key")),
            Field("trust", CHOICE, N_("Trust"), choices=TRUST),
            # By "<observing device>.<incarnation>", how many of this device's ops the observer had taken.
            Field("accepted", MAP, N_("Taken up to")),
        ),
        _kind(
            "status",
            N_("Status"),
            N_("Statuses"),
            Field("title", TEXT, N_("Name"), required=True),
            Field("title_en", TEXT, N_("English name")),
            Field("category", CHOICE, N_("Category"), choices=CATEGORIES, default="todo"),
            Field("wip", INTEGER, N_("WIP limit"), low=0, high=10_000),
            Field("definition_of_done", LONGTEXT, N_("Definition of done")),
            Field("rank", TEXT, N_("Order")),
        ),
        _kind(
            "item",
            N_("Item"),
            N_("Items"),
            Field("title", TEXT, N_("Title"), required=True, searchable=True),
            Field("kind", CHOICE, N_("Kind"), choices=ITEM_KINDS, default="task"),
            Field("place", PLACE, N_("Status"), to="status"),
            Field("owner", REF, N_("Owner"), to="member"),
            Field("department", REF, N_("Department"), to="department"),
            Field("priority", INTEGER, N_("Priority"), low=0, high=4),
            Field("due", DATE, N_("Due")),
            Field("start", DATE, N_("Start")),
            Field("effort", NUMBER, N_("Effort, hours"), low=0, high=100_000),
            Field("blocked", TEXT, N_("Blocked because"), searchable=True),
            Field("description", LONGTEXT, N_("Description"), searchable=True),
            Field("acceptance", LONGTEXT, N_("Acceptance"), searchable=True),
            Field("participants", SET, N_("Participants"), to="member"),
            Field("requested_by", REF, N_("Requested by"), to="department"),
            Field("goal", REF, N_("Goal"), to="goal"),
            Field("parent", PARENT, N_("Parent"), to="item"),
            Field("duration", NUMBER, N_("Duration, working days"), low=0, high=100_000),
            Field("remaining", NUMBER, N_("Remaining, hours"), low=0, high=100_000),
            Field("pinned", FLAG, N_("Start fixed by hand")),
            Field("came_from", REF, N_("Derived from"), to="*"),
            Field("meeting", REF, N_("Meeting"), to="meeting"),
            Field("verify", TEXT, N_("How it is verified")),
            Field("verified", DATE, N_("Verified on")),
            Field("remind", DATE, N_("Remind on")),
            # An RRULE; the ids of later occurrences are derived from the first item, the series, and their dates.
            Field("recurrence", TEXT, N_("Repeats")),
            Field("series", REF, N_("Series"), to="item"),
            Field("occurrence", DATE, N_("Occurrence of")),
            # What `store.analysis.scoring` ranks by; what each number means stands there.
            Field("reach", NUMBER, N_("Reach, people a quarter"), low=0, high=10**9),
            Field("impact", NUMBER, N_("Impact"), low=0, high=10),
            Field("confidence", NUMBER, N_("Confidence, %"), low=0, high=100),
            Field("ease", NUMBER, N_("Ease"), low=0, high=10),
            Field("value", NUMBER, N_("Value"), low=0, high=10**9),
            Field("urgency", NUMBER, N_("Time criticality"), low=0, high=100),
            Field("risk_reduction", NUMBER, N_("Risk reduction"), low=0, high=100),
            Field("size", NUMBER, N_("Job size"), low=0, high=10**9),
            Field("moscow", CHOICE, N_("MoSCoW"), choices=MOSCOW),
            Field("kano_with", CHOICE, N_("Kano: if it is there"), choices=KANO_ANSWERS),
            Field("kano_without", CHOICE, N_("Kano: if it is not"), choices=KANO_ANSWERS),
            short=True,
        ),
        # Two items have one dependency; its id is derived from theirs, so that two replicas never make it twice.
        _kind(
            "dependency",
            N_("Dependency"),
            N_("Dependencies"),
            Field("predecessor", REF, N_("Predecessor"), to="item", required=True),
            Field("successor", REF, N_("Successor"), to="item", required=True),
            Field("type", CHOICE, N_("Type"), choices=LINK_TYPES, default="FS"),
            Field("lag", INTEGER, N_("Lag, working days"), low=-10_000, high=10_000, default=0),
        ),
        # A day that the workspace, or one department, has for itself: free, or worked on all the same.
        _kind(
            "day",
            N_("Day of our own"),
            N_("Days of our own"),
            Field("title", TEXT, N_("Name")),
            Field("date", DATE, N_("Day"), required=True),
            Field("working", FLAG, N_("Worked on"), default=False),
            Field("department", REF, N_("Department"), to="department"),
        ),
        _kind(
            "absence",
            N_("Absence"),
            N_("Absences"),
            Field("title", TEXT, N_("Why")),
            Field("member", REF, N_("Member"), to="member", required=True),
            Field("first", DATE, N_("First day"), required=True),
            Field("last", DATE, N_("Last day"), required=True),
        ),
        # The plan as it was at a moment: the op log has the rest.
        _kind(
            "baseline",
            N_("Baseline"),
            N_("Baselines"),
            Field("title", TEXT, N_("Name"), required=True),
            Field("at", DATETIME, N_("As of"), required=True),
        ),
        _kind(
            "review",
            N_("Review of the plan"),
            N_("Reviews of the plan"),
            Field("at", DATETIME, N_("Held"), required=True),
            Field("summary", LONGTEXT, N_("Summary")),
        ),
        # What was said of one item: at a review, or when somebody asked why it moved.
        _kind(
            "checkin",
            N_("Check-in"),
            N_("Check-ins"),
            Field("item", REF, N_("Item"), to="item", required=True),
            Field("review", REF, N_("Review of the plan"), to="review"),
            Field("answer", CHOICE, N_("Answer"), choices=ANSWERS),
            Field("reason", CHOICE, N_("Reason for change"), choices=REASONS),
            Field("note", TEXT, N_("Note")),
            Field("was", DATE, N_("Planned until then")),
            Field("now", DATE, N_("Planned from then")),
        ),
        _kind(
            "goal",
            N_("Goal"),
            N_("Goals"),
            Field("title", TEXT, N_("Title"), required=True, searchable=True),
            Field("description", LONGTEXT, N_("Why"), searchable=True),
            Field("metric", TEXT, N_("Metric")),
            # A target below the baseline means that less is better.
            Field("baseline", NUMBER, N_("Baseline value"), low=-(10**15), high=10**15),
            Field("target", NUMBER, N_("Target"), low=-(10**15), high=10**15),
            Field("current", NUMBER, N_("Current value"), low=-(10**15), high=10**15),
            Field("period", TEXT, N_("Period")),
            Field("due", DATE, N_("Due")),
            Field("owner", REF, N_("Owner"), to="member"),
            Field("department", REF, N_("Department"), to="department"),
            Field("parent", PARENT, N_("Parent"), to="goal"),
            Field("state", CHOICE, N_("State"), choices=GOAL_STATES, default="pursued"),
            # What each department says to it, and why where it objects; the key is the department.
            Field("answer", MAP, N_("Answers")),
            Field("objection", MAP, N_("Objections")),
            Field("rank", TEXT, N_("Order")),
            short=True,
        ),
        _kind(
            "conflict",
            N_("Conflict"),
            N_("Conflicts"),
            Field("title", TEXT, N_("Topic"), required=True, searchable=True),
            Field("parties", SET, N_("Parties"), to="department"),
            Field("severity", INTEGER, N_("Severity"), low=1, high=4),
            Field("root_cause", CHOICE, N_("Root cause"), choices=ROOT_CAUSES),
            Field("state", CHOICE, N_("State"), choices=CONFLICT_STATES, default="logged"),
            Field("decider", REF, N_("Decider"), to="member"),
            Field("follow_up", DATE, N_("Follow-up")),
            Field("description", LONGTEXT, N_("Notes"), searchable=True),
            Field("options", LONGTEXT, N_("Options"), searchable=True),
            Field("decision", LONGTEXT, N_("Decision"), searchable=True),
            Field("shared_goal", TEXT, N_("Shared goal"), searchable=True),
            Field("goal", REF, N_("Goal"), to="goal"),
            Field("items", SET, N_("Affected items"), to="item"),
            Field("position", MAP, N_("Position")),
            Field("interest", MAP, N_("Interest")),
            Field("check", MAP, N_("Check, 1 to 5"), low=1, high=5),
            Field("meeting", REF, N_("Meeting"), to="meeting"),
            Field("decided", DATE, N_("Decided on")),
            Field("escalated_to", REF, N_("Escalated to"), to="member"),
            Field("case", REF, N_("Settled as in"), to="case"),
            short=True,
        ),
        _kind(
            "customer",
            N_("Customer"),
            N_("Customers"),
            Field("title", TEXT, N_("Name"), required=True),
            Field("aliases", SET, N_("Aliases")),
            Field("size", NUMBER, N_("Size"), low=0, high=10**12),
        ),
        _kind(
            "feedback",
            N_("Feedback"),
            N_("Feedback"),
            Field("title", TEXT, N_("In short"), required=True, searchable=True),
            Field("verbatim", LONGTEXT, N_("In their words"), searchable=True),
            Field("state", CHOICE, N_("State"), choices=FEEDBACK_STATES, default="inbox"),
            Field("origin", CHOICE, N_("Source"), choices=ORIGINS),
            Field("department", REF, N_("Department"), to="department"),
            Field("customer", REF, N_("Customer"), to="customer"),
            Field("said_by", TEXT, N_("Said by")),
            Field("channel", TEXT, N_("Channel")),
            Field("importance", INTEGER, N_("Importance"), low=0, high=3),
            Field("voters", SET, N_("Voters"), to="member"),
            Field("customers", SET, N_("Wanted by"), to="customer"),
            Field("items", SET, N_("Linked items"), to="item"),
            Field("duplicate_of", REF, N_("Duplicate of"), to="feedback"),
            Field("reason", TEXT, N_("Why not")),
            Field("until", DATE, N_("Snoozed until")),
            Field("reply", LONGTEXT, N_("Answer"), searchable=True),
            Field("answered", DATE, N_("Answered on")),
            Field("meeting", REF, N_("Meeting"), to="meeting"),
            short=True,
        ),
        _kind(
            "commitment",
            N_("Commitment"),
            N_("Commitments"),
            Field("title", TEXT, N_("Promised"), required=True, searchable=True),
            Field("from_department", REF, N_("Promised by"), to="department"),
            Field("to_department", REF, N_("Promised to"), to="department"),
            Field("owner", REF, N_("Owner"), to="member"),
            Field("receiver", REF, N_("Receiver"), to="member"),
            Field("due", DATE, N_("Due")),
            Field("state", CHOICE, N_("State"), choices=COMMITMENT_STATES, default="promised"),
            # What it was due before it was renegotiated; a promise that has one was not kept as it was made.
            Field("first_due", DATE, N_("First promised for")),
            Field("ended", DATE, N_("Ended on")),
            Field("confirmed", REF, N_("Confirmed by"), to="member"),
            Field("reason", TEXT, N_("Why")),
            Field("follows", REF, N_("In place of"), to="commitment"),
            Field("about", REF, N_("About"), to="*"),
            Field("meeting", REF, N_("Meeting"), to="meeting"),
            Field("description", LONGTEXT, N_("Notes"), searchable=True),
            short=True,
        ),
        # Its notes are comments: two who write at once both stand.
        _kind(
            "meeting",
            N_("Meeting"),
            N_("Meetings"),
            Field("title", TEXT, N_("Title"), required=True, searchable=True),
            Field("kind", CHOICE, N_("Kind"), choices=MEETING_KINDS, default="meeting"),
            Field("planned", DATETIME, N_("Planned for")),
            Field("length", NUMBER, N_("Minutes planned"), low=0, high=1_440),
            Field("begun", DATETIME, N_("Begun")),
            Field("ended", DATETIME, N_("Ended")),
            Field("departments", SET, N_("Departments"), to="department"),
            Field("attendees", SET, N_("Attendees"), to="member"),
            Field("about", REF, N_("About"), to="*"),
            Field("previous", REF, N_("Meeting before"), to="meeting"),
            short=True,
        ),
        # One point of an agenda; one made of something open has an id derived from it and the meeting.
        _kind(
            "point",
            N_("Agenda point"),
            N_("Agenda"),
            Field("meeting", REF, N_("Meeting"), to="meeting", required=True),
            Field("title", TEXT, N_("Point")),
            Field("about", REF, N_("About"), to="*"),
            Field("state", CHOICE, N_("State"), choices=POINT_STATES, default="to discuss"),
            Field("minutes", NUMBER, N_("Minutes planned"), low=0, high=1_440),
            Field("spent", NUMBER, N_("Minutes spent"), low=0, high=10_000),
            Field("rank", TEXT, N_("Order")),
        ),
        _kind(
            "decision",
            N_("Decision"),
            N_("Decisions"),
            Field("title", TEXT, N_("Decided"), required=True, searchable=True),
            Field("decider", REF, N_("Decider"), to="member"),
            Field("date", DATE, N_("Decided on")),
            Field("about", REF, N_("About"), to="*"),
            Field("meeting", REF, N_("Meeting"), to="meeting"),
            Field("follow_up", DATE, N_("Follow-up")),
            Field("description", LONGTEXT, N_("Why"), searchable=True),
            short=True,
        ),
        _kind(
            "retro",
            N_("Retrospective"),
            N_("Retrospectives"),
            Field("title", TEXT, N_("Title"), required=True, searchable=True),
            Field("format", CHOICE, N_("Format"), choices=RETRO_FORMATS, default="ssc"),
            Field("state", CHOICE, N_("State"), choices=RETRO_STATES, default="writing"),
            Field("votes", INTEGER, N_("Votes each"), low=1, high=20, default=3),
            Field("departments", SET, N_("Departments"), to="department"),
            Field("previous", REF, N_("Retrospective before"), to="retro"),
            Field("meeting", REF, N_("Meeting"), to="meeting"),
            short=True,
        ),
        _kind(
            "retro_card",
            N_("Retrospective card"),
            N_("Retrospective cards"),
            Field("retro", REF, N_("Retrospective"), to="retro", required=True),
            Field("column", TEXT, N_("Retrospective column"), required=True),
            Field("title", TEXT, N_("Text"), required=True),
            Field("group", REF, N_("Grouped under"), to="retro_card"),
            Field("voters", SET, N_("Voters"), to="member"),
            Field("rank", TEXT, N_("Order")),
        ),
        # One a member and period: its id is derived from both.
        _kind(
            "pulse",
            N_("Pulse"),
            N_("Pulses"),
            Field("member", REF, N_("Member"), to="member", required=True),
            Field("period", TEXT, N_("Period"), required=True),
            Field("department", REF, N_("Department"), to="department"),
            Field("score", INTEGER, N_("Score, 1 to 5"), low=1, high=5),
            Field("note", TEXT, N_("In a line")),
        ),
        _kind(
            "case",
            N_("Case"),
            N_("Cases"),
            Field("title", TEXT, N_("Title"), required=True, searchable=True),
            Field("came_from", REF, N_("Derived from"), to="*"),
            Field("departments", SET, N_("Departments"), to="department"),
            Field("root_cause", CHOICE, N_("Root cause"), choices=ROOT_CAUSES),
            Field("context", LONGTEXT, N_("What happened"), searchable=True),
            Field("action", LONGTEXT, N_("What was done"), searchable=True),
            Field("result", LONGTEXT, N_("What came of it"), searchable=True),
            short=True,
        ),
        # Its steps are its checklist.
        _kind(
            "playbook",
            N_("Playbook"),
            N_("Playbooks"),
            Field("title", TEXT, N_("Title"), required=True, searchable=True),
            Field("description", LONGTEXT, N_("When to use it"), searchable=True),
            short=True,
        ),
        _kind(
            "key_date",
            N_("Key date"),
            N_("Key dates"),
            Field("title", TEXT, N_("Name"), required=True),
            Field("date", DATE, N_("Day"), required=True),
            Field("department", REF, N_("Department"), to="department"),
        ),
        # What a department asks for, or what stands in its way.
        _kind(
            "need",
            N_("Need or challenge"),
            N_("Needs and challenges"),
            Field("title", TEXT, N_("In short"), required=True, searchable=True),
            Field("sort", CHOICE, N_("Need or challenge"), choices=NEED_SORTS, default="need"),
            Field("kind", CHOICE, N_("About what"), choices=NEED_KINDS, default="other"),
            Field("department", REF, N_("Department"), to="department"),
            Field("severity", INTEGER, N_("Severity"), low=1, high=4),
            Field("state", CHOICE, N_("State"), choices=NEED_STATES, default="raised"),
            Field("evidence", LONGTEXT, N_("Evidence"), searchable=True),
            Field("items", SET, N_("Linked items"), to="item"),
            Field("meeting", REF, N_("Meeting"), to="meeting"),
            short=True,
        ),
        # Hours of somebody with a skill, asked of another department.
        _kind(
            "request",
            N_("Resource request"),
            N_("Resource requests"),
            Field("title", TEXT, N_("In short"), required=True, searchable=True),
            Field("skill", TEXT, N_("Skill")),
            Field("hours", NUMBER, N_("Hours"), low=0, high=100_000),
            Field("first", DATE, N_("First day")),
            Field("last", DATE, N_("Last day")),
            Field("from_department", REF, N_("Asked by"), to="department"),
            Field("to_department", REF, N_("Asked of"), to="department"),
            Field("member", REF, N_("Who"), to="member"),
            Field("item", REF, N_("Item"), to="item"),
            Field("state", CHOICE, N_("State"), choices=REQUEST_STATES, default="asked for"),
            Field("reason", TEXT, N_("Why")),
            short=True,
        ),
        # A query with a layout; a field of it that no longer exists is passed over and said.
        _kind(
            "view",
            N_("View"),
            N_("Views"),
            Field("title", TEXT, N_("Name"), required=True),
            Field("kind", CHOICE, N_("Shown as"), choices=VIEW_KINDS, default="board"),
            Field("query", TEXT, N_("Query")),
            Field("group", TEXT, N_("Grouped by")),
            Field("lanes", TEXT, N_("Swimlanes")),
            Field("sort", TEXT, N_("Sorted by")),
            Field("columns", TEXT, N_("Columns")),
            Field("zoom", TEXT, N_("Zoom")),
            Field("rank", TEXT, N_("Order")),
        ),
        # What a member picked for a day: its id is derived from member, day and what it is about.
        _kind(
            "pick",
            N_("Pick of a day"),
            N_("Day plan"),
            Field("member", REF, N_("Member"), to="member", required=True),
            Field("date", DATE, N_("Day"), required=True),
            Field("about", REF, N_("About"), to="*"),
            Field("title", TEXT, N_("Text")),
            Field("rank", TEXT, N_("Order")),
            Field("minutes", NUMBER, N_("Minutes planned"), low=0, high=10_000),
            Field("state", CHOICE, N_("State"), choices=PICK_STATES, default="planned"),
            Field("reason", TEXT, N_("Why")),
        ),
        _kind(
            "time_entry",
            N_("Time entry"),
            N_("Time entries"),
            Field("member", REF, N_("Member"), to="member", required=True),
            Field("about", REF, N_("About"), to="*"),
            Field("date", DATE, N_("Day")),
            Field("begun", DATETIME, N_("Begun")),
            Field("minutes", NUMBER, N_("Minutes spent"), low=0, high=10_000),
            Field("note", TEXT, N_("Note")),
        ),
        # How far a member has looked: by "<device>.<incarnation>", how many of its ops; its id is the member's.
        _kind(
            "reading",
            N_("What a member has seen"),
            N_("What members have seen"),
            Field("member", REF, N_("Member"), to="member", required=True),
            Field("seen", MAP, N_("Seen up to")),
        ),
        _kind(
            "comment",
            N_("Comment"),
            N_("Comments"),
            Field("on", REF, N_("On"), to="*", required=True),
            Field("text", LONGTEXT, N_("Text"), required=True, searchable=True),
            Field("author", TEXT, N_("Author")),
        ),
        _kind(
            "check",
            N_("Checklist entry"),
            N_("Checklist"),
            Field("on", REF, N_("On"), to="*", required=True),
            Field("title", TEXT, N_("Text"), required=True),
            Field("done", FLAG, N_("Done"), default=False),
            Field("list", TEXT, N_("Checklist name")),
            Field("rank", TEXT, N_("Order")),
        ),
    )
}

# Kinds shown to people as things on a board, found by search and by short id.
BOARD_KINDS = ("item", "conflict")
# Kinds that belong to another entity through their `on` field: they wake it from the trash and feed its search text.
ATTACHED_KINDS = ("comment", "check")

# Cells every entity has besides its declared fields.
TRASH = "trash"  # null, or {"dev.inc": seq}: the dots the deleter had seen
