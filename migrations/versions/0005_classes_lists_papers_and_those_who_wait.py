"""Classes, lists, papers, those who wait, and what phones sent; cards and questions of skills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "target_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_vi", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_group")),
        sa.UniqueConstraint("code", name=op.f("uq_target_group_code")),
    )
    op.create_table(
        "skill_for_group",
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["target_group.id"], name=op.f("fk_skill_for_group_group_id")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_skill_for_group_skill_id")),
        sa.PrimaryKeyConstraint("skill_id", "group_id", name=op.f("pk_skill_for_group")),
    )
    with op.batch_alter_table("skill_for_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_for_group_group_id"), ["group_id"], unique=False)

    op.create_table(
        "class_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("ward_code", sa.String(length=10), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lead_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("elderly", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Integer(), nullable=False),
        sa.Column("poor", sa.Integer(), nullable=False),
        sa.Column("minority", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("client_uuid", sa.String(length=36), nullable=True),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("check_in_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('mobile_class', 'home_visit', 'market_stand', 'school', 'office')",
            name=op.f("ck_class_session_kind"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed', 'cancelled')", name=op.f("ck_class_session_state")),
        sa.CheckConstraint(
            "elderly >= 0 AND disabled >= 0 AND poor >= 0 AND minority >= 0",
            name=op.f("ck_class_session_counts"),
        ),
        sa.CheckConstraint("headcount IS NULL OR headcount >= 0", name=op.f("ck_class_session_headcount")),
        sa.ForeignKeyConstraint(["group_id"], ["target_group.id"], name=op.f("fk_class_session_group_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_class_session_lead_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_class_session_recorded_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_class_session_unit_id")),
        sa.ForeignKeyConstraint(["ward_code"], ["ward.code"], name=op.f("fk_class_session_ward_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_session")),
        sa.UniqueConstraint("client_uuid", name=op.f("uq_class_session_client_uuid")),
    )
    with op.batch_alter_table("class_session", schema=None) as batch_op:
        batch_op.create_index("ix_class_session_held_on", ["held_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_session_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_session_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "column_memory",
        sa.Column(
            "account_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("shape", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_column_memory_account_id")),
        sa.PrimaryKeyConstraint("account_id", "shape", name=op.f("pk_column_memory")),
    )
    op.create_table(
        "sent_entry",
        sa.Column("client_uuid", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('one', 'several', 'class')", name=op.f("ck_sent_entry_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sent_entry_account_id")),
        sa.PrimaryKeyConstraint("client_uuid", name=op.f("pk_sent_entry")),
    )
    with op.batch_alter_table("sent_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_entry_account_id"), ["account_id"], unique=False)

    op.create_table(
        "class_skill",
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["class_session.id"], name=op.f("fk_class_skill_class_id")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_class_skill_skill_id")),
        sa.PrimaryKeyConstraint("class_id", "skill_id", name=op.f("pk_class_skill")),
    )
    with op.batch_alter_table("class_skill", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_skill_skill_id"), ["skill_id"], unique=False)

    op.create_table(
        "class_teacher",
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["class_session.id"], name=op.f("fk_class_teacher_class_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_class_teacher_person_id")),
        sa.PrimaryKeyConstraint("class_id", "person_id", name=op.f("pk_class_teacher")),
    )
    with op.batch_alter_table("class_teacher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_teacher_person_id"), ["person_id"], unique=False)

    op.create_table(
        "paper_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("serial", sa.String(length=12), nullable=False),
        sa.Column("teacher_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("lines BETWEEN 1 AND 50", name=op.f("ck_paper_sheet_lines")),
        sa.ForeignKeyConstraint(["class_id"], ["class_session.id"], name=op.f("fk_paper_sheet_class_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["account.id"], name=op.f("fk_paper_sheet_entered_by")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_paper_sheet_made_by")),
        sa.ForeignKeyConstraint(["teacher_id"], ["person.id"], name=op.f("fk_paper_sheet_teacher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint("serial", name=op.f("uq_paper_sheet_serial")),
    )
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_sheet_teacher_id"), ["teacher_id"], unique=False)

    op.create_table(
        "roster_import",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("teacher_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("file_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("shape", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("defaults", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('uploaded', 'judging', 'ready', 'writing', 'done', 'cancelling', 'cancelled', 'failed')",
            name=op.f("ck_roster_import_state"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_roster_import_account_id")),
        sa.ForeignKeyConstraint(["class_id"], ["class_session.id"], name=op.f("fk_roster_import_class_id")),
        sa.ForeignKeyConstraint(["teacher_id"], ["person.id"], name=op.f("fk_roster_import_teacher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_import_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_roster_import_state"), ["state"], unique=False)

    op.create_table(
        "paper_slip",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("teaching_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entered_by"], ["account.id"], name=op.f("fk_paper_slip_entered_by")),
        sa.ForeignKeyConstraint(["sheet_id"], ["paper_sheet.id"], name=op.f("fk_paper_slip_sheet_id")),
        sa.ForeignKeyConstraint(["teaching_id"], ["teaching.id"], name=op.f("fk_paper_slip_teaching_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_slip")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_slip_code")),
        sa.UniqueConstraint("sheet_id", "line", name=op.f("uq_paper_slip_sheet_id_line")),
        sa.UniqueConstraint("teaching_id", name=op.f("uq_paper_slip_teaching_id")),
    )
    op.create_table(
        "roster_row",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("import_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cells_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("candidate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("choice", sa.String(length=10), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("teaching_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_person", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "choice IS NULL OR choice IN ('same', 'apart', 'skip')", name=op.f("ck_roster_row_choice")
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('written', 'nothing', 'refused', 'undone')",
            name=op.f("ck_roster_row_outcome"),
        ),
        sa.CheckConstraint(
            "verdict IN ('new', 'known', 'doubtful', 'refused')", name=op.f("ck_roster_row_verdict")
        ),
        sa.ForeignKeyConstraint(["candidate_id"], ["person.id"], name=op.f("fk_roster_row_candidate_id")),
        sa.ForeignKeyConstraint(["import_id"], ["roster_import.id"], name=op.f("fk_roster_row_import_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_roster_row_person_id")),
        sa.ForeignKeyConstraint(["teaching_id"], ["teaching.id"], name=op.f("fk_roster_row_teaching_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_row")),
        sa.UniqueConstraint("import_id", "sheet", "row", name=op.f("uq_roster_row_import_id_sheet_row")),
    )
    with op.batch_alter_table("roster_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_row_teaching_id"), ["teaching_id"], unique=False)
        batch_op.create_index("ix_roster_row_verdict", ["import_id", "verdict", "id"], unique=False)

    op.create_table(
        "waiting_learner",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=120), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=32), nullable=True),
        sa.Column("phone_tail", sa.String(length=3), nullable=True),
        sa.Column("age_band", sa.String(length=10), nullable=True),
        sa.Column("ward_code", sa.String(length=10), nullable=False),
        sa.Column("skill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("came_by", sa.String(length=10), nullable=False),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("taken_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("teaching_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'taken') <= (taken_by IS NOT NULL)", name=op.f("ck_waiting_learner_taken_by_whom")
        ),
        sa.CheckConstraint("came_by IN ('walk_in', 'call', 'form')", name=op.f("ck_waiting_learner_came_by")),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'taught', 'withdrawn')", name=op.f("ck_waiting_learner_state")
        ),
        sa.CheckConstraint(
            "(phone_sealed IS NULL) = (phone_hash IS NULL)", name=op.f("ck_waiting_learner_phone_whole")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_waiting_learner_recorded_by")),
        sa.ForeignKeyConstraint(["skill_id"], ["skill.id"], name=op.f("fk_waiting_learner_skill_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_waiting_learner_taken_by")),
        sa.ForeignKeyConstraint(
            ["teaching_id"], ["teaching.id"], name=op.f("fk_waiting_learner_teaching_id")
        ),
        sa.ForeignKeyConstraint(["ward_code"], ["ward.code"], name=op.f("fk_waiting_learner_ward_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_learner")),
        sa.UniqueConstraint("teaching_id", name=op.f("uq_waiting_learner_teaching_id")),
    )
    with op.batch_alter_table("waiting_learner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_learner_phone_hash"), ["phone_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_waiting_learner_taken_by"), ["taken_by"], unique=False)
        batch_op.create_index(
            "ix_waiting_learner_ward", ["ward_code", "state", "asked_at", "id"], unique=False
        )

    with op.batch_alter_table("skill", recreate="never") as batch_op:
        batch_op.add_column(sa.Column("card_vi", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("card_en", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("question_vi", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("question_en", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("options_vi", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("options_en", sa.JSON(), nullable=False, server_default="[]"))

    # Not in batch mode: that would build the largest table anew, under the feet of all that refers to it.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE teaching ADD COLUMN class_id INTEGER "
            "CONSTRAINT fk_teaching_class_id REFERENCES class_session (id)"
        )
    else:
        op.add_column("teaching", sa.Column("class_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key("fk_teaching_class_id", "teaching", "class_session", ["class_id"], ["id"])
    op.create_index("ix_teaching_class_id", "teaching", ["class_id"])


def downgrade() -> None:
    """Go down."""
    op.drop_index("ix_teaching_class_id", "teaching")
    with op.batch_alter_table("teaching") as batch_op:
        if op.get_bind().dialect.name != "sqlite":
            batch_op.drop_constraint("fk_teaching_class_id", type_="foreignkey")
        batch_op.drop_column("class_id")

    with op.batch_alter_table("skill", schema=None) as batch_op:
        batch_op.drop_column("options_en")
        batch_op.drop_column("options_vi")
        batch_op.drop_column("question_en")
        batch_op.drop_column("question_vi")
        batch_op.drop_column("card_en")
        batch_op.drop_column("card_vi")

    with op.batch_alter_table("waiting_learner", schema=None) as batch_op:
        batch_op.drop_index("ix_waiting_learner_ward")
        batch_op.drop_index(batch_op.f("ix_waiting_learner_taken_by"))
        batch_op.drop_index(batch_op.f("ix_waiting_learner_phone_hash"))

    op.drop_table("waiting_learner")
    with op.batch_alter_table("roster_row", schema=None) as batch_op:
        batch_op.drop_index("ix_roster_row_verdict")
        batch_op.drop_index(batch_op.f("ix_roster_row_teaching_id"))

    op.drop_table("roster_row")
    op.drop_table("paper_slip")
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_import_state"))
        batch_op.drop_index(batch_op.f("ix_roster_import_account_id"))

    op.drop_table("roster_import")
    with op.batch_alter_table("paper_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_sheet_teacher_id"))

    op.drop_table("paper_sheet")
    with op.batch_alter_table("class_teacher", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_teacher_person_id"))

    op.drop_table("class_teacher")
    with op.batch_alter_table("class_skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_skill_skill_id"))

    op.drop_table("class_skill")
    with op.batch_alter_table("sent_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_entry_account_id"))

    op.drop_table("sent_entry")
    op.drop_table("column_memory")
    with op.batch_alter_table("class_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_session_unit_id"))
        batch_op.drop_index(batch_op.f("ix_class_session_lead_id"))
        batch_op.drop_index("ix_class_session_held_on")

    op.drop_table("class_session")
    with op.batch_alter_table("skill_for_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skill_for_group_group_id"))

    op.drop_table("skill_for_group")
    op.drop_table("target_group")
