"""Words of referrals as message ids: states, age bands, reasons. Translated at the edge."""

from __future__ import annotations

from typing import NamedTuple

from core.i18n import N_
from referrals.states import State


class StateWords(NamedTuple):
    """How a state is shown: a short word, the tone of its pill, the icon and the sentence of its move."""

    short: str
    tone: str
    icon: str
    move: str


STATE_WORDS: dict[str, StateWords] = {
    State.RECORDED.value: StateWords(N_("Chờ xác nhận"), "warn", "clock", N_("Đã ghi nhận")),
    State.CONFIRMED.value: StateWords(N_("Đã xác nhận"), "good", "check", N_("Người học đã xác nhận")),
    State.DISPUTED.value: StateWords(N_("Báo không đúng"), "bad", "warning", N_("Người học báo không đúng")),
    State.RETURNED.value: StateWords(N_("Cần sửa lại"), "warn", "undo", N_("Đã trả lại để sửa")),
    State.EXPIRED.value: StateWords(N_("Mã hết hạn"), "plain", "clock", N_("Mã xác nhận đã hết hạn")),
    State.VOIDED.value: StateWords(N_("Đã rút lại"), "plain", "trash", N_("Đã rút lại")),
}

AGE_WORDS: dict[str, str] = {
    "under_16": N_("Dưới 16"),
    "16_24": N_("16–24"),
    "25_44": N_("25–44"),
    "45_59": N_("45–59"),
    "60_74": N_("60–74"),
    "75_plus": N_("Từ 75"),
}

DISPUTE_REASONS: dict[str, str] = {
    "not_taught": N_("Người này chưa dạy tôi"),
    "other_person": N_("Tôi không phải người được ghi ở đây"),
    "wrong_details": N_("Sai ngày, sai nơi hoặc sai việc đã học"),
    "other": N_("Lý do khác"),
}

# The list of my learners: what an address says → how it is called.
VIEW_WORDS: dict[str, str] = {
    "": N_("Tất cả"),
    "cho": N_("Còn việc phải làm"),
    "cho-tra-loi": N_("Chờ người học trả lời"),
    "het-han": N_("Mã hết hạn"),
    "can-sua": N_("Cần sửa lại"),
    "khong-dung": N_("Báo không đúng"),
    "xac-nhan": N_("Đã xác nhận"),
    "day-tiep": N_("Đã dạy tiếp"),
}

ORDER_WORDS: dict[str, str] = {
    "": N_("Mới nhất trước"),
    "ten": N_("Theo tên"),
    "cho-lau": N_("Ai chờ lâu nhất"),
}

PERIOD_WORDS: dict[str, str] = {
    "": N_("Mọi lúc"),
    "tuan": N_("Tuần này"),
    "thang": N_("Tháng này"),
    "quy": N_("Quý này"),
    "nam": N_("Năm nay"),
}

# Why an act is taken back, as most people would say it.
WITHDRAW_REASONS: dict[str, str] = {
    "twice": N_("Ghi trùng"),
    "wrong_person": N_("Ghi nhầm người"),
    "wrong_day": N_("Ghi nhầm ngày"),
    "not_held": N_("Buổi dạy không diễn ra"),
    "learner_asked": N_("Người học muốn rút lại"),
}
