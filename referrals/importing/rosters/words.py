"""Words for the codes of the reader of lists: fields, doubts, reasons. Message ids for the edge."""

from __future__ import annotations

from core.i18n import N_

FIELD_NAMES: dict[str, str] = {
    "full_name": N_("Họ và tên"),
    "family_part": N_("Họ và chữ đệm"),
    "given_part": N_("Tên (không có họ)"),
    "phone": N_("Số điện thoại"),
    "phone_2": N_("Số điện thoại khác"),
    "gender": N_("Giới tính"),
    "birth": N_("Ngày sinh hoặc năm sinh"),
    "birth_m": N_("Năm sinh của nam"),
    "birth_f": N_("Năm sinh của nữ"),
    "gender_m": N_("Đánh dấu nam"),
    "gender_f": N_("Đánh dấu nữ"),
    "age": N_("Tuổi"),
    "ward": N_("Phường, xã hoặc địa chỉ"),
    "taught_on": N_("Ngày dạy"),
    "skills": N_("Kỹ năng đã dạy"),
    "teacher": N_("Người dạy"),
    "note": N_("Ghi chú"),
    "number": N_("Số thứ tự"),
    "ignored": N_("Không đọc cột này"),
}

DOUBT_WORDS: dict[str, str] = {
    "phone_letters": N_("Số điện thoại có chữ, nên không ghi số."),
    "phone_symbols": N_("Số điện thoại có ký hiệu lạ, nên không ghi số."),
    "phone_several": N_("Ô số điện thoại có nhiều số dính nhau, nên không ghi số."),
    "phone_rounded": N_("Bảng tính đã làm tròn số điện thoại, nên không ghi số."),
    "phone_too_short": N_("Số điện thoại thiếu chữ số, nên không ghi số."),
    "phone_too_long": N_("Số điện thoại thừa chữ số, nên không ghi số."),
    "phone_landline": N_("Đây là số máy bàn, nên không ghi số."),
    "phone_foreign": N_("Đây là số nước ngoài, nên không ghi số."),
    "phone_unknown_prefix": N_("Đầu số điện thoại không có thật, nên không ghi số."),
    "phone_elsewhere": N_("Số điện thoại nằm ở cột khác; đã lấy số ấy."),
    "columns_swapped": N_("Họ tên và số điện thoại đổi chỗ cho nhau; đã đổi lại."),
    "name_in_phone_column": N_("Họ tên nằm ở cột số điện thoại; đã lấy tên ấy."),
    "birth_unbelievable": N_("Ngày sinh khó tin, nên không ghi nhóm tuổi."),
    "birth_unreadable": N_("Ngày sinh không đọc được, nên không ghi nhóm tuổi."),
    "age_unclear": N_("Tuổi nằm giữa hai nhóm, nên không ghi nhóm tuổi."),
    "age_unreadable": N_("Tuổi không đọc được, nên không ghi nhóm tuổi."),
    "gender_unknown": N_("Giới tính không đọc được, nên để trống."),
    "ward_unknown": N_("Không thấy phường, xã nào của thành phố trong địa chỉ này."),
    "ward_several": N_("Địa chỉ này có thể thuộc nhiều phường, xã; hãy xem lại."),
    "taught_on_unclear": N_("Ngày dạy không rõ, nên lấy ngày chung của danh sách."),
    "taught_on_unbelievable": N_("Ngày dạy khó tin, nên lấy ngày chung của danh sách."),
    "taught_on_no_year": N_("Ngày dạy không ghi năm; đã hiểu là năm gần nhất."),
    "taught_on_future": N_("Ngày dạy chưa đến."),
}
"""What somebody should look at; the person is taken all the same."""

REFUSED_WORDS: dict[str, str] = {
    "no_name": N_("Dòng này có số điện thoại hay năm sinh mà thiếu họ tên."),
    "name_no_letters": N_("Ô họ tên không có chữ nào."),
    "name_has_digits": N_("Ô họ tên có chữ số lẫn vào."),
    "name_has_link": N_("Ô họ tên có đường dẫn hay địa chỉ thư."),
    "name_has_symbols": N_("Ô họ tên có ký hiệu lạ."),
    "name_too_long": N_("Ô họ tên dài quá 100 ký tự."),
    "name_several": N_("Một ô có họ tên của nhiều người: hãy viết mỗi người một dòng."),
}
"""Why a row is no person yet; its sender mends it and sends it again."""
