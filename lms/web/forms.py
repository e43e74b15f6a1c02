"""What every form shares: its words in the person's language, and a field for a day."""

from __future__ import annotations

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.widgets import TextInput

from lms.i18n import N_

DAY = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
"""The ways people write a day."""

_WORDS = {
    "Field cannot be longer than %(max)d characters.": N_("Tối đa %(max)d ký tự."),
    "Not a valid choice.": N_("Hãy chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": N_("Hãy chọn một mục trong danh sách."),
    "This field is required.": N_("Hãy điền chỗ này."),
}
_OTHERWISE = N_("Chưa đúng, hãy sửa lại.")


class _Words:
    """What the fields themselves say when nothing else was written for them. Percent signs are filled in by them."""

    def gettext(self, message: str) -> str:
        said: str = gettext(_WORDS.get(message, _OTHERWISE if message.endswith(".") else message))
        return said

    def ngettext(self, _one: str, many: str, _count: int) -> str:
        return self.gettext(many)


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose fields speak the person's language."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Where the fields find their words."""

        def get_translations(self, _form: object) -> _Words:
            """The words."""
            return _Words()


class DayField(DateField):  # type: ignore[misc]
    """A day as people write it, dd/mm/yyyy, whatever the browser's language."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; a text that is none is kept and told."""
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(gettext("Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 22/06/2026.")) from None
