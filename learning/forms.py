"""The forms of administrators: the words of a skill, the names of a target group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core.forms import Form
from core.paging import LARGEST
from learning.words import CARD_LENGTH, OPTIONS, GroupWords, SkillWords

# Stable code of a service → what to do about it.
FIELD_WORDS = {
    "required": _l("Hãy điền chỗ này."),
    "too_long": _l("Hãy viết ngắn lại."),
    "too_many_lines": _l("Thẻ chỉ có hai dòng. Hãy gộp lại cho gọn."),
    "no_letters": _l("Tên phải có chữ cái."),
    "name_taken": _l("Tên này đã có trong danh sách. Hãy chọn tên khác."),
    "question_missing": _l("Hãy viết câu hỏi cho các câu trả lời này, bằng tiếng Việt trước."),
    "options_missing": _l("Câu hỏi cần đủ ba câu trả lời, câu đầu là câu đúng."),
    "options_equal": _l("Ba câu trả lời phải khác nhau."),
    "not_a_choice": _l("Hãy chọn một mục trong danh sách."),
}
# A field of the service → the field of the form that shows what is wrong with it.
_SHOWN_AT: Final = {"options_vi": "option_vi_1", "options_en": "option_en_1"}
_LONGEST = Length(max=2_000, message=FIELD_WORDS["too_long"])


def tell(form: Form, fields: Mapping[str, str]) -> None:
    """Put what a service refused beside the fields."""
    for name, code in fields.items():
        field = form[_SHOWN_AT.get(name, name)]
        field.errors = [*field.errors, FIELD_WORDS.get(code, FIELD_WORDS["not_a_choice"])]


def _id(text: object) -> int:
    # WTForms shows its own message for a ValueError.
    number = int(str(text))
    if not 0 <= number <= LARGEST:
        raise ValueError(text)
    return number


class SkillForm(Form):
    """The words of a skill in both languages; `mark` is that of the words the page was opened with."""

    name_vi = StringField(_l("Tên tiếng Việt"), validators=[InputRequired(FIELD_WORDS["required"]), _LONGEST])
    name_en = StringField(_l("Tên tiếng Anh"), validators=[InputRequired(FIELD_WORDS["required"]), _LONGEST])
    card_vi = TextAreaField(
        _l("Đã dạy những gì, hai dòng tiếng Việt"),
        description=_l("Lời giản dị, đọc là hiểu ngay. Người học thấy thẻ này khi xác nhận."),
        validators=[Length(max=CARD_LENGTH * 4, message=FIELD_WORDS["too_long"])],
    )
    card_en = TextAreaField(
        _l("Hai dòng tiếng Anh"),
        validators=[Length(max=CARD_LENGTH * 4, message=FIELD_WORDS["too_long"])],
    )
    question_vi = StringField(
        _l("Một câu hỏi dễ, tiếng Việt"),
        description=_l("Ai đã học thật thì trả lời được ngay."),
        validators=[_LONGEST],
    )
    option_vi_1 = StringField(_l("Câu trả lời đúng"), validators=[_LONGEST])
    option_vi_2 = StringField(_l("Câu trả lời sai thứ nhất"), validators=[_LONGEST])
    option_vi_3 = StringField(_l("Câu trả lời sai thứ hai"), validators=[_LONGEST])
    question_en = StringField(_l("Câu hỏi tiếng Anh"), validators=[_LONGEST])
    option_en_1 = StringField(_l("Câu đúng, tiếng Anh"), validators=[_LONGEST])
    option_en_2 = StringField(_l("Câu sai thứ nhất, tiếng Anh"), validators=[_LONGEST])
    option_en_3 = StringField(_l("Câu sai thứ hai, tiếng Anh"), validators=[_LONGEST])
    group_ids = SelectMultipleField(
        _l("Dành cho nhóm nào?"),
        description=_l("Không chọn nhóm nào nghĩa là dành cho mọi người."),
        coerce=_id,
        choices=[],
    )
    mark = HiddenField()

    def offer(self, groups: Sequence[tuple[int, str]]) -> None:
        """Give the groups to choose from."""
        self.group_ids.choices = list(groups)

    def show(self, words: SkillWords, mark: str) -> None:
        """Fill in what stands now."""
        for name in ("name_vi", "name_en", "card_vi", "card_en", "question_vi", "question_en"):
            self[name].data = getattr(words, name)
        for language, options in (("vi", words.options_vi), ("en", words.options_en)):
            for number, option in enumerate(options[:OPTIONS], start=1):
                self[f"option_{language}_{number}"].data = option
        self.group_ids.data = list(words.group_ids)
        self.mark.data = mark

    def wish(self) -> SkillWords:
        """Return the typed wish."""
        return SkillWords(
            name_vi=self.name_vi.data or "",
            name_en=self.name_en.data or "",
            card_vi=self.card_vi.data or "",
            card_en=self.card_en.data or "",
            question_vi=self.question_vi.data or "",
            question_en=self.question_en.data or "",
            options_vi=self._options("vi"),
            options_en=self._options("en"),
            group_ids=tuple(self.group_ids.data or ()),
        )

    def _options(self, language: str) -> tuple[str, ...]:
        return tuple(self[f"option_{language}_{number}"].data or "" for number in range(1, OPTIONS + 1))


class GroupForm(Form):
    """The names of a target group."""

    name_vi = StringField(_l("Tên tiếng Việt"), validators=[InputRequired(FIELD_WORDS["required"]), _LONGEST])
    name_en = StringField(_l("Tên tiếng Anh"), validators=[InputRequired(FIELD_WORDS["required"]), _LONGEST])
    mark = HiddenField()

    def show(self, words: GroupWords, mark: str) -> None:
        """Fill in what stands now."""
        self.name_vi.data, self.name_en.data, self.mark.data = words.name_vi, words.name_en, mark

    def wish(self) -> GroupWords:
        """Return the typed wish."""
        return GroupWords(self.name_vi.data or "", self.name_en.data or "")
