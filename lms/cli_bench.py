"""`lms bench`: measurements on the sample federation, in a folder that is thrown away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from lms.bench import indicators as indicator_bench
from lms.bench.machine import machine
from lms.bench.pages import Visitor, throughput, weight
from lms.cli_context import session_factory
from lms.cli_install import prepare
from lms.db import begin_write
from lms.demo import federation
from lms.settings import Settings, load_settings
from lms.storage import Storage
from lms.temporal import utc_now
from lms.wiring import connect

COURSE = f"/hoc/{federation.COURSE}"


@click.group()
def bench() -> None:
    """Measure this product on this machine; figures are printed, nothing is judged."""


_database = click.option(
    "--database-url", help="An empty database to measure on; default: SQLite in a temporary folder."
)
_json = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@contextmanager
def _sample(database_url: str | None) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        chosen = load_settings({"LMS_INSTANCE": folder, **({"LMS_DATABASE_URL": database_url} if database_url else {})})
        prepare(chosen)
        connect()
        with session_factory(chosen)() as session:
            begin_write(session)
            federation.build(session, chosen, Storage(chosen.storage_url), at=utc_now())
            session.commit()
        yield chosen


def _show(result: dict[str, Any], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(result, ensure_ascii=False, indent=1))
        return
    for title, figures in result.items():
        click.echo(title)
        for name, value in figures.items() if isinstance(figures, dict) else [("", figures)]:
            click.echo(f"  {name:<28} {value}")


@bench.command()
@_database
@_json
@click.option("--times", default=1, show_default=True, type=click.IntRange(1, 100), help="Multiply the people.")
def indicators(database_url: str | None, form: str, times: int) -> None:
    """Time every programme's values for the sample province."""
    with _sample(database_url) as chosen, session_factory(chosen)() as session:
        begin_write(session)
        indicator_bench.multiply(session, times)
        session.commit()
        found = indicator_bench.measure(session, unit_code="AS", at=utc_now())
    times_taken = found.pop("programmes")
    _show({"machine": machine(), "size": found, **{f"programme {c}": v for c, v in times_taken.items()}}, form)


@bench.command()
@_database
@_json
@click.option("--seconds", default=5.0, show_default=True, help="How long each measurement runs.")
@click.option("--clients", default=8, show_default=True, type=click.IntRange(1, 200), help="Visitors at once.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Server processes.")
@click.option("--port", default=8790, show_default=True, help="Port of the measured server.")
def pages(database_url: str | None, form: str, seconds: float, clients: int, workers: int, port: int) -> None:
    """Time and weigh a learner's pages from the production server."""
    with _sample(database_url) as chosen, _served(chosen, port, workers):
        logins = json.loads((chosen.instance / federation.LOGINS).read_text(encoding="utf-8"))
        visitors = [Visitor("127.0.0.1", port) for _ in range(clients)]
        visitors[0].sign_in(logins[-1]["login"], logins[-1]["password"])
        for visitor in visitors[1:]:
            visitor.cookies = dict(visitors[0].cookies)
        visitors[0].send("/hoc", f"/khoa-hoc/{federation.COURSE}/bat-dau", {})
        lessons = [f"{COURSE}/bai/{number}" for number in (1, 2, 3)]
        result: dict[str, Any] = {
            "machine": machine(),
            "set-up": {"database": chosen.database_url.partition(":")[0], "clients": clients, "workers": workers},
            "weight of a lesson": weight(visitors[0], lessons[0]),
            "weight of the next lesson": weight(visitors[0], lessons[1]),
            "lesson": throughput(visitors, lessons, seconds),
            "my learning": throughput(visitors, ["/hoc"], seconds),
            "front page": throughput([Visitor("127.0.0.1", port) for _ in range(clients)], ["/dang-nhap"], seconds),
        }
    per = result["lesson"]["requests_per_second"] / result["front page"]["requests_per_second"]
    result["ratios"] = {"lesson per page without database": round(per, 2)}
    _show(result, form)


@contextmanager
def _served(chosen: Settings, port: int, workers: int) -> Iterator[None]:
    environment = {
        **os.environ,
        "LMS_INSTANCE": str(chosen.instance),
        "LMS_DATABASE_URL": chosen.database_url,
    }
    words = [sys.executable, "-m", "lms", "serve", "--port", str(port), "--workers", str(workers)]
    log = Path(chosen.instance) / "serve.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own command
            words, env=environment, stdout=output, stderr=output
        ) as server,
    ):
        try:
            for _ in range(100):
                try:
                    if Visitor("127.0.0.1", port).ask("GET", "/suc-khoe")[0] == 200:
                        break
                except OSError:
                    time.sleep(0.2)
            else:
                raise click.ClickException(f"the server does not answer: {log.read_text()[-500:]}")
            yield
        finally:
            server.terminate()
