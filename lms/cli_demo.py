"""`lms demo`: everything set up and served, with a sample federation to look at."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import click
from flask import Flask
from sqlalchemy import select

from lms.app import create_app
from lms.cli_context import session_factory
from lms.cli_install import prepare
from lms.cli_serve import end_with_parent, require_free, run_server
from lms.db import begin_write
from lms.demo import federation
from lms.settings import Settings, load_settings
from lms.storage import Storage
from lms.temporal import utc_now
from lms.units.models import Unit
from lms.wiring import connect
from lms.worker import Worker


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--instance", type=click.Path(file_okay=False, path_type=Path), help="Folder of the demo's data.")
def demo(host: str, port: int, instance: Path | None) -> None:
    """Set up a sample federation and serve it. Running again keeps the data."""
    chosen = _settings(host, port, instance or Path(os.environ.get("LMS_INSTANCE") or "instance-demo"))
    require_free(host, port)
    prepare(chosen)
    logins = _federation(chosen)
    click.echo("")
    click.echo(f"  {chosen.base_url}/            trang chủ")
    click.echo(f"  {chosen.base_url}/dang-nhap   đăng nhập, mật khẩu chung: {logins[0]['password']}")
    click.echo("")
    for login in logins:
        click.echo(f"  {login['login']:<10} {login['name']:<22} {login['role']}")
    click.echo("")
    click.echo(f"  Danh sách mẫu để thử nhập: {chosen.instance / federation.WORKBOOK}")
    click.echo("  Ctrl+C để dừng; dữ liệu được giữ lại.")
    run_server("lms.cli_demo:served", host, port, workers=1, access_log=False, quiet=True)


def _settings(host: str, port: int, instance: Path) -> Settings:
    """The demo's settings: always the embedded database and folder, never a real installation's, and no mail."""
    folder = instance.resolve()
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    os.environ.update(
        LMS_INSTANCE=str(folder),
        LMS_DATABASE_URL=f"sqlite:///{folder / 'lms.sqlite3'}",
        LMS_STORAGE_URL=str(folder / "media"),
        LMS_BASE_URL=os.environ.get("LMS_BASE_URL") or f"http://{shown}:{port}",
        LMS_NAME=os.environ.get("LMS_NAME") or "Học tập Công đoàn – bản trình diễn",
        LMS_SMTP_URL="",
        LMS_DEMO="1",
    )
    return load_settings()


def _federation(chosen: Settings) -> list[dict[str, str]]:
    """The logins of the sample federation, which is made where there is nothing yet."""
    connect()
    listed = chosen.instance / federation.LOGINS
    with session_factory(chosen)() as session:
        begin_write(session)
        known = session.scalar(select(Unit.id).limit(1)) is not None
        if known and not listed.exists():
            raise click.ClickException(f"{chosen.instance} có dữ liệu riêng: hãy chọn thư mục khác bằng --instance")
        if not known:
            click.echo("Đang tạo tổ chức mẫu …")
            federation.build(session, chosen, Storage(chosen.storage_url), at=utc_now())
        session.commit()
    logins: list[dict[str, str]] = json.loads(listed.read_text(encoding="utf-8"))
    return logins


def served() -> Flask:
    """The demo's application, with a worker of its own beside it."""
    end_with_parent()
    chosen = load_settings()
    app = create_app(chosen)
    worker = Worker(session_factory(chosen), chosen)
    threading.Thread(target=worker.run_forever, name="worker", daemon=True).start()
    return app
