"""What the fields of forms say by themselves is in the person's language."""

from __future__ import annotations

import pytest
from flask import Flask
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from lms.web.forms import DayField, Form


class _Form(Form):
    name = StringField("Họ tên", validators=[InputRequired(), Length(max=3)])
    choice = SelectField("Loại", choices=["a"])
    number = IntegerField("Số")
    on = DayField("Ngày", format=["%d/%m/%Y"])


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        ("name", "bốn chữ", "Tối đa 3 ký tự."),
        ("name", "", "Hãy điền chỗ này."),
        ("choice", "b", "Hãy chọn một mục trong danh sách."),
        ("number", "năm", "Chưa đúng, hãy sửa lại."),
        ("on", "31/02/2026", "Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 22/06/2026."),
    ],
)
def test_faults_are_told_in_vietnamese(app: Flask, field: str, given: str, said: str) -> None:
    with app.test_request_context(method="POST", data={field: given}):
        form = _Form(meta={"csrf": False})
        form.validate()
        assert form[field].errors == [said]
