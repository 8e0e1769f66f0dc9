"""The tree refuses circles.

A circle can only arise where the learner already has somebody below. Then the trigger walks up from the
teacher; meeting the learner, it refuses. SQLite allows no recursive query inside a trigger, but a view may
hold one: it starts from the one row of a probe table. There the write lock serialises writers. On
PostgreSQL the trigger takes the tree's advisory lock first (the key of core.database.TREE_LOCK), so that
two open transactions cannot each close one half of a circle.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE_UP = (
    "CREATE TABLE lineage_probe (person_id BIGINT NOT NULL)",
    """
    CREATE VIEW lineage_probe_above AS
    WITH RECURSIVE above (person_id) AS (
      SELECT person_id FROM lineage_probe
      UNION
      SELECT lineage.teacher_id FROM above JOIN lineage ON lineage.learner_id = above.person_id
    )
    SELECT person_id FROM above
    """,
    *(
        f"""
        CREATE TRIGGER lineage_no_circle_{when} BEFORE {event} ON lineage
        WHEN EXISTS (SELECT 1 FROM lineage WHERE teacher_id = NEW.learner_id)
        BEGIN
          DELETE FROM lineage_probe;
          INSERT INTO lineage_probe VALUES (NEW.teacher_id);
          SELECT RAISE(ABORT, 'lineage_circle')
          WHERE EXISTS (SELECT 1 FROM lineage_probe_above WHERE person_id = NEW.learner_id);
          DELETE FROM lineage_probe;
        END
        """
        for when, event in (("insert", "INSERT"), ("update", "UPDATE OF teacher_id, learner_id"))
    ),
)

SQLITE_DOWN = (
    "DROP TRIGGER lineage_no_circle_update",
    "DROP TRIGGER lineage_no_circle_insert",
    "DROP VIEW lineage_probe_above",
    "DROP TABLE lineage_probe",
)

POSTGRESQL_UP = (
    """
    CREATE FUNCTION lineage_refuse_circle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock(7220415001);
      IF EXISTS (SELECT 1 FROM lineage WHERE teacher_id = NEW.learner_id) THEN
        IF EXISTS (
          WITH RECURSIVE above (person_id) AS (
            SELECT NEW.teacher_id
            UNION
            SELECT lineage.teacher_id FROM above JOIN lineage ON lineage.learner_id = above.person_id
          )
          SELECT 1 FROM above WHERE person_id = NEW.learner_id
        ) THEN
          RAISE EXCEPTION 'lineage_circle' USING ERRCODE = 'check_violation', CONSTRAINT = 'lineage_circle';
        END IF;
      END IF;
      RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER lineage_no_circle BEFORE INSERT OR UPDATE OF teacher_id, learner_id ON lineage
    FOR EACH ROW EXECUTE FUNCTION lineage_refuse_circle()
    """,
)

POSTGRESQL_DOWN = (
    "DROP TRIGGER lineage_no_circle ON lineage",
    "DROP FUNCTION lineage_refuse_circle()",
)


def upgrade() -> None:
    """Go up."""
    for statement in SQLITE_UP if _sqlite() else POSTGRESQL_UP:
        op.execute(statement)


def downgrade() -> None:
    """Go down."""
    for statement in SQLITE_DOWN if _sqlite() else POSTGRESQL_DOWN:
        op.execute(statement)


def _sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"
