"""The words for what does not go in: why, and what to do. Edges translate them; codes never change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from core.i18n import N_


class Words(NamedTuple):
    """A reason and an advice, as message ids. Those of a file have placeholders."""

    reason: str
    advice: str


ROW_WORDS: Final[Mapping[str, Words]] = {
    "bad_encoding": Words(
        N_("Dòng này có ký tự hỏng, không phải UTF-8."),
        N_("Mở tệp gốc, lưu lại dạng “CSV UTF-8” rồi nạp lại."),
    ),
    "nul_byte": Words(
        N_("Dòng này có ký tự rỗng (NUL)."),
        N_("Mở tệp gốc, lưu lại dạng “CSV UTF-8” rồi nạp lại."),
    ),
    "open_quote": Words(
        N_("Dấu ngoặc kép mở ra mà không đóng lại."),
        N_("Thêm dấu ngoặc kép còn thiếu, hoặc bỏ dấu thừa."),
    ),
    "bad_quote": Words(
        N_("Dấu ngoặc kép đặt sai chỗ."),
        N_("Viết hai dấu ngoặc kép liền nhau cho một dấu nằm trong ô."),
    ),
    "too_many_cells": Words(
        N_("Dòng này có nhiều ô hơn hàng tiêu đề."),
        N_("Đặt giá trị có dấu phân cách vào trong dấu ngoặc kép, hoặc bỏ ô thừa."),
    ),
    "no_id": Words(N_("Thiếu mã người (id)."), N_("Điền mã, mỗi người một mã riêng.")),
    "id_too_long": Words(N_("Mã người dài hơn 80 ký tự."), N_("Dùng mã ngắn hơn ở cả hai tệp.")),
    "no_name": Words(
        N_("Thiếu họ tên."),
        N_(
            "Điền họ tên rồi nạp lại; trong lúc chờ, người này mang tạm mã của mình "
            "nếu có trong tệp lượt dạy."
        ),
    ),
    "name_too_long": Words(
        N_("Họ tên dài hơn 100 ký tự."), N_("Kiểm tra xem hai ô có bị dính vào nhau không.")
    ),
    "duplicate_id": Words(
        N_("Mã người này đã có ở một dòng trước; dòng đầu được giữ."),
        N_("Bỏ dòng thừa, hoặc cho người thứ hai một mã khác."),
    ),
    "unknown_unit": Words(
        N_("Không có đơn vị nào mang mã này."),
        N_("Dùng mã phường, xã hoặc mã đơn vị đã có, tạo đơn vị trước, hoặc để trống ô này."),
    ),
    "bad_phone": Words(
        N_("Số điện thoại không đọc được; người này được nạp mà không có số."),
        N_("Sửa số trong phần mềm, hoặc để trống: số điện thoại không bắt buộc."),
    ),
    "unknown_gender": Words(
        N_("Giới tính không đọc được; người này được nạp mà không có giới tính."),
        N_("Dùng m, f, nam, nữ, hoặc để trống."),
    ),
    "no_teacher": Words(N_("Thiếu mã người dạy (teacher_id)."), N_("Điền mã của người dạy.")),
    "no_learner": Words(N_("Thiếu mã người học (learner_id)."), N_("Điền mã của người học.")),
    "no_such_day": Words(
        N_("Ngày này không có trong lịch."), N_("Sửa ngày, ví dụ 2026-02-28 hoặc 28/02/2026.")
    ),
    "no_such_time": Words(N_("Giờ này không có trong ngày."), N_("Sửa giờ, từ 00:00 đến 23:59.")),
    "short_year": Words(N_("Năm chỉ có hai chữ số."), N_("Viết đủ bốn chữ số của năm.")),
    "out_of_range": Words(
        N_("Năm nằm ngoài khoảng 1000–9998."), N_("Sửa năm, hoặc để trống nếu không rõ ngày.")
    ),
    "not_a_date": Words(
        N_("Không đọc được ngày."),
        N_("Viết 2026-01-31, 31/01/2026, 2026, hoặc để trống nếu không rõ ngày."),
    ),
    "teaches_oneself": Words(
        N_("Người dạy và người học là một người."),
        N_("Không cần làm gì: không ai tự dạy mình trong cây lan tỏa."),
    ),
    "same_act_twice": Words(
        N_("Lượt dạy này đã có ở một dòng trước: cùng người dạy, người học và thời điểm."),
        N_("Không cần làm gì: lượt dạy chỉ tính một lần. Hai lượt trong một ngày thì ghi thêm giờ."),
    ),
}
"""Why a row was refused, by code."""

FILE_WORDS: Final[Mapping[str, Words]] = {
    "missing_file": Words(N_("Không có tệp %(file)s."), N_("Kiểm tra đường dẫn.")),
    "folder": Words(N_("%(file)s là một thư mục, không phải tệp."), N_("Chỉ rõ tệp CSV ở trong đó.")),
    "not_a_file": Words(
        N_("%(file)s không phải một tệp đọc lại được."),
        N_("Lưu dữ liệu thành một tệp trên đĩa trước."),
    ),
    "no_permission": Words(
        N_("Không được phép đọc tệp %(file)s."), N_("Cấp quyền đọc tệp cho người chạy lệnh.")
    ),
    "too_large": Words(
        N_("Tệp %(file)s quá lớn: %(size)s, tối đa %(most)s."),
        N_("Chia tệp thành nhiều phần, giữ hàng tiêu đề, và nạp từng phần với cùng --source."),
    ),
    "line_too_long": Words(
        N_("Dòng %(line)s của tệp %(file)s dài hơn %(most)s byte, có lẽ đây không phải CSV."),
        N_("Lưu lại dạng “CSV UTF-8”, mỗi người hoặc mỗi lượt dạy một dòng."),
    ),
    "broken_gzip": Words(N_("Tệp nén %(file)s bị hỏng hoặc chưa tải hết."), N_("Tải hoặc nén lại tệp.")),
    "workbook": Words(
        N_("%(file)s là bảng tính (Excel) hoặc tệp zip, không phải CSV."),
        N_("Mở tệp và lưu lại dạng “CSV UTF-8 (phân cách bằng dấu phẩy)”."),
    ),
    "binary": Words(
        N_("%(file)s không phải tệp chữ."),
        N_("Lưu lại dạng “CSV UTF-8”; tệp UTF-16 phải có dấu BOM ở đầu."),
    ),
    "empty_file": Words(
        N_("Tệp %(file)s trống, không có cả hàng tiêu đề."),
        N_("Dòng đầu phải là tên các cột."),
    ),
    "column_missing": Words(
        N_("Tệp %(file)s thiếu cột %(missing)s. Các cột tìm thấy: %(found)s."),
        N_("Dòng đầu phải có các cột %(required)s. Có đổi nhầm hai tệp --people và --taught không?"),
    ),
    "column_twice": Words(N_("Tệp %(file)s có hai cột %(column)s."), N_("Bỏ hoặc đổi tên một cột.")),
    "bad_source": Words(
        N_("Tên nguồn “%(source)s” không dùng được."),
        N_("Đặt --source bằng một tên từ 1 đến 80 ký tự."),
    ),
    "rejects_unwritable": Words(
        N_("Không ghi được tệp %(file)s: %(reason)s"),
        N_("Chọn chỗ khác bằng --rejects."),
    ),
    "rejects_is_input": Words(
        N_("Tệp --rejects trùng với tệp nạp vào: %(file)s."),
        N_("Chọn tên khác cho tệp báo lỗi."),
    ),
}
"""Why a whole file cannot be taken, by code."""
