"""The form of giving a role."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from lms.web.forms import Form


class GrantForm(Form):
    """To whom, which role, over which unit."""

    person = StringField(
        _l("Cán bộ"), validators=[InputRequired(_l("Hãy nhập mã cán bộ hoặc họ tên.")), Length(max=200)]
    )
    role = SelectField(_l("Vai trò"), validate_choice=False)
    unit = StringField(_l("Đơn vị phụ trách"), validators=[Length(max=200)])
