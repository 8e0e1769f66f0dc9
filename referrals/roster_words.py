"""Words of lists as message ids: states, verdicts, reasons of rows. Translated at the edge."""

from __future__ import annotations

from core.i18n import N_

STATE_NAMES: dict[str, tuple[str, str]] = {
    "uploaded": (N_("Cần chọn cột"), "warn"),
    "judging": (N_("Đang xem"), "brand"),
    "ready": (N_("Chờ bạn ghi nhận"), "warn"),
    "writing": (N_("Đang ghi"), "brand"),
    "done": (N_("Đã ghi"), "good"),
    "cancelling": (N_("Đang rút lại"), "brand"),
    "cancelled": (N_("Đã thôi"), "plain"),
    "failed": (N_("Chưa xong"), "bad"),
}
"""State of a list → its short word and the tone of its pill."""

VERDICT_NAMES: dict[str, str] = {
    "new": N_("Người mới"),
    "known": N_("Đã có"),
    "doubtful": N_("Cần xem lại"),
    "refused": N_("Chưa ghi được"),
}

ROW_REASONS: dict[str, str] = {
    "same_act": N_("Lượt dạy này đã được ghi, không ghi thêm."),
    "again": N_("Dòng này đã được ghi rồi."),
    "twice_in_list": N_("Có thể là một người có hai dòng trong danh sách."),
    "maybe_same_person": N_("Trùng tên một người đã ghi."),
    "several_fit": N_("Có hơn một người đã ghi trùng tên này."),
    "own_name": N_("Trùng tên của chính người dạy."),
    "teaches_oneself": N_("Đây là chính người dạy."),
    "undecided": N_("Chưa ai chọn, nên chưa ghi."),
    "skipped": N_("Để lại theo ý bạn."),
    "teacher_unknown": N_("Không thấy Đại sứ số tên này trong đơn vị của bạn."),
    "teacher_several": N_("Có hơn một Đại sứ số trùng tên này. Hãy để một danh sách riêng cho mỗi người."),
    "skill_unknown": N_("Việc đã dạy ở dòng này chưa có trong danh mục."),
    "choose_one": N_("Chưa rõ đã dạy việc gì."),
    "in_future": N_("Ngày dạy chưa đến."),
    "too_early": N_("Ngày dạy trước năm 2020."),
    "age_unknown": N_("Không rõ độ tuổi."),
    "not_a_choice": N_("Người đã chọn không còn trong danh sách."),
    "name_empty": N_("Thiếu họ tên."),
}
"""Reason of a row → what a person reads; other codes have words with the reader or in `forms.words`."""

ELSE = N_("Hãy xem lại dòng này.")
