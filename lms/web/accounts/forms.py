"""Forms of signing in, passwords and links."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from lms.people.rules import MAX_LENGTH
from lms.web.forms import Form


class SignInForm(Form):
    """Who, and the password."""

    identifier = StringField(
        _l("Mã cán bộ, email hoặc số điện thoại"),
        validators=[InputRequired(_l("Hãy nhập mã cán bộ, email hoặc số điện thoại.")), Length(max=200)],
    )
    password = PasswordField(
        _l("Mật khẩu"), validators=[InputRequired(_l("Hãy nhập mật khẩu.")), Length(max=MAX_LENGTH * 4)]
    )
    remember = BooleanField(_l("Nhớ đăng nhập trên máy này"))
    next = HiddenField()


class ForgotForm(Form):
    """Whose password is to be reset."""

    identifier = StringField(
        _l("Mã cán bộ, email hoặc số điện thoại"),
        validators=[InputRequired(_l("Hãy nhập mã cán bộ, email hoặc số điện thoại.")), Length(max=200)],
    )


class CodeForm(Form):
    """The code printed on a slip."""

    token = StringField(
        _l("Mã kích hoạt trên phiếu"),
        validators=[InputRequired(_l("Hãy nhập mã kích hoạt in trên phiếu.")), Length(max=100)],
    )


class NewPasswordForm(Form):
    """A new password, typed twice."""

    password = PasswordField(
        _l("Mật khẩu mới"), validators=[InputRequired(_l("Hãy nhập mật khẩu mới.")), Length(max=MAX_LENGTH * 4)]
    )
    again = PasswordField(
        _l("Nhập lại mật khẩu mới"),
        validators=[
            InputRequired(_l("Hãy nhập lại mật khẩu mới.")),
            EqualTo("password", _l("Hai lần nhập chưa giống nhau. Hãy nhập lại cả hai.")),
        ],
    )


class ChangePasswordForm(NewPasswordForm):
    """One's own password changed, knowing the current one."""

    current = PasswordField(_l("Mật khẩu hiện tại"), validators=[InputRequired(_l("Hãy nhập mật khẩu hiện tại."))])
