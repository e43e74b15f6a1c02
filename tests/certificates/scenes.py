"""Issuing in tests."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from lms.access.rules import SYSTEM
from lms.catalogue.models import CourseVersion
from lms.certificates.models import Certificate
from lms.certificates.operations import issue_certificate
from tests.conftest import NOW
from tests.factories.certificates import Scene, make_completion


def issue(session: Session, scene: Scene, *, version: CourseVersion | None = None, at: datetime = NOW) -> Certificate:
    """A certificate of the chair for a completion delivered by the commune union."""
    record = make_completion(session, scene.chair, version or scene.version, scene.commune, at=at)
    return issue_certificate(session, SYSTEM, record, at=at)
