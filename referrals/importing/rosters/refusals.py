"""Why a whole file is not read, and what its sender can do: stable codes and their words."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import Invalid
from core.i18n import N_


@dataclass(frozen=True, slots=True)
class Refusal:
    """A title and advice, message ids both. Each says alone what to do."""

    title: str
    advice: str


REFUSALS: dict[str, Refusal] = {
    "file_empty": Refusal(
        N_("Tệp này trống"),
        N_("Tệp này không có chữ nào. Hãy mở ra xem lại, lưu rồi gửi lại đúng tệp có danh sách."),
    ),
    "file_too_large": Refusal(
        N_("Tệp lớn quá"),
        N_("Tệp lớn hơn 20 MB. Hãy bỏ hình ảnh trong tệp, hoặc chia danh sách thành nhiều tệp nhỏ hơn."),
    ),
    "file_not_a_list": Refusal(
        N_("Đây không phải là danh sách"),
        N_("Tệp này không phải bảng tính hay danh sách. Hãy gửi tệp Excel (.xlsx) hoặc CSV."),
    ),
    "file_archive": Refusal(
        N_("Đây là tệp nén"),
        N_("Tệp này là một gói nén. Hãy giải nén rồi gửi từng bảng tính bên trong."),
    ),
    "file_encrypted": Refusal(
        N_("Tệp có mật khẩu"),
        N_("Tệp này đang khóa bằng mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu, lưu lại rồi gửi."),
    ),
    "file_damaged": Refusal(
        N_("Tệp bị hỏng"),
        N_("Tệp này bị hỏng hoặc chưa tải hết. Hãy mở lại bằng Excel, lưu thành tệp .xlsx mới rồi gửi."),
    ),
    "file_bomb": Refusal(
        N_("Tệp mở ra quá lớn"),
        N_(
            "Mở ra, tệp này lớn hơn nhiều so với một danh sách. "
            "Hãy chép riêng vùng có danh sách sang một tệp mới rồi gửi lại."
        ),
    ),
    "too_many_columns": Refusal(
        N_("Bảng có quá nhiều cột"),
        N_("Bảng có hơn 256 cột. Hãy xóa các cột thừa và những ô lạc ở xa bên phải rồi gửi lại."),
    ),
    "too_many_rows": Refusal(
        N_("Bảng có quá nhiều dòng"),
        N_("Bảng có hơn 200.000 dòng. Hãy xóa các dòng thừa ở cuối, hoặc chia thành nhiều tệp."),
    ),
    "cell_too_long": Refusal(
        N_("Có một ô quá dài"),
        N_("Có một ô chứa hơn 32.767 ký tự. Hãy tìm ô đó, xóa bớt rồi gửi lại."),
    ),
    "file_encoding": Refusal(
        N_("Không đọc được kiểu chữ của tệp"),
        N_("Không rõ tệp này dùng kiểu chữ nào. Hãy lưu lại thành Excel (.xlsx) hoặc CSV UTF-8 rồi gửi."),
    ),
    "file_too_slow": Refusal(
        N_("Tệp này mở quá lâu"),
        N_("Đọc tệp này mất quá nhiều thời gian. Hãy chép riêng danh sách sang một tệp mới rồi gửi lại."),
    ),
}


def refuse(code: str) -> Invalid:
    """Return the refusal of a file, to be raised; the field it belongs to is `file`."""
    if code not in REFUSALS:
        raise KeyError(code)
    return Invalid(code, {"file": code})
