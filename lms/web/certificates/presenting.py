"""How a certificate is shown: its printed fields under labels, and what it is worth in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from lms.certificates.models import ActKind, Certificate
from lms.certificates.rules import State, hours_text, last_valid_day, register_no, state_of
from lms.ledger.models import Mode
from lms.web.filters import show_date, show_label


@dataclass(frozen=True)
class Standing:
    """What a certificate is worth on a day: `kind` is the look (ok, bad, warn)."""

    state: State
    kind: str
    title: str
    text: str
    coming: str | None = None


def standing(certificate: Certificate, on: date) -> Standing:
    """The state in words, with dates and the decision."""
    name, issued = show_label(certificate.kind), show_date(certificate.issued_on)
    revoked = next((act for act in certificate.acts if act.kind is ActKind.revoked), None)
    state = state_of(certificate.acts, certificate.expires_on, on)
    coming = None
    if revoked is not None and state is not State.revoked:
        coming = _(
            "Có Quyết định số %(number)s thu hồi từ ngày %(on)s.",
            number=revoked.decision_no,
            on=show_date(revoked.effective_on),
        )
    if state is State.revoked and revoked is not None:
        return Standing(
            state,
            "bad",
            _("%(name)s đã bị thu hồi", name=name),
            _(
                "Không còn giá trị từ ngày %(on)s, theo Quyết định số %(number)s. Lý do: %(reason)s.",
                on=show_date(revoked.effective_on),
                number=revoked.decision_no,
                reason=(revoked.reason or "").rstrip("."),
            ),
        )
    if state is State.expired and certificate.expires_on is not None:
        until = show_date(last_valid_day(certificate.expires_on))
        return Standing(
            state,
            "warn",
            _("%(name)s đã hết hiệu lực", name=name),
            _("Có giá trị đến hết ngày %(on)s.", on=until),
            coming,
        )
    if certificate.expires_on is not None:
        until = show_date(last_valid_day(certificate.expires_on))
        text = _("Cấp ngày %(issued)s, có giá trị đến hết ngày %(until)s.", issued=issued, until=until)
    else:
        text = _("Cấp ngày %(issued)s, không giới hạn thời gian.", issued=issued)
    return Standing(state, "ok", _("%(name)s hợp lệ", name=name), text, coming)


def printed_fields(certificate: Certificate, *, minimal: bool = False) -> list[tuple[str, Any]]:
    """Every printed field as (label, value), in the order of the document; empty ones are None.

    `minimal` leaves out the birth date (DOMAIN.md (f): a lookup by number shows the minimum).
    """
    issuer = certificate.issuer
    hours = _("%(hours)s giờ", hours=hours_text(certificate.hours)) if certificate.hours is not None else None
    decision = None
    if certificate.decision_no and certificate.decision_on:
        decision = _("%(number)s ngày %(on)s", number=certificate.decision_no, on=show_date(certificate.decision_on))
    signing = [escape(issuer[key]) for key in ("authority_line", "signer_title", "signer_name") if issuer[key]]
    until = show_date(last_valid_day(certificate.expires_on)) if certificate.expires_on else None
    return [
        (_("Ngày sinh"), None if minimal else certificate.holder_born),
        (_("Chức vụ"), certificate.holder_title),
        (_("Đơn vị"), certificate.holder_unit),
        (_("Chương trình"), certificate.course_title),
        (_("Thời lượng"), hours),
        (_("Hình thức"), show_label(Mode(certificate.mode))),
        (_("Bắt đầu"), show_date(certificate.started_on) if certificate.started_on else None),
        (_("Hoàn thành"), show_date(certificate.achieved_on)),
        (_("Kết quả"), certificate.result),
        (_("Quyết định"), decision),
        (_("Có giá trị đến hết ngày"), until),
        (_("Nơi cấp"), issuer["unit_name"]),
        (_("Cơ quan cấp trên"), issuer["parent_line"]),
        (_("Nơi và ngày cấp"), ", ".join(filter(None, [issuer["place"], show_date(certificate.issued_on)]))),
        (_("Người ký"), Markup("<br>").join(signing)),
        (_("Số hiệu"), certificate.serial_no),
        (_("Số vào sổ gốc"), register_no(certificate.number, certificate.year)),
    ]
