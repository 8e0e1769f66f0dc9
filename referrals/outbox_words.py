"""Words of the outbox as message ids: why a line of a list comes back. Translated at the edge."""

from __future__ import annotations

from typing import Final

from core.i18n import N_

LINE_WORDS: Final[dict[str, str]] = {
    "maybe_same_person": N_("Bạn đã ghi một người giống như vậy. Có phải người đó không?"),
    "several_fit": N_("Bạn đã ghi vài người cùng tên. Là ai trong số đó?"),
    "twice_in_list": N_("Tên này có hai lần trong danh sách. Là hai người khác nhau, hay viết trùng?"),
    "own_name": N_("Tên này giống tên của bạn. Có đúng là một người khác không?"),
    "teaches_oneself": N_("Đây là số điện thoại của chính bạn."),
    "same_act": N_("Người này đã được ghi trong ngày này. Có phải một người khác cùng tên không?"),
    "skill_unknown": N_("Việc đã dạy không còn trong danh sách."),
    "ward_unknown": N_("Không nhận ra phường, xã."),
    "changed_resend": N_("Dòng này đã được gửi với một tên khác."),
    "not_a_choice": N_("Người được chọn không còn trong danh sách. Hãy chọn lại."),
}
"""The codes of verdicts that have no words among those of the forms."""

ELSE: Final = N_("Dòng này cần bạn xem lại.")
