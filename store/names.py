"""Find the people, departments and statuses a line names, also where Chinese text has no spaces around them.

On the path of every command: imports nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from store.vocabulary import Term

# What an input method types for a half-width character. Each entry is one character for one, so that a
# position in folded text is the same position in the text a person typed.
_HALF_WIDTH: dict[int, int | str] = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_HALF_WIDTH |= {0x3000: " ", ord("“"): '"', ord("”"): '"', ord("《"): "<", ord("》"): ">"}

# The first character that is written without spaces between words (radicals, ideographs, kana, hangul).
_UNSPACED = "\u2e80"


def fold(text: str) -> str:
    """Return the text half-width and lower-case, of the same length, for comparing what people type."""
    half = text.translate(_HALF_WIDTH)
    lower = half.lower()
    if len(lower) == len(half):
        return lower
    return "".join(low if len(low := character.lower()) == 1 else character for character in half)


def is_spaced(character: str) -> bool:
    """Tell whether the character belongs to a word that ends at a space: Latin yes, Chinese no."""
    return character == "_" or (character < _UNSPACED and character.isalnum())


def ends_word(text: str, end: int) -> bool:
    """Tell whether a word may end here: `fri` does in `fri上线`, not in `friday` or `fri-sat`."""
    if end >= len(text) or not is_spaced(text[end - 1]):
        return True
    following = text[end]
    if following in "-./":
        return end + 1 >= len(text) or not is_spaced(text[end + 1])
    return not is_spaced(following)


class Names:
    """The names of some terms, looked up whole or as the longest name at a place in a line.

    A title, an English title, a code or an alias beats what a department is also called (市场部 for 市场, 市场 and
    `sc` for 市场部), that beats the first word of a longer name, that beats pinyin initials, and their usual reading
    beats the others. A name that two terms share equally means neither: nothing is guessed.
    """

    __slots__ = ("_lengths", "_terms")

    def __init__(self, terms: Iterable[Term], *, departments: bool = False) -> None:
        found: dict[str, Term | None] = {}
        terms = tuple(terms)
        for names_of in _ranks(departments=departments):
            rank: dict[str, Term | None] = {}
            for term in terms:
                for name in names_of(term):
                    known = fold(name).strip()
                    rank[known] = term if rank.get(known, term) is term else None
            found = rank | found
        found.pop("", None)
        self._terms = found
        self._lengths = sorted({len(name) for name in found}, reverse=True)

    def get(self, name: str) -> Term | None:
        """Return the one term of this name."""
        return self._terms.get(fold(name).strip())

    def at(self, folded: str, start: int) -> tuple[Term, int] | None:
        """Return the term of the longest name that stands here in folded text, and where the name ends."""
        for length in self._lengths:
            end = start + length
            name = folded[start:end]
            if name in self._terms and len(name) == length and ends_word(folded, end):
                term = self._terms[name]
                return (term, end) if term else None
        return None

    def ends_at(self, folded: str, end: int) -> bool:
        """Tell whether a name ends here in folded text."""
        return any(length <= end and folded[end - length : end] in self._terms for length in self._lengths)


def terms_called(name: str, terms: Iterable[Term], *, departments: bool = False) -> list[Term]:
    """Return every term of this name, by the best kind of name that fits, else those whose name begins so."""
    wanted = fold(name).strip()
    terms = tuple(terms)
    for names_of in _ranks(departments=departments):
        if found := [
            term for term in terms if any(fold(known).strip() == wanted for known in names_of(term))
        ]:
            return found
    return [
        term
        for term in terms
        if wanted and any(fold(known).startswith(wanted) for known in given_names(term))
    ]


def _ranks(*, departments: bool) -> tuple[Callable[[Term], tuple[str, ...]], ...]:
    """Return the kinds of names of a term, those that count most first."""
    spoken = (_spoken_names, _spoken_initials) if departments else ()
    return (given_names, *spoken, _first_words, _first_initials, _other_initials)


def given_names(term: Term) -> tuple[str, ...]:
    """Return what people call the term, without pinyin initials."""
    return (term.title, term.title_en, term.code, *term.aliases)


def _spoken_names(department: Term) -> tuple[str, ...]:
    names: list[str] = []
    for name in given_names(department):
        if name[-1:] >= _UNSPACED:
            root = _without_suffix(name)
            names += (root, root + "部", root + "部门")
    return tuple(names)


def _spoken_initials(department: Term) -> tuple[str, ...]:
    spoken = len(_without_suffix(department.title)) - len(department.title)
    return tuple(initials[:spoken] for initials in department.initials) if spoken else ()


def _without_suffix(department: str) -> str:
    return department.removesuffix("部门").removesuffix("部")


def _first_words(term: Term) -> tuple[str, ...]:
    """Return the first word of each title that has several: Hannah for Hannah Weber, where only one is called so."""
    return tuple(
        words[0]
        for words in (term.title.split(), term.title_en.split())
        if len(words) > 1 and len(words[0]) > 1
    )


def _first_initials(term: Term) -> tuple[str, ...]:
    return tuple(term.initials[:1])


def _other_initials(term: Term) -> tuple[str, ...]:
    return tuple(term.initials[1:])
