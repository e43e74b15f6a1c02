"""The blueprint of roles; the modules beside this one add its pages."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("roles", __name__)
