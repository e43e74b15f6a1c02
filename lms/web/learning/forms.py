"""The form that requires a course of a learner group."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from lms.web.forms import DAY, DayField, Form


class AssignForm(Form):
    """Which course, of whom, in which unit, until when, and why."""

    course = SelectField(_l("Khoá học"), coerce=int, validators=[DataRequired(_l("Hãy chọn khoá học."))])
    unit = SelectField(_l("Đơn vị"), coerce=int, validators=[DataRequired(_l("Hãy chọn đơn vị."))])
    learner_group = SelectField(_l("Đối tượng"), validators=[DataRequired(_l("Hãy chọn đối tượng."))])
    due_on = DayField(
        _l("Hạn hoàn thành"),
        format=DAY,
        render_kw={"inputmode": "numeric", "placeholder": "31/12/2026", "autocomplete": "off"},
        validators=[Optional()],
        description=_l("Ngày/tháng/năm. Để trống nếu không đặt hạn."),
    )
    reason = TextAreaField(
        _l("Lý do"),
        validators=[Optional(), Length(max=500, message=_l("Tối đa 500 ký tự."))],
        description=_l("Người học đọc dòng này dưới tên khoá, ví dụ: theo Kế hoạch bồi dưỡng năm 2026."),
    )
