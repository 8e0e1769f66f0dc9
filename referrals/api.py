"""The JSON doors of referrals: who is signed in on this phone, and the entries of its outbox one by one.

A refusal is problem JSON (RFC 9457) with a stable `code`; `fields` maps the fields of an entry to codes and
`words` says each of them in the language of the request.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf

from core.errors import BadRequest, Invalid, NotSignedIn, TooLarge
from core.web import access, db, house, now
from people.permissions import may
from people.sessions import actor
from referrals.entries import VERSION, read_entry
from referrals.forms.recording import described
from referrals.forms.words import FIELD_WORDS
from referrals.outbox_words import ELSE, LINE_WORDS
from referrals.routes.blueprint import language
from referrals.services import outbox
from referrals.services.outbox_lists import Asked, Left
from referrals.services.recording import MaybeSamePerson

blueprint = Blueprint("referrals_api", __name__, url_prefix="/api/v1")

LARGEST = 200_000  # bytes of one entry
ANSWER = tuple[Response, int]


@blueprint.get("/session")
@access.public
def session() -> Response:
    """Tell a page who is signed in: the key of the account, the token for writing, what may be sent."""
    who = actor()
    key = outbox.account_key(house().box, who.account_id) if who.account_id is not None else None
    return jsonify(
        account=key,
        csrf=generate_csrf(),
        language=language(),
        version=VERSION,
        now=now().isoformat(),
        kinds=[kind for kind, needed in outbox.NEEDS.items() if may(who, needed, anywhere=True)],
    )


@blueprint.put("/outbox/<uuid:entry_id>")
@access.public
def put_entry(entry_id: UUID) -> Response | ANSWER:
    """Take one entry: 200 with what stands, the same however often it is sent.

    401 signed out, 403 written by another account, 409 `changed_resend`, `entry_voided` or `same_act`,
    422 with fields, or with the people or lines that the writer is asked about.
    """
    if not actor().signed_in:
        raise NotSignedIn("signed_out")
    sent = _body()
    try:
        entry = read_entry(str(entry_id), sent)
        taken = outbox.submit_entry(db(), actor(), entry, now(), house().box, house().settings.confirm_days)
    except MaybeSamePerson as question:
        asked = [{"person_id": one.person_id, "label": described(one)} for one in question.candidates]
        return _refused(question, candidates=asked)
    except Asked as question:
        return _refused(question, left=[_line(one) for one in question.left])
    except Invalid as refusal:
        return _refused(refusal)
    return jsonify(
        uuid=entry.uuid,
        kind=entry.kind,
        again=taken.again,
        teaching_ids=taken.teaching_ids,
        class_id=taken.class_id,
        left=[_line(one) for one in taken.left],
    )


def _body() -> object:
    if (request.content_length or 0) > LARGEST:
        raise TooLarge("entry_too_large")
    try:
        return json.loads(request.get_data())
    except (ValueError, RecursionError):
        raise BadRequest("entry_unreadable") from None


def _refused(refusal: Invalid, **more: Any) -> ANSWER:
    words = {
        name: str(FIELD_WORDS.get(code, FIELD_WORDS["not_a_choice"])) for name, code in refusal.fields.items()
    }
    if refusal.code == "entry_newer":
        words = {"": gettext("Máy chủ chưa hiểu được mục này. Hãy tải lại trang rồi gửi lại.")}
    answer = jsonify(
        type="about:blank",
        title=gettext("Có chỗ cần sửa lại"),
        status=refusal.status,
        detail=" ".join(dict.fromkeys(words.values())),
        code=refusal.code,
        fields=refusal.fields,
        words=words,
        **more,
    )
    answer.content_type = "application/problem+json"
    return answer, refusal.status


def _line(left: Left) -> dict[str, Any]:
    return {
        "row": left.row,
        "text": left.text,
        "kind": left.kind,
        "reasons": [{"code": code, "text": _reason(code)} for code in left.reasons],
        "candidates": [{"person_id": one.person_id, "label": described(one)} for one in left.candidates],
    }


def _reason(code: str) -> str:
    if code in LINE_WORDS or code not in FIELD_WORDS:
        return str(gettext(LINE_WORDS.get(code, ELSE)))
    return str(FIELD_WORDS[code])
