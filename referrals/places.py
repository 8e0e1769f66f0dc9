"""Where a teaching can take place: codes that the database keeps. The words are translated at the edge."""

from __future__ import annotations

from core.i18n import N_

PLACES: dict[str, str] = {
    "home": N_("Tại nhà"),
    "hamlet_house": N_("Nhà văn hóa"),
    "market": N_("Ngoài chợ"),
    "office": N_("Bộ phận một cửa"),
    "school": N_("Trường học"),
    "online": N_("Qua mạng"),
    "other": N_("Nơi khác"),
}
"""The places, the commonest first."""

OF_CLASS: dict[str, str] = {
    "mobile_class": "hamlet_house",
    "home_visit": "home",
    "market_stand": "market",
    "school": "school",
    "office": "office",
}
"""Where the acts of a class of each kind take place."""
