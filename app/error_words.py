"""The words of refusals: for each status a title and advice, for some codes words of their own.

Words say what to do next. Codes come from `core.errors.AppError.code`.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import N_
from referrals.importing.rosters.refusals import REFUSALS


@dataclass(frozen=True)
class Words:
    """What an error page says: message ids, translated by the template."""

    title: str
    text: str


STATUS_WORDS: dict[int, Words] = {
    400: Words(
        N_("Yêu cầu chưa đúng"),
        N_("Trang đã mở quá lâu hoặc đường dẫn bị thiếu. Hãy quay lại, tải lại trang rồi thử lần nữa."),
    ),
    401: Words(N_("Bạn chưa đăng nhập"), N_("Hãy đăng nhập rồi làm tiếp. Những gì đã ghi không mất.")),
    403: Words(
        N_("Bạn chưa được phép xem trang này"),
        N_("Nếu bạn cần dùng trang này, hãy nhờ cán bộ Đoàn phụ trách cấp quyền."),
    ),
    404: Words(
        N_("Không tìm thấy trang này"),
        N_("Có thể đường dẫn gõ sai, hoặc nội dung đã được gỡ. Hãy về trang đầu rồi tìm lại."),
    ),
    405: Words(N_("Yêu cầu chưa đúng"), N_("Hãy quay lại trang trước và bấm nút trên trang.")),
    409: Words(
        N_("Việc này đã được làm rồi"),
        N_("Có thể bạn bấm hai lần, hoặc ai đó vừa làm trước. Hãy tải lại trang để xem tình trạng mới nhất."),
    ),
    413: Words(N_("Tệp hoặc nội dung quá lớn"), N_("Hãy chia nhỏ ra rồi gửi lại.")),
    422: Words(N_("Có chỗ cần sửa lại"), N_("Hãy quay lại, xem chỗ được đánh dấu và sửa giúp.")),
    429: Words(
        N_("Bạn thử nhiều lần quá"),
        N_("Để giữ an toàn, hệ thống tạm dừng một lát. Hãy đợi vài phút rồi thử lại."),
    ),
    500: Words(
        N_("Có trục trặc phía chúng tôi"),
        N_("Dữ liệu của bạn không mất. Hãy thử lại sau ít phút; nếu vẫn vậy, hãy báo cán bộ phụ trách."),
    ),
    503: Words(N_("Hệ thống đang bận hoặc bảo trì"), N_("Hãy đợi một phút rồi tải lại trang.")),
}

CODE_WORDS: dict[str, Words] = {
    "csrf": Words(
        N_("Trang đã mở quá lâu"),
        N_("Hãy quay lại trang trước, tải lại rồi bấm lần nữa. Những gì bạn gõ vẫn còn ở trang trước."),
    ),
    "already_confirmed": Words(N_("Lượt này đã được xác nhận"), N_("Không cần làm gì thêm. Cảm ơn bạn!")),
    "same_act": Words(
        N_("Lượt dạy này đã được ghi"),
        N_("Cùng người dạy, người học và ngày thì chỉ ghi một lần. Hãy xem lại danh sách người học của bạn."),
    ),
    "teaches_oneself": Words(N_("Không thể tự dạy chính mình"), N_("Hãy chọn một người học khác.")),
    "circle": Words(
        N_("Cây lan tỏa không thể đi vòng"),
        N_("Người học này đứng phía trên người dạy trong cây. Lượt dạy vẫn được giữ, vị trí không đổi."),
    ),
    "own_teaching": Words(
        N_("Hãy để người học tự xác nhận"),
        N_("Bạn là người dạy nên không thể xác nhận thay. Hãy đưa mã hoặc gửi đường dẫn cho người học."),
    ),
    "email_taken": Words(
        N_("Email này đã có tài khoản"), N_("Hãy dùng địa chỉ khác, hoặc tìm tài khoản cũ trong danh sách.")
    ),
    "phone_taken": Words(
        N_("Số điện thoại này đã có tài khoản"),
        N_("Hãy dùng số khác, hoặc tìm tài khoản cũ trong danh sách."),
    ),
    "already_nominated": Words(
        N_("Người này đã có trong danh sách đề cử"), N_("Hãy mở hồ sơ đề cử đang có để làm tiếp.")
    ),
    "unit_code_taken": Words(N_("Mã đơn vị đã có"), N_("Hãy chọn mã khác.")),
    "wait_taken": Words(
        N_("Người này vừa có người nhận dạy"),
        N_("Một Đại sứ khác đã bấm trước bạn. Hãy về danh sách và chọn người khác đang chờ."),
    ),
    "too_many_taken": Words(
        N_("Đang nhận đủ năm người"),
        N_("Hãy dạy hoặc trả lại một người đã nhận, rồi nhận người tiếp theo."),
    ),
    "edited_meanwhile": Words(
        N_("Có người vừa sửa trước bạn"),
        N_("Hãy quay lại, tải lại trang để xem bản mới nhất rồi sửa tiếp."),
    ),
    "last_skill": Words(N_("Đây là kỹ năng cuối cùng còn chọn được"), N_("Hãy bật một kỹ năng khác trước.")),
    "wrong_state": Words(
        N_("Tình trạng vừa thay đổi"), N_("Hãy tải lại trang để xem tình trạng mới nhất rồi làm tiếp.")
    ),
    "changed_resend": Words(
        N_("Tên này khác với lần gửi trước"),
        N_("Trang đã gửi một người khác. Hãy tải lại trang rồi ghi lại từ đầu."),
    ),
    "someone_else": Words(
        N_("Mục này của một người khác"),
        N_("Chỉ người đã ghi mới gửi được. Khi người đó đăng nhập trên máy này, mục sẽ tự gửi."),
    ),
    "entry_voided": Words(
        N_("Lượt này đã được rút lại"),
        N_("Mục này đã gửi trước đây, rồi được rút lại. Nếu thật sự có dạy, hãy gửi thành lượt mới."),
    ),
    "entry_unreadable": Words(
        N_("Máy chủ không đọc được mục này"), N_("Hãy mở mục ra, sửa lại rồi gửi lần nữa.")
    ),
    "link_unknown": Words(
        N_("Đường dẫn này không dùng được"),
        N_("Có thể đường dẫn bị cắt mất khi gửi. Hãy nhờ người dạy gửi lại, hoặc gõ mã sáu số."),
    ),
    "code_expired": Words(N_("Mã này đã hết hạn"), N_("Hãy nhờ người dạy đưa mã mới.")),
    "code_replaced": Words(N_("Mã này đã được thay bằng mã mới"), N_("Hãy nhờ người dạy đưa mã mới nhất.")),
    "no_free_digits": Words(
        N_("Chưa tạo được mã sáu số"),
        N_("Hãy thử lại sau ít phút. Đường dẫn và mã QR của các lượt khác vẫn dùng được."),
    ),
    "roster_started": Words(
        N_("Danh sách này đã được ghi hoặc đã thôi"), N_("Hãy mở lại danh sách để xem tình trạng mới nhất.")
    ),
    "roster_nothing": Words(
        N_("Chưa có dòng nào để ghi"),
        N_("Những người trong danh sách đã được ghi, hoặc còn chờ bạn chọn ở các dòng cần xem lại."),
    ),
    "roster_ended": Words(N_("Danh sách này đã khép lại"), N_("Hãy gửi lại tệp nếu bạn muốn ghi nhận.")),
    "roster_too_many": Words(
        N_("Bạn gửi nhiều danh sách quá"),
        N_("Hãy đợi các danh sách trước xem xong, rồi gửi tiếp."),
    ),
    "roster_forgotten": Words(
        N_("Tệp của danh sách này đã được xóa"), N_("Tệp chỉ được giữ 7 ngày. Hãy gửi lại tệp.")
    ),
    "no_person": Words(
        N_("Tài khoản này chưa gắn với một người"),
        N_("Hãy nhờ người quản trị mở cho bạn tài khoản của Đại sứ số."),
    ),
    "person_has_account": Words(N_("Người này đã có tài khoản"), N_("Hãy tìm tài khoản cũ trong danh sách.")),
    "last_administrator": Words(
        N_("Đây là người quản trị cuối cùng"), N_("Hãy giao vai trò này cho một người khác trước.")
    ),
    "own_account": Words(
        N_("Bạn không thể tự khóa tài khoản của mình"), N_("Hãy nhờ một người quản trị khác.")
    ),
    "too_many_reveals": Words(
        N_("Bạn đã xem nhiều số điện thoại"),
        N_("Để giữ an toàn cho mọi người, mỗi giờ chỉ xem được ít số. Hãy quay lại sau một giờ."),
    ),
    "unit_circle": Words(
        N_("Đơn vị không thể nằm dưới chính mình"), N_("Hãy chọn một đơn vị cấp trên khác.")
    ),
    "unit_kind_does_not_fit": Words(
        N_("Cấp này không thể nằm dưới đơn vị đã chọn"), N_("Hãy chọn một đơn vị cấp trên khác.")
    ),
    "unit_has_units_below": Words(
        N_("Đơn vị này còn đơn vị bên dưới"), N_("Hãy chuyển hoặc đóng các đơn vị bên dưới trước.")
    ),
    "not_a_candidate": Words(
        N_("Người này chưa đủ năm người học xác nhận"), N_("Khi có đủ, tên sẽ hiện trong trang Gương sáng.")
    ),
    "own_honor": Words(N_("Bạn không thể tự đề cử chính mình"), N_("Hãy nhờ đồng nghiệp.")),
    "class_over": Words(
        N_("Lớp này đã kết thúc"),
        N_("Không ghi thêm vào lớp đã xong hoặc đã hủy. Lớp đã xong thì người đứng lớp mở lại được."),
    ),
    "class_not_yet": Words(
        N_("Lớp chưa đến ngày"), N_("Danh sách người đến được ghi từ ngày mở lớp. Hãy quay lại hôm đó.")
    ),
    "not_your_class": Words(
        N_("Chỉ người đứng lớp sửa được"), N_("Hãy nhờ người đứng lớp, hoặc cán bộ Đoàn phụ trách.")
    ),
    "own_class": Words(
        N_("Bạn là người dạy của lớp này"),
        N_("Người dạy không điểm danh như người học. Hãy đưa màn hình cho người học quét."),
    ),
    "check_in_unknown": Words(
        N_("Mã điểm danh này không đúng"), N_("Hãy quét lại mã đang hiện trên màn hình của người dạy.")
    ),
    "check_in_closed": Words(
        N_("Lớp chưa mở điểm danh"), N_("Hãy nhờ người dạy bấm “Mở điểm danh”, rồi quét lại mã.")
    ),
    "check_in_wrong_day": Words(
        N_("Chỉ điểm danh vào ngày có lớp"),
        N_("Với ngày khác, hãy ghi danh sách tên; mỗi người sẽ tự xác nhận sau."),
    ),
    "class_full": Words(
        N_("Lớp đã đủ 500 người điểm danh"), N_("Hãy nhờ người dạy ghi tên bạn vào danh sách.")
    ),
    "check_in_disputed": Words(
        N_("Lượt của bạn đang chờ xem lại"), N_("Hãy nói với người dạy. Bạn không cần làm gì thêm.")
    ),
    "database_missing": Words(
        N_("Không mở được cơ sở dữ liệu"), N_("Hãy thử lại sau ít phút; nếu vẫn vậy, hãy báo người quản trị.")
    ),
    "database_locked": Words(
        N_("Cơ sở dữ liệu đang bận"), N_("Có việc lớn đang ghi dữ liệu. Hãy đợi một phút rồi thử lại.")
    ),
    "database_behind": Words(
        N_("Hệ thống đang được nâng cấp"),
        N_("Người quản trị cần chạy lệnh nâng cấp cơ sở dữ liệu. Hãy thử lại sau ít phút."),
    ),
} | {code: Words(refusal.title, refusal.advice) for code, refusal in REFUSALS.items()}


def words_for(status: int, code: str | None) -> Words:
    """Return the words of a code, or those of its status.

    >>> words_for(404, None).title
    'Không tìm thấy trang này'
    """
    return CODE_WORDS.get(code or "") or STATUS_WORDS.get(status) or STATUS_WORDS[500]
