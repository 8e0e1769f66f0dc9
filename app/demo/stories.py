"""A few honorees of the demonstration city, with words of their own and a recorded consent."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from honors import queries, services
from people.age_bands import is_minor_band
from people.consents import HONOR_WALL, PURPOSES
from people.permissions import HOUSE
from people.queries import person_by_id

WANTED = 6
LEFT_WAITING = 1

STORIES = (
    """Cứ chiều thứ Bảy là mang ghế ra đầu kiệt, chỉ cho từng cô bác cách trả tiền bằng mã QR.
Có bác lần đầu tự trả tiền chợ bằng điện thoại, cười cả buổi.""",
    """Đường vào thôn phải đi bộ, sóng lúc có lúc không.
Vậy mà nhà nào cũng được ghé, nhà nào cũng biết đặt lịch khám qua mạng trước khi xuống trạm.""",
    """Bắt đầu từ mẹ mình, rồi cô hàng xóm, rồi cả tổ dân phố.
Ai học xong cũng được dặn: mật khẩu và mã OTP không đưa cho ai, kể cả người tự xưng công an.""",
    """Mỗi người học một việc đúng với mình: người thì nộp hồ sơ cho con, người thì gọi cho cháu ở xa.
Học chậm cũng được, miễn là về nhà còn dùng.""",
    """Sạp hàng ở chợ thành lớp học nhỏ.
Khách chờ gói hàng thì học luôn cách nhận biết tin nhắn lừa đảo.""",
    """Người học giờ đã đi chỉ lại cho người khác.
Cây lan tỏa cứ thế mà lớn, chẳng cần ai giục.""",
    """Hết giờ làm là ghé nhà văn hóa, ai cần gì chỉ nấy: hôm thì gọi video, hôm thì tra giờ xe buýt.
Có bà cụ học ba buổi mới nhớ, buổi thứ tư bà dắt theo bạn.""",
    """Không hứa hẹn gì to tát, chỉ ngồi cạnh và kiên nhẫn.
Người học tự bấm, mình chỉ nhìn, thế mới nhớ lâu.""",
)


def honour_some(session: Session, now: datetime, seed: int, asked: int) -> int:
    """Put some candidates on the wall; leave a nomination, and that of `asked`, waiting for an answer.

    Return how many stand on the wall. `asked` is a person with an account, who can answer alone.
    """
    random = Random(seed)
    found = [one.person_id for one in queries.candidates(session, limit=40) if one.person_id != asked]
    grown = [one for one in found if _may_stand_there(session, one)][: WANTED + LEFT_WAITING]
    for number, person_id in enumerate([*grown, asked]):
        moment = now - timedelta(days=3 + 9 * number)
        nomination = services.nominate(session, HOUSE, person_id, moment)
        services.tell_story(session, HOUSE, nomination.id, STORIES[number % len(STORIES)], moment)
        if number < WANTED and person_id != asked:
            answer = services.ConsentAnswer(
                given=True,
                text_shown=PURPOSES[HONOR_WALL].text,
                language="vi",
                how=random.choice(("in_person", "paper")),
                edition=nomination.edition,
            )
            services.answer_consent(session, HOUSE, nomination.id, answer, moment)
            services.publish(session, HOUSE, nomination.id, moment)
        session.flush()
    return min(len(grown), WANTED)


def _may_stand_there(session: Session, person_id: int) -> bool:
    person = person_by_id(session, person_id)
    return person is not None and person.unit_id is not None and not is_minor_band(person.age_band)
