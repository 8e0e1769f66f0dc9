"""Headers that are known word for word, without marks, case and signs: what each means, and its rank.

Of several columns of one field the lowest rank wins: a ward before an address before a unit.
"""

from __future__ import annotations

from typing import Final

KNOWN: Final[dict[str, tuple[str, int]]] = {}
"""Header → field and rank."""


def _known(field: str, rank: int, names: str) -> None:
    for name in names.split("|"):
        KNOWN.setdefault(name, (field, rank))


_known("number", 0, "stt|tt|so tt|so thu tu|thu tu|no|s t t|s tt|stt no|order|index|#|number|so")
_known(
    "full_name",
    0,
    "ho va ten|ho ten|ho ten hoc vien|ho va ten hoc vien|hoc vien|ten hoc vien|ho va ten nguoi hoc|nguoi hoc|"
    "ho ten nguoi hoc|ten nguoi hoc|full name|fullname|name|student name|learner|learner name|participant|"
    "ho va ten doan vien|doan vien|hoi vien|ho va ten hoi vien|thanh vien|ten thanh vien|nguoi tham gia|"
    "nguoi tham du|dai bieu|cong dan|ho ten cong dan|nguoi dan|ho ten khai sinh|ten day du|"
    "ho va ten cong dan|"
    "hovaten|hoten|htvt|ho va ten ca nhan|nguoi duoc huong dan|ho va ten nguoi duoc huong dan|ho ten day du|"
    "ho ten nguoi duoc huong dan|hoc sinh|sinh vien|ho ten sinh vien|ho ten hoc sinh|ho va ten sinh vien|"
    "ho va ten hoc sinh|ho va ten dai bieu|nguoi duoc day|nguoi duoc ho tro|ho va ten nguoi dan|"
    "ten nguoi dan|"
    "ho chu dem va ten|ho ten dem va ten|ho dem va ten|ho dem ten|ho lot ten|ho lot va ten|ho chu lot va ten|"
    "ho ten chu lot|ho va ten khai sinh|ho ten va chu dem",
)
_known("full_name", 3, "ong ba|ong|anh chi|quy ong ba|ong va ba|ho ten ong ba")
_known("full_name", 5, "chu ho|ho ten chu ho|ten chu ho|ho va ten chu ho")
_known(
    "family_part",
    0,
    "ho dem|ho va dem|ho va chu dem|ho va ten dem|ho ten dem|ho chu dem|ho lot|ho va lot|ho va chu lot|"
    "ho va ten lot|ho chu lot|ho ten lot|ho|ten dem|ten lot|chu dem|chu lot|dem|last name|"
    "surname|family name|"
    "middle name|lastname|ho va t dem|family",
)
_known("given_part", 0, "ten|first name|given name|firstname|ten goi|given")
_known(
    "phone",
    0,
    "so dien thoai|dien thoai|sdt|so dt|dt|phone|phone number|phone no|mobile|mobile phone|tel|"
    "telephone|di dong|"
    "dd|dtdd|dt dd|so dtdd|so di dong|dien thoai di dong|so dien thoai di dong|sdt lien he|"
    "dien thoai lien he|"
    "so dien thoai lien he|sdt lien lac|dien thoai lien lac|s dt|so phone|so may|cell|cellphone|"
    "dthoai|d thoai|"
    "so dien thoai ca nhan|sdt ca nhan|sdt hoc vien|so dthoai|dt lien he|dt lien lac|sodienthoai|"
    "dienthoai|sdthoai",
)
_known(
    "phone",
    1,
    "sdt zalo|dt zalo|dien thoai zalo|so dien thoai zalo|so dt zalo|zalo sdt|so zalo|zalo|lien he|"
    "lien lac|contact|contact number|hotline|so lien lac|so lien he|thong tin lien he|"
    "thong tin lien lac|whatsapp",
)
_known(
    "phone_2",
    0,
    "sdt 2|dien thoai 2|so dien thoai 2|dt 2|phone 2|sdt phu|sdt khac|dien thoai khac|dien thoai ban|"
    "dien thoai co dinh|dt ban|dt co dinh|dien thoai nha|dt nha|dien thoai co quan|"
    "so dien thoai khac|so khac",
)
_known("gender", 0, "gioi tinh|gioi|phai|gt|nam nu|nu nam|gender|sex|g tinh|gtinh|phai tinh")
_known("gender_m", 0, "nam")
_known("gender_f", 0, "nu")
_known(
    "birth",
    0,
    "ngay sinh|nam sinh|ngay thang nam sinh|ntns|ns|sinh nam|sinh ngay|nam sinh tuoi|dob|"
    "date of birth|birthday|"
    "birth date|birthdate|year of birth|yob|birth year|n sinh|ngay thang nam|ngay nam sinh|namsinh|ngaysinh|"
    "ngay thang sinh|ng sinh|nt nam sinh|ngay sinh nam sinh|birth",
)
_known("age", 0, "tuoi|do tuoi|age|nhom tuoi|so tuoi|lua tuoi|age group|age band|khoang tuoi")
_known(
    "ward",
    1,
    "phuong xa|xa phuong|phuong|xa|phuong xa dac khu|xa phuong dac khu|p x|x p|phuong xa thi tran|"
    "xa phuong thi tran|ward|commune|ward commune|xa phuong tt|phuong hoac xa",
)
_known(
    "ward",
    2,
    "dia chi|noi o|noi o hien nay|dia chi thuong tru|thuong tru|noi thuong tru|tam tru|"
    "noi tam tru|ho khau|hktt|"
    "cho o|cho o hien nay|noi cu tru|noi cu ngu|cu tru|address|dia chi hien tai|dia chi lien he|"
    "dia chi noi o|"
    "ho khau thuong tru|dc|dia ban|khu vuc|dia phuong|dia chi lien lac|noi o hien tai|dia chi nha",
)
_known(
    "ward",
    3,
    "don vi|don vi cong tac|dv cong tac|noi cong tac|co quan|noi lam viec|co quan don vi|"
    "don vi truc tiep|dvct|"
    "don vi co quan|noi sinh hoat|don vi sinh hoat|unit|ten don vi|dv|co quan cong tac",
)
_known("ward", 4, "que quan|nguyen quan|que|hometown|nguyen quan que quan")
_known(
    "taught_on",
    0,
    "ngay hoc|ngay day|ngay huong dan|ngay tap huan|ngay tham gia|ngay tham du|ngay to chuc|ngay thuc hien|"
    "ngay duoc huong dan|ngay dao tao|ngay ho tro|ngay bat dau|training date|session date|"
    "date taught|taught on|"
    "thoi gian huong dan|thoi gian hoc|thoi gian tap huan|thoi gian tham gia|thoi gian day|ngay khai giang",
)
_known("taught_on", 1, "ngay|date|thoi gian|thgian|thoi diem|ngay gio|ngay ghi nhan|tgian|day")
_known(
    "skills",
    0,
    "ky nang|noi dung|noi dung huong dan|noi dung hoc|ky nang da hoc|ky nang so|chu de|noi dung tap huan|"
    "noi dung dao tao|ky nang duoc huong dan|skills|skill|topic|topics|content|chuyen de|"
    "khoa hoc|bai hoc|mon hoc|"
    "noi dung day|noi dung da hoc|noi dung ho tro|ki nang|noi dung duoc huong dan",
)
_known(
    "teacher",
    0,
    "nguoi day|nguoi huong dan|giang vien|giao vien|dai su so|dai su|tinh nguyen vien|tnv|tap huan vien|"
    "bao cao vien|nguoi phu trach|trainer|teacher|ambassador|instructor|tro giang|huong dan vien|"
    "giao vien huong dan|"
    "tinh nguyen vien huong dan|nguoi truc tiep huong dan|can bo huong dan|nguoi ho tro|gv|gvhd|hdv",
)
_known("taught_on", 0, "day of the teaching|day of the lesson|day taught")
_known("ward", 1, "ward or commune|commune or ward")
_known("skills", 0, "skills taught|skill taught")
_known("note", 0, "ghi chu|chu thich|note|notes|remark|remarks|comment|comments|gc|g chu|ghi chu khac|luu y")
_known(
    "ignored",
    0,
    "quan he|quan he voi chu ho|"
    "ma|id|code|mssv|msv|masv|ma sv|ma so|ma hv|mshv|ma nv|msnv|lop|nhom|chi doan|chi hoi|"
    "lien chi doan|chuc vu|"
    "chuc danh|nghe nghiep|nghe|trinh do|email|e mail|mail|facebook|fb|chu ky|ky ten|ky nhan|ki ten|diem|"
    "diem danh|xep loai|ket qua|noi sinh|ngay ket thuc|ngay cap|noi cap|to|thon|to dan pho|khoi pho|khu pho|"
    "thon to|to thon|quan|huyen|quan huyen|tinh|tinh thanh|tinh thanh pho|thanh pho|so nha|duong|"
    "ly do|reason|"
    "timestamp|dau thoi gian|ngay vao doan|xac nhan|da hoc|khoa|nganh|truong|buoi|ca|trang thai|"
    "status|so luong|"
    "ngay dang ky|loai|hang muc|doi|class|group|position|signature|score|phong|ban|to khoi pho|thon ban",
)

del _known
