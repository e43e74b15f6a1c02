"""Words for the codes of imports; Vietnamese msgids, translated at the edge."""

from __future__ import annotations

from typing import Final

from lms.i18n import N_
from lms.imports.models import ImportState
from lms.imports.planned import RowState

ROW_STATES: Final = {
    RowState.new: N_("Mới"),
    RowState.changed: N_("Thay đổi"),
    RowState.unchanged: N_("Không đổi"),
    RowState.refused: N_("Từ chối"),
}

IMPORT_STATES: Final = {
    ImportState.uploaded: N_("Đang kiểm tra"),
    ImportState.checked: N_("Chờ nhập"),
    ImportState.loading: N_("Đang nhập"),
    ImportState.loaded: N_("Đã nhập"),
    ImportState.failed: N_("Không đọc được"),
    ImportState.dropped: N_("Đã bỏ"),
}
