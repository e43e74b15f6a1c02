"""Every table, for the migrations and for whoever needs the whole metadata."""

from lms.access import models as access
from lms.audit import models as audit
from lms.catalogue import models as catalogue
from lms.certificates import models as certificates
from lms.db import Base
from lms.imports import models as imports
from lms.jobs import models as jobs
from lms.learning import models as learning
from lms.ledger import models as ledger
from lms.people import models as people
from lms.units import models as units

metadata = Base.metadata

__all__ = [
    "access",
    "audit",
    "catalogue",
    "certificates",
    "imports",
    "jobs",
    "learning",
    "ledger",
    "metadata",
    "people",
    "units",
]
