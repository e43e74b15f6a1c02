"""What certificates do when something happens below: a completion that promises a certificate gets one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from lms.access.rules import SYSTEM
from lms.catalogue.models import CourseVersion
from lms.certificates.operations import issue_certificate
from lms.certificates.queries import enrolment_behind
from lms.certificates.rules import wanted_kind
from lms.ledger.events import LedgerRowAdded


def on_ledger_row(session: Session, event: LedgerRowAdded) -> None:
    """Issue the certificate that the completed course promises, in the transaction of the ledger row.

    Where no unit delivered the training nobody can issue: the completion stands, nothing is issued, and the row shows
    up in `queries.records_without_certificate`.
    """
    record = event.record
    enrolment = enrolment_behind(session, record)
    if enrolment is None or record.delivered_by_id is None:
        return
    version = session.get_one(CourseVersion, enrolment.version_id)
    if wanted_kind(version.manifest) is not None:
        issue_certificate(session, SYSTEM, record, at=record.recorded_at)
