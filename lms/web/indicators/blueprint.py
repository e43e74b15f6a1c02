"""What the pages of indicators share: the blueprint, the programme and unit of the address, words for clocks."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from lms.access.queries import permitted_among
from lms.access.rules import Permission
from lms.errors import Refused
from lms.indicators.population import Question
from lms.indicators.rules import ClockKind, Indicator, Programme, window_end, window_start
from lms.indicators.schema import programmes
from lms.units.models import Unit
from lms.units.queries import ancestors, unit_view
from lms.web.database import session
from lms.web.dated import AskedDay
from lms.web.identity import current_actor, today

blueprint = Blueprint("indicators", __name__)


def programme_or_404(code: str) -> Programme:
    """The programme with that code."""
    found = programmes().get(code)
    return found if found is not None else abort(404)


def frame(chosen: Programme, unit: Unit, day: AskedDay, question: Question | None) -> dict[str, Any]:
    """What every page of a programme shows: the unit of that day, where it stands, what was asked."""
    above = ancestors(session, unit.id, day.on)
    ids = [view.id for view in above]
    seen = permitted_among(session, current_actor(), Permission.view_indicators, ids, today())
    return {
        "programme": chosen,
        "programmes": list(programmes().values()),
        "unit": unit_view(session, unit.id, day.on),
        "above": [view for view in above if view.id in seen],
        "day": day,
        "known_by": question.known_by if question else None,
        "kept": kept_arguments(),
    }


def kept_arguments() -> dict[str, Any]:
    """The day and the day of knowledge, to stay in every link."""
    return kept_filters(())


def kept_filters(names: tuple[str, ...]) -> dict[str, Any]:
    """The same with further arguments of the address; whatever else somebody wrote there is dropped."""
    return {key: request.args[key] for key in ("ngay", "biet_den", *names) if request.args.get(key)}


def not_in_force(chosen: Programme, unit: Unit, day: AskedDay, refusal: Refused) -> tuple[str, int]:
    """The page for a day on which the unit has no values."""
    if refusal.code != "unit_not_in_force":
        raise refusal
    return render_template("indicators/not_in_force.html", **frame(chosen, unit, day, None)), 404


def clock_dates(indicator: Indicator, chosen: Programme, on: date) -> str:
    """The days that count, in words."""
    start, end = window_start(indicator.clock, chosen, on), window_end(indicator.clock, chosen, on)
    last = end.strftime("%d/%m/%Y")
    if indicator.clock is ClockKind.term:
        return str(_("Từ ngày bắt đầu nhiệm kỳ của từng đơn vị đến %(end)s", end=last))
    if start is None:
        return str(_("Mọi lần bồi dưỡng đến %(end)s", end=last))
    return str(_("%(start)s đến %(end)s", start=start.strftime("%d/%m/%Y"), end=last))
