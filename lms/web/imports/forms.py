"""The form that sends a workbook."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from lms.web.forms import Form


class UploadForm(Form):
    """A workbook, and the unit whose roster it is (empty: the whole installation)."""

    unit = SelectField(
        _l("Phạm vi nhập"), description=_l("Tệp chỉ thêm hoặc sửa được đơn vị này và các đơn vị trực thuộc.")
    )
    file = FileField(
        _l("Tệp danh sách"),
        validators=[FileRequired(_l("Hãy chọn tệp danh sách (.xlsx)."))],
        description=_l("Tệp Excel .xlsx có các trang Đơn vị, Nhiệm kỳ, Cán bộ, Bồi dưỡng; thiếu trang nào cũng được."),
    )
