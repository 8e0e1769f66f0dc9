"""The skills that a city starts from; administrators edit them afterwards.

They follow what the programme names (public services, electronic payment, digital health utilities, the
digital identity) and what people ask for at the kitchen table. No skill here claims to be the official
list of Decision 757/QĐ-BKHCN.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class StartSkill:
    """A skill with its stable code and its name in both languages."""

    code: str
    name_vi: str
    name_en: str


START_SET: tuple[StartSkill, ...] = (
    StartSkill("smartphone", "Dùng điện thoại thông minh", "Using a smartphone"),
    StartSkill("messages", "Gọi và nhắn tin qua Zalo", "Calls and messages on Zalo"),
    StartSkill("identity", "Định danh điện tử VNeID", "Digital identity with VNeID"),
    StartSkill("public_services", "Dịch vụ công trực tuyến", "Online public services"),
    StartSkill("payment", "Thanh toán không dùng tiền mặt", "Paying without cash"),
    StartSkill("health", "Sổ sức khỏe và đặt lịch khám", "Health record and booking a doctor"),
    StartSkill("safety", "Tránh lừa đảo, giữ an toàn trên mạng", "Staying safe and avoiding scams online"),
    StartSkill("searching", "Tìm và kiểm tra thông tin", "Finding and checking information"),
    StartSkill("selling", "Mua bán trên mạng", "Buying and selling online"),
    StartSkill("assistant", "Hỏi trợ lý trí tuệ nhân tạo", "Asking an AI assistant"),
)
