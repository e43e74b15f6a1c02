"""`lms courses` and `lms questions`: checking and publishing course packages, checking question files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from lms.access.rules import SYSTEM
from lms.catalogue.gift import Category, parse_gift
from lms.catalogue.gift_json import as_gift_json
from lms.catalogue.operations import publish_course, withdraw_course
from lms.catalogue.package import CoursePackage
from lms.catalogue.package_reader import read_package
from lms.catalogue.queries import version_by_slug
from lms.catalogue.question_checks import check_question
from lms.catalogue.source import decode
from lms.cli_context import now, open_session, storage
from lms.errors import Refused
from lms.problems import Problem
from lms.units.queries import unit_by_code


@click.group()
def courses() -> None:
    """Course packages: check them, publish them."""


@courses.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
def check(path: Path) -> None:
    """Check the course package at PATH (a folder or zip file), or every package in a folder of packages.

    Prints `file:line: problem` for every fault and exits 1 when there is any.
    """
    found = [(place, read_package(place)) for place in _packages(path)]
    for place, package in found:
        _tell(place, package)
        if not package.problems:
            lessons = sum(1 for _ in package.lessons())
            asked = sum(len(module.pool) for module in package.modules) + len(package.final_pool)
            asked += sum(len(block.questions) for _, lesson in package.lessons() for block in lesson.blocks)
            click.echo(f"{package.slug}: no fault; {lessons} lessons, {asked} questions", err=True)
    if any(package.problems for _, package in found):
        sys.exit(1)


@courses.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--owner", metavar="UNIT_CODE", help="Code of the unit that publishes; the installation itself else.")
def load(path: Path, owner: str | None) -> None:
    """Publish the package at PATH, or every package in it; content already published changes nothing.

    A package with faults is not published; its faults are printed and the exit code is 1.
    """
    failed = False
    for place in _packages(path):
        package = read_package(place)
        if package.problems:
            _tell(place, package)
            failed = True
            continue
        at = now()
        try:
            with open_session() as session:
                unit = unit_by_code(session, owner) if owner else None
                if owner and unit is None:
                    raise click.ClickException(f"there is no unit {owner!r}")
                version = publish_course(
                    session, SYSTEM, package, storage(), owner_unit_id=unit.id if unit else None, at=at
                )
                state = "published" if version.published_at == at else "unchanged"
                line = f"{package.slug}: version {version.number} {state} ({version.content_hash[:12]})"
        except Refused as refused:
            click.echo(f"{place}: {refused}", err=True)
            failed = True
        else:
            click.echo(line)
    if failed:
        sys.exit(1)


@courses.command()
@click.argument("slug")
def withdraw(slug: str) -> None:
    """Offer the course SLUG to nobody any more; whoever has begun it goes on. Loading it again offers it again."""
    with open_session() as session:
        version = version_by_slug(session, slug)
        if version is None:
            raise click.ClickException(f"there is no course {slug!r}")
        withdraw_course(session, SYSTEM, version.course, at=now())
    click.echo(f"{slug}: withdrawn")


def _packages(path: Path) -> list[Path]:
    """The packages at a path: itself, or those in the folder."""
    if path.is_dir() and not (path / "course.yaml").exists():
        inside = sorted(p for p in path.iterdir() if (p / "course.yaml").exists() or p.suffix == ".zip")
        return inside or [path]
    return [path]


def _tell(place: Path, package: CoursePackage) -> None:
    for problem in package.problems:
        click.echo(f"{place / problem.file}:{problem.line}: {problem.text()}")


@click.group()
def questions() -> None:
    """Question files."""


@questions.command("check")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def check_questions(path: Path, form: str) -> None:
    """Read a GIFT FILE and print its questions and its faults; exits 1 when there is any fault.

    In JSON: `questions` (type, title, stem, answers, feedback, line, and their own faults) and `problems`.
    """
    read: list[Problem] = []
    found = parse_gift(decode(path.read_bytes(), path.name, read))
    problems = [*read, *(problem.moved(path.name) for problem in found.problems)]
    shown = []
    for item in found.items:
        own = [] if isinstance(item, Category) else list(check_question(item))
        problems += [problem.moved(path.name) for problem in own]
        shown.append({**as_gift_json(item), "line": item.line, "problems": [problem.text() for problem in own]})
    problems.sort(key=lambda problem: problem.line)
    if form == "json":
        told = [{"line": problem.line, "message": problem.text()} for problem in problems]
        click.echo(json.dumps({"questions": shown, "problems": told}, ensure_ascii=False, indent=2))
    else:
        for row in shown:
            stem = row["stem"]["text"] if "stem" in row else ""
            click.echo(" · ".join(str(part) for part in (row["line"], row["type"], row["title"], stem[:80]) if part))
        for problem in problems:
            click.echo(f"{path}:{problem.line}: {problem.text()}")
    if problems:
        sys.exit(1)
