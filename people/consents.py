"""Consents: for what one can be given, in which words, and who may take it down.

Law 91/2025/QH15 and Decree 356/2025: explicit, per purpose, provable, never pre-ticked, and as easily taken
back as given. What was shown is stored with the consent, so these texts may change without touching the past.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.i18n import N_
from people.permissions import Permission

LEARNING_RECORD = "learning_record"
CONTACT = "contact"
HONOR_WALL = "honor_wall"


@dataclass(frozen=True)
class Purpose:
    """One thing that data may be used for.

    `taken_by` is the permission of whoever writes down another's consent; for oneself none is needed.
    """

    code: str
    title: str
    text: str
    taken_by: Permission


PURPOSES: Mapping[str, Purpose] = MappingProxyType(
    {
        purpose.code: purpose
        for purpose in (
            Purpose(
                LEARNING_RECORD,
                N_("Ghi lại việc học"),
                N_(
                    "Tôi đồng ý để chương trình lưu tên, phường, xã, độ tuổi và việc tôi đã học gì, với ai, "
                    "để xác nhận và đếm lượt dạy. Tôi có thể rút lại bất cứ lúc nào."
                ),
                Permission.CONSENT_TAKE,
            ),
            Purpose(
                CONTACT,
                N_("Liên hệ qua điện thoại"),
                N_(
                    "Tôi đồng ý để Đoàn Thanh niên gọi hoặc nhắn vào số điện thoại này về việc học. "
                    "Số được giữ kín và không đưa cho ai khác."
                ),
                Permission.CONSENT_TAKE,
            ),
            Purpose(
                HONOR_WALL,
                N_("Đăng trên bảng vinh danh"),
                N_(
                    "Tôi đồng ý để tên, đơn vị và câu chuyện trong bài này được đăng công khai trên "
                    "bảng vinh danh. Khi tôi rút lại, bài được gỡ xuống."
                ),
                Permission.CONSENT_RECORD,
            ),
        )
    }
)

# How a consent reached us.
WAYS: Mapping[str, str] = MappingProxyType(
    {
        "in_person": N_("Nói trực tiếp"),
        "form": N_("Đánh dấu trên trang"),
        "paper": N_("Ký trên giấy"),
        "phone": N_("Nói qua điện thoại"),
        "link": N_("Bấm trong đường dẫn"),
    }
)


def is_purpose(code: str) -> bool:
    """Tell whether this is a purpose that consent can be given for.

    >>> is_purpose("honor_wall"), is_purpose("everything")
    (True, False)
    """
    return code in PURPOSES
