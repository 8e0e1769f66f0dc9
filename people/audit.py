"""What the audit log says: the actions of staff, each with its sentence.

An entry never holds a phone number, a password or a consent's text: it says who did what to which record.
"""

from core.i18n import N_

PERSON_CREATED = "person.created"
PERSON_PLACED = "person.placed"
PHONE_REVEALED = "phone.revealed"
ACCOUNT_CREATED = "account.created"
ACCOUNT_OPENED = "account.unlocked"
ACCOUNT_CLOSED = "account.locked"
PASSWORD_CHANGED = "password.changed"
PASSWORD_RESET = "password.reset"
ROLE_GRANTED = "role.granted"
ROLE_REVOKED = "role.revoked"
UNIT_CREATED = "unit.created"
UNIT_MOVED = "unit.moved"
UNIT_CLOSED = "unit.closed"
CONSENT_GIVEN = "consent.given"
CONSENT_WITHDRAWN = "consent.withdrawn"
PLACES_INSTALLED = "places.installed"
WAITING_ADDED = "waiting.added"
WAITING_TAKEN = "waiting.taken"
WAITING_GIVEN = "waiting.given"
WAITING_RETURNED = "waiting.returned"
PAPER_ENTERED = "paper.entered"

# The words of an action; one that another package wrote and that is not here is shown by its code.
WORDS: dict[str, str] = {
    PERSON_CREATED: N_("Thêm một người"),
    PERSON_PLACED: N_("Chuyển người sang đơn vị khác"),
    PHONE_REVEALED: N_("Xem số điện thoại đầy đủ"),
    ACCOUNT_CREATED: N_("Mở tài khoản"),
    ACCOUNT_OPENED: N_("Mở khóa tài khoản"),
    ACCOUNT_CLOSED: N_("Khóa tài khoản"),
    PASSWORD_CHANGED: N_("Đổi mật khẩu của mình"),
    PASSWORD_RESET: N_("Đặt lại mật khẩu"),
    ROLE_GRANTED: N_("Giao vai trò"),
    ROLE_REVOKED: N_("Thu hồi vai trò"),
    UNIT_CREATED: N_("Thêm đơn vị"),
    UNIT_MOVED: N_("Chuyển đơn vị sang nơi khác"),
    UNIT_CLOSED: N_("Đóng đơn vị"),
    CONSENT_GIVEN: N_("Ghi nhận lời đồng ý"),
    CONSENT_WITHDRAWN: N_("Ghi nhận việc rút lại đồng ý"),
    PLACES_INSTALLED: N_("Nạp danh mục phường, xã"),
    WAITING_ADDED: N_("Ghi thêm một người chờ học"),
    WAITING_TAKEN: N_("Nhận dạy một người chờ học, xem tên và số điện thoại"),
    WAITING_GIVEN: N_("Giao một người chờ học cho Đại sứ số"),
    WAITING_RETURNED: N_("Trả lại một người chờ học"),
    PAPER_ENTERED: N_("Nhập một tờ giấy đã ký"),
    "teaching.voided": N_("Hủy một lượt dạy"),
    "teaching.returned": N_("Trả lại một lượt dạy"),
    "class.opened_for": N_("Mở lớp thay một Đại sứ số"),
    "class.called_off": N_("Hủy một lớp"),
    "honor.nominated": N_("Đưa vào danh sách đề cử"),
    "honor.told": N_("Sửa câu chuyện đề cử"),
    "honor.published": N_("Đăng lên bảng vinh danh"),
    "honor.evidence_gone": N_("Tạm gỡ khỏi bảng vinh danh vì không còn đủ năm người xác nhận"),
    "honor.withdrawn": N_("Gỡ khỏi bảng vinh danh"),
    "skill.created": N_("Thêm một kỹ năng"),
    "skill.edited": N_("Sửa một kỹ năng"),
    "skill.ordered": N_("Xếp lại thứ tự kỹ năng"),
    "skill.switched_on": N_("Bật một kỹ năng"),
    "skill.switched_off": N_("Tắt một kỹ năng"),
    "group.created": N_("Thêm một nhóm đối tượng"),
    "group.edited": N_("Sửa một nhóm đối tượng"),
    "group.ordered": N_("Xếp lại thứ tự nhóm đối tượng"),
    "group.switched_on": N_("Bật một nhóm đối tượng"),
    "group.switched_off": N_("Tắt một nhóm đối tượng"),
    "teaching.corrected": N_("Sửa một lượt dạy"),
    "network.imported": N_("Nhập dữ liệu từ tệp"),
    "roster.written": N_("Ghi nhận một danh sách từ tệp"),
    "roster.undone": N_("Rút lại một danh sách đã ghi"),
}


def words_of(action: str) -> str:
    """Return the message id of an action, or its code where nobody wrote words.

    >>> words_of("unit.created"), words_of("class.held")
    ('Thêm đơn vị', 'class.held')
    """
    return WORDS.get(action, action)
