"""`lms serve` answers requests, `lms worker` does the slow work."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading
from types import FrameType

import click
from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from lms.app import create_app
from lms.cli_context import require_database, session_factory, settings
from lms.wiring import connect
from lms.worker import Worker

THREADS = 4
"""Requests that one process works on at once; the rest waits its turn."""


def run_server(target: str, host: str, port: int, *, workers: int, access_log: bool, quiet: bool = False) -> None:
    """Serve the application that the factory `target` ("module:function") makes, until told to stop.

    Processes start afresh, so that they share no connection and no thread with the command.
    """
    require_free(host, port)
    multiprocessing.set_start_method("spawn", force=True)
    Granian(
        target,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        websockets=False,
        blocking_threads=THREADS,
        log_access=access_log,
        log_enabled=not quiet,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def require_free(host: str, port: int) -> None:
    """End the command when somebody else listens there: the server itself would share the port without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = error.strerror or str(error)
            raise click.ClickException(f"không mở được cổng {port} trên {host}: {reason}") from error


def end_with_parent() -> None:
    """Let this process end when the command that started it was killed, so that nobody is left serving alone."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def _wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=_wait, name="parent", daemon=True).start()


def served() -> Flask:
    """The application in a serving process."""
    end_with_parent()
    return create_app()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes; one per core when not given.")
@click.option("--access-log", is_flag=True, help="Write a line per request; one-time links stand in it.")
def serve(host: str, port: int, workers: int | None, access_log: bool) -> None:
    """Serve the application (granian). Slow work needs `lms worker` beside it."""
    require_database()
    run_server("lms.cli_serve:served", host, port, workers=workers or os.cpu_count() or 1, access_log=access_log)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def worker(once: bool) -> None:
    """Do the slow work: certificates' documents, mail, big imports. Several may run at once."""
    connect()
    require_database()
    chosen = settings()
    runner = Worker(session_factory(chosen), chosen)
    if once:
        click.echo(f"Đã làm {runner.run_pending()} việc.")
        runner.seal_audit()
        return

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        runner.stop()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    click.echo("Sẵn sàng; Ctrl+C để dừng sau việc đang làm.")
    runner.run_forever()
