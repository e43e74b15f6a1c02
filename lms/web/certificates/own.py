"""One's own certificates, and documents for those who may see them."""

from __future__ import annotations

from flask import abort, render_template
from werkzeug.wrappers import Response

from lms.certificates.models import Certificate
from lms.certificates.queries import certificates_of_person, visible_certificate
from lms.web.access import SIGNED_IN, access
from lms.web.certificates.blueprint import blueprint, pdf_response, picture_response
from lms.web.certificates.presenting import standing
from lms.web.database import session
from lms.web.identity import current_actor, me, today


def _visible(serial_no: str) -> Certificate:
    found = visible_certificate(session, current_actor(), serial_no, today())
    if found is None:
        abort(404)
    return found


@blueprint.get("/giay-chung-nhan")
@access(SIGNED_IN)
def mine() -> str:
    """My certificates, the newest first, each with what it is worth today."""
    own = certificates_of_person(session, me().person.id)
    shown = [(certificate, standing(certificate, today())) for certificate in own]
    return render_template("certificates/mine.html", shown=shown)


@blueprint.get("/giay-chung-nhan/<serial_no>.pdf")
@access(SIGNED_IN)
def pdf(serial_no: str) -> Response:
    """The document, for its holder and for whoever sees the register of its issuer."""
    return pdf_response(_visible(serial_no))


@blueprint.get("/giay-chung-nhan/<serial_no>.webp")
@access(SIGNED_IN)
def picture(serial_no: str) -> Response:
    """A picture of the document, for the same people."""
    return picture_response(_visible(serial_no))
