from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from lms.app import wire
from lms.certificates.models import Certificate
from lms.certificates.printing import certificate_pdf
from lms.db import make_engine
from lms.jobs.models import Job, JobState
from lms.settings import load_settings
from lms.storage import Storage
from lms.worker import Worker
from tests.certificates.scenes import issue
from tests.conftest import NOW
from tests.factories.certificates import make_scene


def test_the_job_keeps_the_document_and_its_hash_once(database, tmp_path):
    wire()
    settings = load_settings({"LMS_DATABASE_URL": database, "LMS_INSTANCE": str(tmp_path / "instance")})
    engine = make_engine(database)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions() as session:
        issue(session, make_scene(session))
        session.commit()

    Worker(sessions, settings, clock=lambda: NOW).run_pending()

    with sessions() as session:
        job = session.scalars(select(Job)).one()
        assert job.state is JobState.done, job.error
        certificate = session.scalars(select(Certificate)).one()
        kept = Storage(settings.storage_url).get(certificate.pdf_key or "")
        assert hashlib.sha256(kept).hexdigest() == certificate.pdf_sha256
        assert kept == certificate_pdf(certificate, settings.base_url)
    engine.dispose()
