"""Age bands: all that is kept of anyone's age. No birthday is asked for; an unknown band is `None`.

The first band ends where childhood ends in law (Law on Children 2016, article 1: under 16).
"""

from itertools import pairwise

AGE_BANDS = ("under_16", "16_24", "25_44", "45_59", "60_74", "75_plus")
"""The codes, youngest first. Their words are translated at the edge."""

_FIRST_AGES = (0, 16, 25, 45, 60, 75)
OLDEST_AGE = 130

_PLACES = {band: place for place, band in enumerate(AGE_BANDS)}


def band_of(age: int) -> str | None:
    """The band of an age in whole years; `None` for what is no age of a person.

    >>> band_of(15), band_of(16), band_of(74), band_of(75), band_of(-1)
    ('under_16', '16_24', '60_74', '75_plus', None)
    """
    if not 0 <= age <= OLDEST_AGE:
        return None
    return AGE_BANDS[sum(age >= first for first in _FIRST_AGES) - 1]


def first_age(band: str) -> int:
    """The youngest age in a band, in years.

    >>> first_age("45_59")
    45
    """
    return _FIRST_AGES[_PLACES[band]]


def last_age(band: str) -> int:
    """The oldest age in a band, in years.

    >>> last_age("45_59"), last_age("75_plus")
    (59, 130)
    """
    ends = [after - 1 for _, after in pairwise(_FIRST_AGES)]
    return [*ends, OLDEST_AGE][_PLACES[band]]


def band_place(band: str | None) -> int:
    """Where a band stands when sorting, youngest first; the unknown comes last.

    >>> sorted(["75_plus", None, "16_24", "under_16"], key=band_place)
    ['under_16', '16_24', '75_plus', None]
    """
    return len(AGE_BANDS) if band is None else _PLACES[band]


def is_minor_band(band: str | None) -> bool:
    """Whether someone of this band is a child in law. The unknown band is no proof of a child.

    >>> is_minor_band("under_16"), is_minor_band("16_24"), is_minor_band(None)
    (True, False, False)
    """
    return band == "under_16"
