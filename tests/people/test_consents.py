"""The purposes of consent: each says for what, in plain words, and who may take it down."""

from people.consents import PURPOSES, WAYS, is_purpose
from people.permissions import Permission


def test_each_purpose_speaks_in_the_first_person_and_stands_alone() -> None:
    for code, purpose in PURPOSES.items():
        assert code == purpose.code
        assert purpose.text.startswith("Tôi đồng ý")
        assert purpose.taken_by in {Permission.CONSENT_TAKE, Permission.CONSENT_RECORD}
    assert len({purpose.text for purpose in PURPOSES.values()}) == len(PURPOSES)


def test_only_communication_staff_takes_consent_to_publish() -> None:
    assert PURPOSES["honor_wall"].taken_by is Permission.CONSENT_RECORD


def test_codes_fit_their_columns() -> None:
    assert all(len(code) <= 40 for code in (*PURPOSES, *WAYS))
    assert is_purpose("contact")
    assert not is_purpose("")
