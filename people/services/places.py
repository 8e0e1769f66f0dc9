"""Installing what every city of the programme starts from: its wards and a union of the Youth for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.vietnamese import collation_key
from people.audit import PLACES_INSTALLED
from people.models import Unit, Ward
from people.names import name_key
from people.permissions import Actor, Permission, ensure
from people.places_danang import PLACES, Place
from people.queries import unit_by_code
from people.services.audit import write_audit

# 48 is the code of Da Nang in the list of provinces; DU stands for Đoàn.
CITY_CODE = "DU-48"
CITY_NAME = "Thành Đoàn Đà Nẵng"


@dataclass(frozen=True)
class Installed:
    """How many wards and units were added; both are 0 the second time."""

    wards: int
    units: int


def ward_union_code(ward_code: str) -> str:
    """Return the code of the ward union of a ward; for the house alone.

    >>> ward_union_code("20194")
    'DU-20194'
    """
    return f"DU-{ward_code}"


def install_places(session: Session, actor: Actor, now: datetime) -> Installed:
    """Add the wards, the city's union and the ward unions that are missing; touch nothing that is there."""
    ensure(actor, Permission.SYSTEM_OPERATE)
    known = set(session.scalars(select(Ward.code)))
    new_wards = [_ward(place) for place in PLACES if place.code not in known]
    session.add_all(new_wards)
    session.flush()

    city = unit_by_code(session, CITY_CODE)
    new_units = 0
    if city is None:
        city = _unit(CITY_CODE, CITY_NAME, "city", None, None, now)
        session.add(city)
        session.flush()
        new_units += 1
    codes = set(session.scalars(select(Unit.code)))
    for place in PLACES:
        code = ward_union_code(place.code)
        if code not in codes:
            session.add(_unit(code, _union_name(place), "ward_union", city.id, place.code, now))
            new_units += 1
    session.flush()
    installed = Installed(wards=len(new_wards), units=new_units)
    if installed != Installed(0, 0):
        details = {"wards": installed.wards, "units": installed.units}
        write_audit(session, actor, PLACES_INSTALLED, "unit", city.id, details, now)
    return installed


def _ward(place: Place) -> Ward:
    return Ward(
        code=place.code,
        kind=place.kind,
        name=place.name,
        full_name=place.full_name,
        name_en=place.name_en,
        full_name_en=place.full_name_en,
        population=place.population,
        sort_key=collation_key(place.name),
    )


def _union_name(place: Place) -> str:
    kind = place.full_name.removesuffix(place.name).strip().lower()
    return f"Đoàn {kind} {place.name}"


def _unit(
    code: str, name: str, kind: str, parent_id: int | None, ward_code: str | None, now: datetime
) -> Unit:
    return Unit(
        code=code,
        name=name,
        name_key=name_key(name),
        kind=kind,
        parent_id=parent_id,
        ward_code=ward_code,
        created_at=now,
    )
