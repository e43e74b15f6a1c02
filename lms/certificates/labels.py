"""Words for certificates and their states."""

from __future__ import annotations

import enum

from lms.certificates.models import ActKind, CertificateKind
from lms.certificates.rules import State
from lms.i18n import N_

LABELS: dict[enum.Enum | str, str] = {
    CertificateKind.completion_certificate: N_("Giấy chứng nhận"),
    CertificateKind.certificate: N_("Chứng chỉ"),
    ActKind.issued: N_("Cấp giấy"),
    ActKind.revoked: N_("Thu hồi"),
    State.valid: N_("Còn hiệu lực"),
    State.revoked: N_("Đã thu hồi"),
    State.expired: N_("Hết hiệu lực"),
}
