"""The pages of classes through HTTP: who sees what, what is kept when something is refused."""

from __future__ import annotations

import re

import pytest

from learning.models import ClassSession
from referrals.models.acts import Teaching
from tests.support.cast import Cast
from tests.support.class_town import Town, words
from tests.support.classes import came, checks_in, door, on

pytestmark = pytest.mark.usefixtures("reference")


def test_a_class_is_opened_with_a_title_made_for_it(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    assert "Lớp chợ Cồn" in words(alice.get("/lop-hoc"))
    assert "Trần Văn Bình" in words(alice.get("/lop-hoc/moi"))
    first = alice.post("/lop-hoc/moi", data=town.form(helpers=[cast.bob.person_id]))
    second = alice.post("/lop-hoc/moi", data=town.form(helpers=[cast.bob.person_id]))
    assert (first.status_code, first.location) == (303, second.location)
    page = alice.get(first.location)
    assert "Hướng dẫn tại nhà · nhà bác Sáu · 22/11/2026" in words(page)
    assert town.count(ClassSession) == 2
    other = alice.post("/lop-hoc/moi", data=town.form(title="Khác"))
    assert other.status_code == 409


def test_an_empty_list_teaches(town: Town, cast: Cast):
    page = town.browser(cast.erin).get("/lop-hoc")
    assert "Mở lớp đầu tiên" in words(page)


def test_a_helper_is_found_by_the_whole_name_alone(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    found = alice.post("/lop-hoc/moi", data=town.form(find="helper", helper_name="vo thi en"))
    assert found.status_code == 200
    assert "Võ Thị Én (Chi đoàn Sinh viên)" in words(found)
    missing = alice.post("/lop-hoc/moi", data=town.form(find="helper", helper_name="Võ Thị"))
    assert "Chưa thấy Đại sứ số nào tên như vậy" in words(missing)
    assert town.count(ClassSession) == 1


def test_a_coordinator_opens_a_class_for_an_ambassador(town: Town, cast: Cast):
    carol = town.browser(cast.carol)
    found = carol.post("/lop-hoc/moi", data=town.form(find="lead", lead_name="Phạm Văn Dũng"))
    assert f'name="lead" value="{cast.dave.person_id}"' in found.get_data(as_text=True)
    beyond = carol.post("/lop-hoc/moi", data=town.form(find="lead", lead_name="Võ Thị Én"))
    assert "Chưa thấy Đại sứ số nào" in words(beyond)
    done = carol.post("/lop-hoc/moi", data=town.form(lead=str(cast.dave.person_id)))
    assert done.status_code == 303
    refused = carol.post("/lop-hoc/moi", data=town.form(lead=str(cast.erin.person_id), client_uuid=""))
    assert refused.status_code == 422
    missing = carol.post("/lop-hoc/moi", data=town.form(client_uuid=""))
    assert missing.status_code == 422
    assert "Hãy tìm rồi chọn người đứng lớp." in words(missing)


def test_another_units_class_is_not_there(town: Town, cast: Cast):
    for member in (cast.dave, cast.erin, cast.frank, cast.olga):
        client = town.browser(member)
        for rest in ("", "/sua", "/danh-sach", "/chon", "/diem-danh", "/diem-danh/ma", "/huy"):
            assert client.get(town.path(rest)).status_code in (403, 404), rest
        assert client.get(town.path()).status_code == 404
    assert town.browser(cast.alice).get("/lop-hoc/999999").status_code == 404
    assert town.browser().get(town.path()).status_code in (302, 303)


def test_what_a_helper_may_do(town: Town, cast: Cast):
    bob = town.browser(cast.bob)
    page = words(bob.get(town.path()))
    assert "Ghi những người đến" in page
    assert "Hủy lớp" not in page
    for rest, data in (("/xong", {}), ("/huy", {"reason": "x"}), ("/so-nguoi", {"headcount": "3"})):
        assert bob.post(town.path(rest), data=data).status_code == 403
    for rest in ("/sua", "/huy"):
        assert bob.get(town.path(rest)).status_code == 403
    assert town.browser(cast.carol).post(town.path("/xong")).status_code == 303


def test_a_list_is_shown_before_it_is_written(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    data = {"people": "Trần Thị Hoa 0905123456\nLê Văn Tám\n12345", "teacher_id": str(cast.alice.person_id)}
    preview = alice.post(town.path("/danh-sach"), data=data)
    assert preview.status_code == 200
    assert "2 người mới, 0 người đã biết, 0 cần bạn xem, 1 chưa ghi được" in words(preview)
    assert town.count(Teaching) == 0
    seen = re.search(r'name="seen" value="(\w+)"', preview.get_data(as_text=True))
    assert seen is not None
    other = alice.post(town.path("/danh-sach"), data=data | {"seen": seen[1], "people": "Ai Khác"})
    assert (other.status_code, town.count(Teaching)) == (200, 0)
    done = alice.post(town.path("/danh-sach"), data=data | {"seen": seen[1]})
    assert (done.status_code, town.count(Teaching)) == (303, 2)
    page = words(alice.get(town.path()))
    assert "Đã ghi 2 người." in page
    assert "1 dòng chưa ghi được." in page
    assert "Trần Thị Hoa" in page


def test_a_doubtful_line_waits_for_an_answer(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    data = {"people": "Trần Thị Hoa\nTrần Thị Hoa", "teacher_id": str(cast.alice.person_id)}
    preview = alice.post(town.path("/danh-sach"), data=data)
    assert "1 cần bạn xem" in words(preview)
    seen = re.search(r'name="seen" value="(\w+)"', preview.get_data(as_text=True))
    assert seen is not None
    asked = alice.post(town.path("/danh-sach"), data=data | {"seen": seen[1]})
    assert "Mỗi dòng “Cần bạn xem” hãy chọn" in words(asked)
    done = alice.post(town.path("/danh-sach"), data=data | {"seen": seen[1], "row-2": "apart"})
    assert (done.status_code, town.count(Teaching)) == (303, 2)


def test_ticks(town: Town, cast: Cast):
    with town.database.session(write=True) as session:
        learner = town.story(session).record(cast.alice, "Trần Thị Hoa", taught_on=on(3)).learner_id
        session.commit()
    alice = town.browser(cast.alice)
    assert "Trần Thị Hoa" in words(alice.get(town.path("/chon")))
    assert alice.post(town.path("/chon"), data={}).status_code == 422
    assert alice.post(town.path("/chon"), data={"people": [cast.dave.person_id]}).status_code == 422
    assert alice.post(town.path("/chon"), data={"people": [learner]}).status_code == 303
    assert "Chưa có ai để chọn" in words(alice.get(town.path("/chon")))
    act = alice.get(town.path()).get_data(as_text=True)
    found = re.search(r"/luot-day/(\d+)/rut-lai", act)
    assert found is not None
    assert "Lớp chợ Cồn" in words(alice.get(f"/luot-day/{found[1]}"))
    gone = alice.post(f"/luot-day/{found[1]}/rut-lai", data={"reason": ""})
    assert gone.location == town.path()


def test_counts_and_what_is_wrong_with_them(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    wrong = alice.post(town.path("/so-nguoi"), data={"headcount": "5", "elderly": "6"})
    assert wrong.status_code == 422
    assert "Số này nhiều hơn tất cả số người đến." in words(wrong)
    assert alice.post(town.path("/so-nguoi"), data={"headcount": "6", "elderly": "6"}).status_code == 303
    assert 'value="6"' in alice.get(town.path()).get_data(as_text=True)


def test_changing_closing_and_calling_off(town: Town, cast: Cast):
    alice = town.browser(cast.alice)
    with town.database.session(write=True) as session:
        came(town.story(session), session.get_one(ClassSession, town.class_id), cast.alice, "Trần Thị Hoa")
        session.commit()
    assert 'value="Lớp chợ Cồn"' in alice.get(town.path("/sua")).get_data(as_text=True)
    changed = alice.post(town.path("/sua"), data=town.form(held_on="20/11/2026", title="Lớp mới"))
    assert changed.status_code == 303
    page = words(alice.get(town.path()))
    assert "1 lượt chưa xác nhận đổi ngày theo lớp." in page
    assert alice.post(town.path("/xong")).status_code == 303
    assert alice.post(town.path("/danh-sach"), data={"people": "Ai Đó"}).status_code == 409
    assert alice.post(town.path("/mo-lai")).status_code == 303
    assert "1 người chưa xác nhận sẽ không còn" in words(alice.get(town.path("/huy")))
    assert alice.post(town.path("/huy"), data={"reason": " "}).status_code == 422
    assert alice.post(town.path("/huy"), data={"reason": "Mưa to"}).status_code == 303
    assert "Lớp đã hủy" in words(alice.get(town.path()))
    assert alice.post(town.path("/huy"), data={"reason": "Mưa to"}).status_code == 409


def test_a_list_of_the_class_shows_names_as_text(town: Town, cast: Cast):
    with town.database.session(write=True) as session:
        story = town.story(session)
        held = session.get_one(ClassSession, town.class_id)
        door(story, held, cast.alice)
        checks_in(story, held, cast.alice, "H'Hen Niê")
        session.commit()
    page = town.browser(cast.alice).get(town.path())
    assert "H&#39;Hen Niê" in page.get_data(as_text=True)
