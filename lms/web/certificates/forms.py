"""Forms of certificates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from lms.web.forms import DAY, DayField, Form


class LookupForm(Form):
    """A serial number and the second factor."""

    serial_no = StringField(
        _l("Số hiệu"), validators=[InputRequired(_l("Hãy nhập số hiệu in trên giấy.")), Length(max=80)]
    )
    factor = StringField(
        _l("Họ tên hoặc ngày sinh của người được cấp"),
        validators=[InputRequired(_l("Hãy nhập họ tên đầy đủ hoặc ngày sinh của người được cấp.")), Length(max=120)],
    )


class RevokeForm(Form):
    """The decision that revokes a certificate."""

    decision_no = StringField(
        _l("Số quyết định"), validators=[InputRequired(_l("Hãy nhập số quyết định thu hồi.")), Length(max=80)]
    )
    effective_on = DayField(
        _l("Thu hồi từ ngày"), format=DAY, validators=[InputRequired(_l("Hãy nhập ngày theo dạng ngày/tháng/năm."))]
    )
    reason = TextAreaField(_l("Lý do"), validators=[InputRequired(_l("Hãy nêu lý do thu hồi.")), Length(max=1000)])


class ProfileForm(Form):
    """How a unit issues."""

    parent_line = StringField(_l("Cơ quan cấp trên (dòng thứ nhất)"), validators=[Optional(), Length(max=200)])
    name_line = StringField(
        _l("Tên nơi cấp (dòng thứ hai)"), validators=[InputRequired(_l("Hãy nhập tên nơi cấp.")), Length(max=200)]
    )
    symbol = StringField(_l("Ký hiệu"), validators=[InputRequired(_l("Hãy nhập ký hiệu.")), Length(max=20)])
    place = StringField(_l("Địa danh"), validators=[InputRequired(_l("Hãy nhập địa danh.")), Length(max=80)])
    authority_line = StringField(_l("Thẩm quyền ký"), validators=[Optional(), Length(max=120)])
    signer_title = StringField(
        _l("Chức vụ người ký"), validators=[InputRequired(_l("Hãy nhập chức vụ người ký.")), Length(max=120)]
    )
    signer_name = StringField(
        _l("Họ tên người ký"), validators=[InputRequired(_l("Hãy nhập họ tên người ký.")), Length(max=120)]
    )
    may_issue_certificate = BooleanField(_l("Được cấp chứng chỉ"))
    valid_from = DayField(
        _l("Áp dụng từ ngày"),
        format=DAY,
        validators=[InputRequired(_l("Hãy nhập ngày theo dạng ngày/tháng/năm."))],
    )
