"""How numbers, days and moments are written, in the language of the page."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, gettext

from core.clock import LOCAL, local_day
from honors.criteria import Reason
from people.names import avatar_letter

UNKNOWN_DAY = date.max


def language() -> str:
    """Return the language of this page: 'vi' or 'en'."""
    locale = get_locale()
    return locale.language if locale else "vi"


def number(value: float | int) -> str:
    """Write a number: 1.204 in Vietnamese, 1,204 in English; at most one decimal."""
    return str(format_decimal(value, format="#,##0.#", locale=language()))


def percent(value: float) -> str:
    """Write a share between 0 and 1 as a whole percentage: 63%."""
    return f"{round(value * 100)}%"


def day(value: date | None) -> str:
    """Write a civil day as dd/mm/yyyy, the way people here do in both languages; a dash when unknown."""
    if value is None or value == UNKNOWN_DAY:
        return "–"
    return f"{value.day:02d}/{value.month:02d}/{value.year}"


def long_day(value: date | None) -> str:
    """Write a civil day with its weekday: Thứ Bảy, 21/11/2026."""
    if value is None or value == UNKNOWN_DAY:
        return "–"
    weekday = str(format_date(value, "EEEE", locale=language()))
    return f"{weekday[:1].upper()}{weekday[1:]}, {day(value)}"


def moment(value: datetime | None) -> str:
    """Write a moment in the time of Da Nang: 14:05 21/11/2026."""
    if value is None:
        return "–"
    local = value.astimezone(LOCAL)
    return f"{local.hour:02d}:{local.minute:02d} {day(local.date())}"


def reason_text(reason: Reason) -> str:
    """Write a reason of an honoree as one sentence."""
    return str(gettext(reason.criterion.sentence, n=number(reason.value)))


def init_formats(app: Flask) -> None:
    """Make the filters known to the templates."""
    for name, function in (
        ("number", number),
        ("percent", percent),
        ("day", day),
        ("long_day", long_day),
        ("moment", moment),
        ("local_day", local_day),
        ("given_letter", avatar_letter),
        ("reason_text", reason_text),
    ):
        app.jinja_env.filters[name] = function
