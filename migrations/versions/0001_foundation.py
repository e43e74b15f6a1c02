"""Tables of the foundation.

Revision: 0001_foundation
Follows: nothing

Constraints and indexes without a name here get it from the naming convention of `lms.db`.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001_foundation"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)


def codes(name: str, *values: str) -> sa.Enum:
    """A text column that holds one of the codes, by a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def only(condition: str) -> dict[str, Any]:
    """An index over the rows where the condition holds."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Create every table."""

    op.create_table(
        "audit_seal",
        sa.Column("id", ID, primary_key=True),
        sa.Column("sealed_at", TIME, nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("events", sa.Integer, nullable=False),
    )
    op.create_table(
        "job",
        sa.Column("id", ID, primary_key=True),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("state", codes("state", "queued", "running", "done", "failed"), nullable=False),
        sa.Column("unique_key", sa.String(200)),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by_id", ID),
        sa.Column("run_after", TIME, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("max_attempts", sa.Integer, nullable=False),
        sa.Column("leased_until", TIME),
        sa.Column("lease", sa.String(40)),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("result", JSON),
        sa.Column("error", sa.Text),
        sa.Column("finished_at", TIME),
        sa.Index("ix_job_claim", "state", "run_after", "id"),
        sa.Index("uq_job_live_key", "unique_key", unique=True, **only("state IN ('queued','running')")),
    )
    op.create_table(
        "person",
        sa.Column("id", ID, primary_key=True),
        sa.Column("code", sa.String(40), nullable=False, unique=True),
        sa.Column("full_name", sa.String(120), nullable=False),
        sa.Column("ho_dem", sa.String(110), nullable=False),
        sa.Column("ten", sa.String(60), nullable=False),
        sa.Column("name_folded", sa.String(120), nullable=False, index=True),
        sa.Column("sort_key", sa.LargeBinary(400), nullable=False, index=True),
        sa.Column("born_on", sa.Date),
        sa.Column("born_year", sa.Integer),
        sa.Column("gender", codes("gender", "male", "female")),
        sa.Column("ethnicity", sa.String(40)),
        sa.Column("email", sa.String(200), index=True),
        sa.Column("phone", sa.String(15), index=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("born_year BETWEEN 1900 AND 2100", name="born_year"),
    )
    op.create_table(
        "throttle_counter",
        sa.Column("id", ID, primary_key=True),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("window_start", TIME, nullable=False, index=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.UniqueConstraint("key", "window_start"),
    )
    op.create_table(
        "unit",
        sa.Column("id", ID, primary_key=True),
        sa.Column("code", sa.String(40), nullable=False, unique=True),
        sa.Column("founded_on", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("ended_on IS NULL OR founded_on IS NULL OR ended_on > founded_on", name="life"),
    )
    op.create_table(
        "account",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), nullable=False, unique=True),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("session_epoch", sa.Integer, nullable=False),
        sa.Column("disabled_at", TIME),
        sa.Column("locale", sa.String(5), nullable=False),
        sa.Column("theme", sa.String(5), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("last_sign_in_at", TIME),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", ID, primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor_id", ID),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("subject_type", sa.String(40), nullable=False),
        sa.Column("subject_id", ID),
        sa.Column("unit_id", ID),
        sa.Column("payload", JSON),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("erased_at", TIME),
        sa.Column("seal_id", ID, sa.ForeignKey("audit_seal.id"), index=True),
        sa.Index("ix_audit_event_subject_type_audit_event_subject_id", "subject_type", "subject_id"),
        sa.Index("ix_audit_event_unit_id_audit_event_at", "unit_id", "at"),
    )
    op.create_table(
        "course",
        sa.Column("id", ID, primary_key=True),
        sa.Column("slug", sa.String(80), nullable=False, unique=True),
        sa.Column("owner_id", ID, sa.ForeignKey("unit.id"), index=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("withdrawn_at", TIME),
    )
    op.create_table(
        "issuer_profile",
        sa.Column("id", ID, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("parent_line", sa.String(200)),
        sa.Column("name_line", sa.String(200), nullable=False),
        sa.Column("symbol", sa.String(20), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("authority_line", sa.String(120), nullable=False),
        sa.Column("signer_title", sa.String(120), nullable=False),
        sa.Column("signer_name", sa.String(120), nullable=False),
        sa.Column("may_issue_certificate", sa.Boolean, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by_id", ID),
        sa.Index("ix_issuer_profile_unit_id_issuer_profile_valid_from", "unit_id", "valid_from"),
    )
    op.create_table(
        "post",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("unit_id", ID, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column(
            "title",
            codes(
                "title",
                "chair",
                "vice_chair",
                "standing_committee_member",
                "executive_committee_member",
                "womens_affairs_head",
                "womens_affairs_member",
                "inspection_head",
                "inspection_member",
                "board_head",
                "board_deputy",
                "specialist",
                "accountant",
                "group_leader",
                "group_deputy",
            ),
            nullable=False,
        ),
        sa.Column("full_time", sa.Boolean),
        sa.Column("womens_affairs", sa.Boolean),
        sa.Column("selection", codes("selection", "elected", "designated", "appointed", "unstated")),
        sa.Column("first_time", sa.Boolean),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by_id", ID),
        sa.UniqueConstraint("person_id", "unit_id", "title", "starts_on"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="period"),
        sa.Index("ix_post_unit_id_post_starts_on", "unit_id", "starts_on"),
    )
    op.create_table(
        "register_series",
        sa.Column("issuer_id", ID, sa.ForeignKey("unit.id"), primary_key=True),
        sa.Column("kind", codes("kind", "completion_certificate", "certificate"), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("last_number", sa.Integer, nullable=False),
    )
    op.create_table(
        "register_symbol",
        sa.Column("symbol", sa.String(40), primary_key=True),
        sa.Column("issuer_id", ID, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("kind", codes("kind", "completion_certificate", "certificate"), nullable=False),
    )
    op.create_table(
        "roster_import",
        sa.Column("id", ID, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("unit.id"), index=True),
        sa.Column("uploaded_by_id", ID),
        sa.Column("uploaded_at", TIME, nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_size", sa.Integer, nullable=False),
        sa.Column("storage_key", sa.String(80), nullable=False),
        sa.Column(
            "state", codes("state", "uploaded", "checked", "loading", "loaded", "failed", "dropped"), nullable=False
        ),
        sa.Column("report", JSON),
        sa.Column("job_id", ID, sa.ForeignKey("job.id")),
        sa.Column("loaded_at", TIME),
    )
    op.create_table(
        "term",
        sa.Column("id", ID, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.UniqueConstraint("unit_id", "starts_on"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="period"),
        sa.Index("uq_term_open", "unit_id", unique=True, **only("ends_on IS NULL")),
    )
    op.create_table(
        "training_record",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("title", sa.String(300)),
        sa.Column("mode", codes("mode", "online", "in_person", "blended")),
        sa.Column("delivered_by_id", ID, sa.ForeignKey("unit.id")),
        sa.Column(
            "delivered_level",
            codes("delivered_level", "central", "provincial", "direct_upper", "grassroots", "section", "group"),
        ),
        sa.Column("achieved_on", sa.Date, nullable=False),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.Column("recorded_by_id", ID),
        sa.Column("hours", sa.Numeric(6, 1)),
        sa.Column("certificate_no", sa.String(80)),
        sa.Column("evidence", sa.Text),
        sa.Column("source", codes("source", "course", "class", "workbook", "entry"), nullable=False),
        sa.Column("source_key", sa.String(200), nullable=False, unique=True),
        sa.CheckConstraint("hours IS NULL OR hours >= 0", name="hours"),
        sa.Index("ix_training_record_achieved_on", "achieved_on"),
        sa.Index("ix_training_record_person_id_training_record_achieved_on", "person_id", "achieved_on"),
    )
    op.create_table(
        "unit_count",
        sa.Column("id", ID, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("counted_on", sa.Date, nullable=False),
        sa.Column("members", sa.Integer),
        sa.Column("workers", sa.Integer),
        sa.UniqueConstraint("unit_id", "counted_on"),
        sa.CheckConstraint("members >= 0", name="members"),
        sa.CheckConstraint("workers >= 0", name="workers"),
    )
    op.create_table(
        "unit_version",
        sa.Column("id", ID, primary_key=True),
        sa.Column("unit_id", ID, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_folded", sa.String(200), nullable=False, index=True),
        sa.Column(
            "level",
            codes("level", "central", "provincial", "direct_upper", "grassroots", "section", "group"),
            nullable=False,
        ),
        sa.Column("parent_id", ID, sa.ForeignKey("unit.id"), index=True),
        sa.Column("sector", codes("sector", "state", "non_state", "fdi")),
        sa.Column("kind", codes("kind", "enterprise", "public_service", "agency", "other")),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("decision_no", sa.String(80)),
        sa.UniqueConstraint("unit_id", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="period"),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> unit_id", name="not_own_parent"),
        sa.Index("uq_unit_version_open", "unit_id", unique=True, **only("valid_to IS NULL")),
    )
    op.create_table(
        "access_grant",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("account.id"), nullable=False),
        sa.Column("role", codes("role", "system_admin", "training_admin", "viewer", "trainer"), nullable=False),
        sa.Column("unit_id", ID, sa.ForeignKey("unit.id"), index=True),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("granted_at", TIME, nullable=False),
        sa.Column("granted_by_id", ID),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        sa.CheckConstraint("unit_id IS NOT NULL OR role = 'system_admin'", name="scope"),
        sa.Index(
            "uq_access_grant_open",
            "account_id",
            "role",
            sa.text("coalesce(unit_id, 0)"),
            unique=True,
            **only("valid_to IS NULL"),
        ),
    )
    op.create_table(
        "course_assignment",
        sa.Column("id", ID, primary_key=True),
        sa.Column("course_id", ID, sa.ForeignKey("course.id"), nullable=False, index=True),
        sa.Column("unit_id", ID, sa.ForeignKey("unit.id"), nullable=False, index=True),
        sa.Column("learner_group", sa.String(40)),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("ended_on", sa.Date),
        sa.Column("reason", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by_id", ID),
        sa.Index(
            "uq_course_assignment_open",
            "course_id",
            "unit_id",
            "learner_group",
            unique=True,
            **only("ended_on IS NULL AND learner_group IS NOT NULL"),
        ),
    )
    op.create_table(
        "course_version",
        sa.Column("id", ID, primary_key=True),
        sa.Column("course_id", ID, sa.ForeignKey("course.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("published_at", TIME, nullable=False),
        sa.Column("published_by_id", ID),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("title_en", sa.String(300)),
        sa.Column("hours", sa.Numeric(5, 1), nullable=False),
        sa.Column("lesson_count", sa.Integer, nullable=False),
        sa.Column("areas", JSON, nullable=False),
        sa.Column("learner_groups", JSON, nullable=False),
        sa.Column("manifest", JSON, nullable=False),
        sa.UniqueConstraint("course_id", "number"),
        sa.UniqueConstraint("course_id", "content_hash"),
        sa.CheckConstraint("hours > 0", name="hours"),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", ID, primary_key=True),
        sa.Column("account_id", ID, sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("purpose", codes("purpose", "first_password", "reset"), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by_id", ID),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.Column("revoked_at", TIME),
    )
    op.create_table(
        "training_record_area",
        sa.Column("record_id", ID, sa.ForeignKey("training_record.id"), primary_key=True),
        sa.Column(
            "area",
            codes(
                "area",
                "union_overview",
                "union_theory",
                "union_practice",
                "university_component",
                "labour_relations",
                "member_development",
                "dialogue_bargaining",
                "dispute_resolution",
                "chair_skills",
                "labour_law",
                "group_leader_skills",
                "mobilisation",
                "gender_equality",
                "pedagogy",
                "digital_skills",
                "cadre_briefing",
                "emulation_welfare",
                "political_theory",
                "state_management",
            ),
            primary_key=True,
        ),
        sa.Index("ix_training_record_area_area_training_record_area_record_id", "area", "record_id"),
    )
    op.create_table(
        "training_record_void",
        sa.Column("id", ID, primary_key=True),
        sa.Column("record_id", ID, sa.ForeignKey("training_record.id"), nullable=False, unique=True),
        sa.Column("voided_at", TIME, nullable=False),
        sa.Column("voided_by_id", ID),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "assignment_person",
        sa.Column("assignment_id", ID, sa.ForeignKey("course_assignment.id"), primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), primary_key=True, index=True),
    )
    op.create_table(
        "certificate",
        sa.Column("id", ID, primary_key=True),
        sa.Column("kind", codes("kind", "completion_certificate", "certificate"), nullable=False),
        sa.Column("issuer_id", ID, sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("serial_no", sa.String(60), nullable=False, unique=True),
        sa.Column("verify_code", sa.String(40), nullable=False, unique=True),
        sa.Column("record_id", ID, sa.ForeignKey("training_record.id"), nullable=False, unique=True),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("course_version_id", ID, sa.ForeignKey("course_version.id")),
        sa.Column("issued_on", sa.Date, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.Column("achieved_on", sa.Date, nullable=False),
        sa.Column("started_on", sa.Date),
        sa.Column("holder_name", sa.String(120), nullable=False),
        sa.Column("holder_folded", sa.String(120), nullable=False, index=True),
        sa.Column("holder_born", sa.String(10)),
        sa.Column("holder_title", sa.String(120)),
        sa.Column("holder_unit", sa.String(260)),
        sa.Column("course_title", sa.String(300), nullable=False),
        sa.Column("hours", sa.Numeric(6, 1)),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("result", sa.String(120)),
        sa.Column("decision_no", sa.String(80)),
        sa.Column("decision_on", sa.Date),
        sa.Column("issuer", JSON, nullable=False),
        sa.Column("layout", sa.String(20), nullable=False),
        sa.Column("pdf_key", sa.String(80)),
        sa.Column("pdf_sha256", sa.String(64)),
        sa.Column("created_at", TIME, nullable=False),
        sa.UniqueConstraint("issuer_id", "kind", "year", "number"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("(pdf_key IS NULL) = (pdf_sha256 IS NULL)", name="document"),
        sa.Index("ix_certificate_person_id", "person_id"),
        sa.Index("ix_certificate_year_certificate_id", "year", "id"),
    )
    op.create_table(
        "course_media",
        sa.Column("id", ID, primary_key=True),
        sa.Column("version_id", ID, sa.ForeignKey("course_version.id"), nullable=False),
        sa.Column("path", sa.String(200), nullable=False),
        sa.Column("storage_key", sa.String(80), nullable=False, index=True),
        sa.Column("content_type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("width", sa.Integer),
        sa.Column("height", sa.Integer),
        sa.UniqueConstraint("version_id", "path"),
    )
    op.create_table(
        "course_module",
        sa.Column("id", ID, primary_key=True),
        sa.Column("version_id", ID, sa.ForeignKey("course_version.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("objectives", JSON, nullable=False),
        sa.UniqueConstraint("version_id", "position"),
    )
    op.create_table(
        "certificate_act",
        sa.Column("id", ID, primary_key=True),
        sa.Column("certificate_id", ID, sa.ForeignKey("certificate.id"), nullable=False),
        sa.Column("kind", codes("kind", "issued", "revoked"), nullable=False),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("decision_no", sa.String(80)),
        sa.Column("reason", sa.Text),
        sa.Column("recorded_at", TIME, nullable=False),
        sa.Column("recorded_by_id", ID),
        sa.Index("ix_certificate_act_certificate_id_certificate_act_effective_on", "certificate_id", "effective_on"),
        sa.Index(
            "uq_certificate_act_once", "certificate_id", "kind", unique=True, **only("kind IN ('issued','revoked')")
        ),
    )
    op.create_table(
        "lesson",
        sa.Column("id", ID, primary_key=True),
        sa.Column("version_id", ID, sa.ForeignKey("course_version.id"), nullable=False),
        sa.Column("module_id", ID, sa.ForeignKey("course_module.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("kind", codes("kind", "reading", "situation", "assignment"), nullable=False),
        sa.Column("titles", JSON, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("optional", sa.Boolean, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("source", JSON),
        sa.Column("plain_text", sa.Text, nullable=False),
        sa.UniqueConstraint("version_id", "position"),
        sa.UniqueConstraint("module_id", "slug"),
        sa.CheckConstraint("minutes > 0", name="minutes"),
    )
    op.create_table(
        "quiz",
        sa.Column("id", ID, primary_key=True),
        sa.Column("version_id", ID, sa.ForeignKey("course_version.id"), nullable=False),
        sa.Column("module_id", ID, sa.ForeignKey("course_module.id"), unique=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("pass_percent", sa.Integer, nullable=False),
        sa.Column("draw", sa.Integer, nullable=False),
        sa.Column("max_attempts", sa.Integer, nullable=False),
        sa.Column("wait_hours", sa.Integer, nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.UniqueConstraint("version_id", "position"),
        sa.CheckConstraint("pass_percent BETWEEN 0 AND 100", name="pass_percent"),
        sa.CheckConstraint("draw > 0", name="draw"),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("course_id", ID, sa.ForeignKey("course.id"), nullable=False),
        sa.Column("version_id", ID, sa.ForeignKey("course_version.id"), nullable=False, index=True),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.Column("last_lesson_id", ID, sa.ForeignKey("lesson.id")),
        sa.Column("completed_at", TIME),
        sa.Column("withdrawn_at", TIME),
        sa.Column("record_id", ID, sa.ForeignKey("training_record.id"), unique=True),
        sa.CheckConstraint("completed_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        sa.Index("ix_enrolment_course_id_enrolment_person_id", "course_id", "person_id"),
        sa.Index(
            "uq_enrolment_open",
            "person_id",
            "course_id",
            unique=True,
            **only("completed_at IS NULL AND withdrawn_at IS NULL"),
        ),
    )
    op.create_table(
        "enrolment_assignment",
        sa.Column("enrolment_id", ID, sa.ForeignKey("enrolment.id"), primary_key=True),
        sa.Column("assignment_id", ID, sa.ForeignKey("course_assignment.id"), primary_key=True, index=True),
        sa.Column("since", TIME, nullable=False),
    )
    op.create_table(
        "lesson_answer",
        sa.Column("enrolment_id", ID, sa.ForeignKey("enrolment.id"), primary_key=True),
        sa.Column("lesson_id", ID, sa.ForeignKey("lesson.id"), primary_key=True),
        sa.Column("question_key", sa.String(120), primary_key=True),
        sa.Column("response", JSON, nullable=False),
        sa.Column("correct", sa.Boolean, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("answered_at", TIME, nullable=False),
    )
    op.create_table(
        "lesson_progress",
        sa.Column("enrolment_id", ID, sa.ForeignKey("enrolment.id"), primary_key=True),
        sa.Column("lesson_id", ID, sa.ForeignKey("lesson.id"), primary_key=True),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("done_at", TIME),
    )
    op.create_table(
        "quiz_attempt",
        sa.Column("id", ID, primary_key=True),
        sa.Column("enrolment_id", ID, sa.ForeignKey("enrolment.id"), nullable=False),
        sa.Column("quiz_id", ID, sa.ForeignKey("quiz.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("submitted_at", TIME),
        sa.Column("items", JSON, nullable=False),
        sa.Column("points", sa.Numeric(7, 2)),
        sa.Column("max_points", sa.Integer, nullable=False),
        sa.Column("passed", sa.Boolean),
        sa.UniqueConstraint("enrolment_id", "quiz_id", "number"),
        sa.CheckConstraint("points IS NULL OR points <= max_points", name="points"),
        sa.Index("uq_quiz_attempt_open", "enrolment_id", "quiz_id", unique=True, **only("submitted_at IS NULL")),
    )
    op.create_table(
        "attempt_answer",
        sa.Column("attempt_id", ID, sa.ForeignKey("quiz_attempt.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("response", JSON, nullable=False),
        sa.Column("answered_at", TIME, nullable=False),
        sa.Column("fraction", sa.Numeric(6, 5)),
    )


def downgrade() -> None:
    """Drop every table, the last one first."""
    for table in reversed(TABLES):
        op.drop_table(table)


TABLES = (
    "audit_seal",
    "job",
    "person",
    "throttle_counter",
    "unit",
    "account",
    "audit_event",
    "course",
    "issuer_profile",
    "post",
    "register_series",
    "register_symbol",
    "roster_import",
    "term",
    "training_record",
    "unit_count",
    "unit_version",
    "access_grant",
    "course_assignment",
    "course_version",
    "sign_in_link",
    "training_record_area",
    "training_record_void",
    "assignment_person",
    "certificate",
    "course_media",
    "course_module",
    "certificate_act",
    "lesson",
    "quiz",
    "enrolment",
    "enrolment_assignment",
    "lesson_answer",
    "lesson_progress",
    "quiz_attempt",
    "attempt_answer",
)
