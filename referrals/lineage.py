"""The rules of credit and of place: who counts for whom, and who stands where in the teaching tree.

Words
-----
act
    one confirmed teaching, teacher → learner. Acts are taken one after another (see `act_order`).
parent
    the person in whose branch a learner stands: the teacher of the act that *founded* the place.
above
    A stands above B when A is B's parent, or the parent's parent, and so on. Nobody is above themselves.
credit
    one distinct learner in a teacher's *taught* count. A (teacher, learner) pair earns it at most once.

The rules
---------
1. An act of a person with themselves counts for nothing.
2. An act whose learner stands above its teacher *at that moment* earns no credit and moves nobody: teaching
   one's own teacher is kind, but nobody new was reached. A later act of the same pair is judged anew.
3. Any other act earns the pair's credit, unless the pair has it already.
4. Such an act also founds the learner's place when the learner has none. Later teachers move nobody.

Rule 2 is what makes a circle impossible: a parent is written only where the learner is not above the teacher.
The result is a *branching* in the words of `networkx`: no circles, at most one parent for each.

>>> tree = Lineage()
>>> lan, minh, tam = 1, 2, 3
>>> [tree.take(*act).why.value for act in [(lan, minh), (minh, tam), (tam, lan), (lan, tam), (lan, minh)]]
['founding', 'founding', 'learner_above', 'also_taught', 'again']
>>> tree.parent(tam), tree.parent(lan), tree.is_above(lan, tam)
(2, None, True)
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple


class Why(StrEnum):
    """The reason of a verdict: a stable code; the words for it live in the templates."""

    FOUNDING = "founding"  # the learner had no place and takes one below the teacher
    ALSO_TAUGHT = "also_taught"  # credit, but the learner has a place already
    AGAIN = "again"  # the pair has its credit already
    SELF = "self"  # teacher and learner are one person
    LEARNER_ABOVE = "learner_above"  # the learner stands above the teacher


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one act does: `credited` (one more in the teacher's count), `becomes_parent`, and why."""

    credited: bool
    becomes_parent: bool
    why: Why


# The verdicts there are. Shared, so that judging a million acts makes no objects.
_FOUNDING: Final = Verdict(True, True, Why.FOUNDING)
_ALSO_TAUGHT: Final = Verdict(True, False, Why.ALSO_TAUGHT)
_AGAIN: Final = Verdict(False, False, Why.AGAIN)
_REFOUNDING: Final = Verdict(False, True, Why.FOUNDING)
_SELF: Final = Verdict(False, False, Why.SELF)
_LEARNER_ABOVE: Final = Verdict(False, False, Why.LEARNER_ABOVE)


def judge(
    teacher: int,
    learner: int,
    learner_has_parent: bool,
    learner_is_above_teacher: bool,
    already_credited: bool = False,
) -> Verdict:
    """Judge one act against the tree as it stands at this moment.

    Parameters
    ----------
    teacher, learner
        who taught whom.
    learner_has_parent
        the learner has a place already.
    learner_is_above_teacher
        the learner stands above the teacher now. Ask only when the learner has children: a leaf never does.
    already_credited
        an earlier act of this very pair earned the credit.

    >>> judge(1, 2, learner_has_parent=False, learner_is_above_teacher=False)
    Verdict(credited=True, becomes_parent=True, why=<Why.FOUNDING: 'founding'>)
    >>> judge(3, 2, learner_has_parent=True, learner_is_above_teacher=False)
    Verdict(credited=True, becomes_parent=False, why=<Why.ALSO_TAUGHT: 'also_taught'>)
    >>> judge(2, 1, learner_has_parent=False, learner_is_above_teacher=True)
    Verdict(credited=False, becomes_parent=False, why=<Why.LEARNER_ABOVE: 'learner_above'>)
    >>> judge(2, 2, learner_has_parent=False, learner_is_above_teacher=False).why.value
    'self'

    A learner whose place was lost to a void may get it back from somebody who has the credit already:

    >>> judge(1, 2, False, False, already_credited=True)
    Verdict(credited=False, becomes_parent=True, why=<Why.FOUNDING: 'founding'>)
    """
    if teacher == learner:
        return _SELF
    if learner_is_above_teacher:
        return _LEARNER_ABOVE
    if not learner_has_parent:
        return _REFOUNDING if already_credited else _FOUNDING
    return _AGAIN if already_credited else _ALSO_TAUGHT


class Act(NamedTuple):
    """One confirmed teaching, as far as lineage is concerned."""

    id: int
    teacher_id: int
    learner_id: int
    taught_on: date
    taught_second: int = 0


def act_order(taught_on: date, taught_second: int, act_id: int) -> tuple[date, int, int]:
    """The key by which acts of one batch are taken: day, second of that day, then order of recording.

    An unknown day is kept as 9999-12-31, so it comes after all others without a special case.

    >>> later, unknown = act_order(date(2026, 1, 15), 36_000, 7), act_order(date.max, 0, 1)
    >>> act_order(date(2026, 1, 15), 0, 9) < later < unknown
    True
    """
    return (taught_on, taught_second, act_id)


def successor(learner: int, acts: Iterable[Act], stands_below: Callable[[int], bool]) -> Act | None:
    """The act that takes a learner's place over when the founding act is voided; None leaves a new root.

    `acts` are the *remaining confirmed* acts with this learner, in any order (acts with other learners are
    passed over); `stands_below(person)` tells whether that person stands below the learner now. It is asked
    in order and no further than needed, so it may be a query.

    The same question, put with the acts of one pair only, finds the act that keeps a credit whose own act
    is voided.

    >>> first = Act(id=5, teacher_id=8, learner_id=2, taught_on=date(2026, 3, 1))
    >>> second = Act(id=4, teacher_id=9, learner_id=2, taught_on=date(2026, 3, 2))
    >>> successor(2, [second, first], stands_below=lambda person: person == 8)
    Act(id=4, teacher_id=9, learner_id=2, taught_on=datetime.date(2026, 3, 2), taught_second=0)
    >>> successor(2, [], stands_below=lambda person: False) is None
    True
    """
    remaining = sorted(
        (act for act in acts if act.learner_id == learner),
        key=lambda act: act_order(act.taught_on, act.taught_second, act.id),
    )
    for act in remaining:
        if act.teacher_id != learner and not stands_below(act.teacher_id):
            return act
    return None


class Lineage:
    """The tree while it grows: takes acts in order, keeps nothing but numbers.

    Keys are small non-negative integers (primary keys, or positions in a file): they index flat arrays that
    grow on demand, 17 bytes a key up to the largest one. Beyond that only the pairs of *second* teachers are
    kept, for a founding pair is the parent itself.

    How it stays fast:

    * A learner who has no children stands above nobody: no question is asked. That is most acts.
    * A learner who has no parent is a root, and stands above exactly the people of its own tree. `_link`
      keeps for each person a shortcut towards the root of their tree, shortened at each use (path halving,
      Tarjan and van Leeuwen 1984), so founding never walks a long chain.
    * Only a learner with both, whose tree is the teacher's own, makes us walk up from the teacher.

    >>> tree = Lineage()
    >>> tree.take(1, 2).becomes_parent, tree.take(2, 1).credited
    (True, False)
    """

    LIMIT: Final = 1 << 27
    """Largest key + 1: flat arrays must not be blown up by one wild number."""

    __slots__ = ("_link", "_parent", "_second", "_teaches", "placed")

    def __init__(self) -> None:
        self._parent = array("q")  # -1: none
        self._link = array("q")  # towards the root; a root points to itself
        self._teaches = bytearray()  # 1: has children
        self._second: set[tuple[int, int]] = set()  # credited pairs whose teacher is not the parent
        self.placed = 0  # how many people have a parent

    @classmethod
    def from_parents(
        cls, pairs: Iterable[tuple[int, int]], credited: Iterable[tuple[int, int]] = ()
    ) -> Lineage:
        """Resume from what is stored.

        `pairs` are (learner, parent), as in the lineage table; `credited` are the (teacher, learner) pairs
        that have their credit. Raises ValueError for a second parent or a circle.

        >>> tree = Lineage.from_parents([(2, 1), (3, 2)], credited=[(1, 2), (2, 3), (1, 3)])
        >>> tree.take(1, 3).why.value, tree.take(3, 1).why.value, tree.take(3, 4).why.value
        ('again', 'learner_above', 'founding')
        >>> Lineage.from_parents([(2, 1), (1, 2)])
        Traceback (most recent call last):
        ...
        ValueError: the place of 1 below 2 closes a circle
        """
        tree = cls()
        for learner, parent in pairs:
            tree._reach_for(max(learner, parent), min(learner, parent))
            if tree._parent[learner] >= 0:
                raise ValueError(f"{learner} has two parents: {tree._parent[learner]} and {parent}")
            if tree._root(parent) == learner:
                raise ValueError(f"the place of {learner} below {parent} closes a circle")
            tree._place(learner, parent)
        for teacher, learner in credited:
            if tree.parent(learner) != teacher:
                tree._second.add((teacher, learner))
        return tree

    def take(self, teacher: int, learner: int) -> Verdict:
        """Take the next act, and say what it did. Raises ValueError for a key outside 0 … LIMIT - 1."""
        if teacher == learner:
            return _SELF
        if teacher > learner:
            self._reach_for(teacher, learner)
        else:
            self._reach_for(learner, teacher)
        parent = self._parent[learner]
        if self._teaches[learner] and self._stands_above(learner, teacher, has_parent=parent >= 0):
            return _LEARNER_ABOVE
        if parent < 0:
            # Only a resumed tree can know a credited pair whose learner lost the place to a void.
            verdict = _REFOUNDING if (teacher, learner) in self._second else _FOUNDING
            self._second.discard((teacher, learner))
            self._place(learner, teacher)
            return verdict
        if parent == teacher:
            return _AGAIN
        pair = (teacher, learner)
        if pair in self._second:
            return _AGAIN
        self._second.add(pair)
        return _ALSO_TAUGHT

    def parent(self, person: int) -> int | None:
        """The parent, or None for a root and for a person never seen."""
        if not 0 <= person < len(self._parent):
            return None
        parent = self._parent[person]
        return parent if parent >= 0 else None

    def above(self, person: int) -> Iterator[int]:
        """The people above, nearest first.

        >>> list(Lineage.from_parents([(2, 1), (3, 2)]).above(3))
        [2, 1]
        """
        one = self.parent(person)
        while one is not None:
            yield one
            one = self.parent(one)

    def is_above(self, a: int, b: int) -> bool:
        """Whether `a` stands above `b`. Nobody stands above themselves."""
        if a == b or not (0 <= a < len(self._parent) and 0 <= b < len(self._parent)):
            return False
        return bool(self._teaches[a]) and self._stands_above(a, b, has_parent=self._parent[a] >= 0)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """All (learner, parent) pairs, by learner: what `from_parents` takes."""
        return ((learner, parent) for learner, parent in enumerate(self._parent) if parent >= 0)

    def _stands_above(self, a: int, b: int, has_parent: bool) -> bool:
        root = self._root(b)
        if not has_parent:
            return root == a
        if root != self._root(a):
            return False
        parents = self._parent
        while b >= 0:
            b = parents[b]
            if b == a:
                return True
        return False

    def _root(self, person: int) -> int:
        link = self._link
        while link[person] != person:
            link[person] = person = link[link[person]]
        return person

    def _place(self, learner: int, parent: int) -> None:
        self._parent[learner] = parent
        self._link[learner] = parent
        self._teaches[parent] = 1
        self.placed += 1

    def _reach_for(self, largest: int, smallest: int) -> None:
        size = len(self._parent)
        if smallest < 0 or largest >= self.LIMIT:
            raise ValueError(f"a key must be within 0 … {self.LIMIT - 1}: {smallest}, {largest}")
        if largest >= size:
            # By an eighth at a time: a key after another must not copy the arrays each time.
            grown = min(self.LIMIT, max(largest + 1, size + size // 8 + 64))
            self._parent.extend(array("q", [-1]) * (grown - size))
            self._link.extend(range(size, grown))
            self._teaches.extend(bytes(grown - size))


def grow(acts: Iterable[tuple[int, int]], tree: Lineage | None = None) -> Iterator[Verdict]:
    """Take (teacher, learner) acts in order and yield the verdict on each, growing `tree` where one is given.

    >>> [verdict.why.value for verdict in grow([(1, 2), (1, 2), (2, 1), (3, 3)])]
    ['founding', 'again', 'learner_above', 'self']
    """
    tree = Lineage() if tree is None else tree
    for teacher, learner in acts:
        yield tree.take(teacher, learner)


class Problem(NamedTuple):
    """Something that must not be in the lineage table: a `kind` ("self" or "circle") and who is in it."""

    kind: str
    members: tuple[int, ...]


def check(parents: Mapping[int, int]) -> list[Problem]:
    """What is wrong with a stored learner → parent table. An empty list is a branching.

    The members of a circle are told from the smallest upwards, each followed by their own parent.

    >>> check({2: 1, 3: 2})
    []
    >>> check({5: 5, 2: 1, 3: 2, 1: 3, 9: 3})
    [Problem(kind='circle', members=(1, 3, 2)), Problem(kind='self', members=(5,))]
    """
    problems: list[Problem] = []
    settled: set[int] = set()
    for start in parents:
        trail: dict[int, None] = {}
        one: int | None = start
        while one is not None and one not in settled and one not in trail:
            trail[one] = None
            one = parents.get(one)
        if one is not None and one in trail:
            walk = list(trail)
            circle = walk[walk.index(one) :]
            least = circle.index(min(circle))
            members = tuple(circle[least:] + circle[:least])
            problems.append(Problem("self" if len(members) == 1 else "circle", members))
        settled.update(trail)
    return sorted(problems, key=lambda problem: problem.members)
