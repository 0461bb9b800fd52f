"""Row level security on PostgreSQL: what a statement forgets to ask for, the database does not give.

A learner's transaction runs in a role of its own, with the learner's id in the claims as Supabase has them
(`request.jwt.claims`, `sub`). Nobody can connect as this role or as the services'. They are not Supabase's
`authenticated` and `service_role`: whoever holds a token could then read the key of a running quiz past us, through the
REST interface that Supabase puts before the schema.

It is no migration, but the end of every one: the tables are looked up, so that none can be forgotten.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from app.persistence.postgres import LEARNER_ROLE, SERVICE_ROLE
from app.persistence.tables import Base

CHECKPOINTS = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
"""LangGraph's tables name their conversation by owner and id: no learner's role gets at them, only the service's."""
_BOOKKEEPING = ("alembic_version", "checkpoint_migrations")
"""Nobody's, and read before there are roles."""
_OURS = (*Base.metadata.tables, *CHECKPOINTS, *_BOOKKEEPING)
_ROLES = (LEARNER_ROLE, SERVICE_ROLE)
_OTHERS = ("anon", "authenticated", "service_role")
"""Supabase's roles of its REST interface: what is made in its schema is theirs at first."""

UID = """
CREATE OR REPLACE FUNCTION studyrag_uid() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub' $$
"""
"""Whose the transaction is: on Supabase the same as `auth.uid()::text`, and nobody where nothing was said."""

_TABLES = text(
    "SELECT t.relname FROM pg_class t"
    " WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND t.relname = ANY(:ours)"
)
_OWNER_COLUMN = text(
    "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = to_regclass(:table) AND NOT a.attisdropped"
    " AND a.attname = CASE :table WHEN 'learners' THEN 'id' ELSE 'owner_id' END"
)
_SEQUENCES = text(
    "SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid JOIN pg_class t ON t.oid = d.refobjid"
    " WHERE t.relnamespace = current_schema()::regnamespace AND s.relkind = 'S' AND t.relname = ANY(:ours)"
)
_KNOWN_ROLES = text("SELECT rolname FROM pg_roles")
_MAY_BECOME = text(
    "SELECT pg_has_role(:role,"
    " CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)"
)


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """Let the owner of the tables change them and all their rows, in this transaction; then protect what is there."""
    for table in _tables(connection):
        _run(connection, f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        for policy in ("learner", "service"):
            _run(connection, f'DROP POLICY IF EXISTS {policy} ON "{table}"')
    yield
    _protect(connection)


def _protect(connection: Connection) -> None:
    _make_roles(connection)
    _run(connection, UID)
    for table in _tables(connection):
        _close(connection, table)
        if table in _BOOKKEEPING:
            continue
        _run(connection, f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        # Who may become the service has its policies from the start, so that the name is asked for.
        _open(connection, table, SERVICE_ROLE, "service", f"current_user = '{SERVICE_ROLE}'")
        if column := connection.scalar(_OWNER_COLUMN, {"table": table}):
            # A subquery is asked once for each statement, a call once for each row.
            _open(connection, table, LEARNER_ROLE, "learner", f"{column} = (SELECT studyrag_uid())")


def _make_roles(connection: Connection) -> None:
    """Roles belong to all databases of a server, so another one may have made them."""
    known = set(connection.scalars(_KNOWN_ROLES))
    for role in _ROLES:
        if role not in known:
            _run(connection, f"CREATE ROLE {role} NOLOGIN")
        if not connection.scalar(_MAY_BECOME, {"role": role}):
            _run(connection, f"GRANT {role} TO CURRENT_USER")
    schema, both = connection.scalar(text("SELECT quote_ident(current_schema())")), ", ".join(_ROLES)
    _run(connection, f"GRANT USAGE ON SCHEMA {schema} TO {both}")
    for sequence in connection.scalars(_SEQUENCES, {"ours": list(_OURS)}).all():
        _run(connection, f'GRANT USAGE ON SEQUENCE "{sequence}" TO {both}')


def _close(connection: Connection, table: str) -> None:
    """To everybody but its owner."""
    known = set(connection.scalars(_KNOWN_ROLES))
    others = ["PUBLIC", *_ROLES, *(role for role in _OTHERS if role in known)]
    _run(connection, f'REVOKE ALL ON "{table}" FROM {", ".join(others)}')
    _run(connection, f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')


def _open(connection: Connection, table: str, role: str, policy: str, rows: str) -> None:
    _run(connection, f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {role}')
    _run(connection, f'CREATE POLICY {policy} ON "{table}" TO {role} USING ({rows}) WITH CHECK ({rows})')


def _tables(connection: Connection) -> list[str]:
    """Every table of ours that is there."""
    return sorted(connection.scalars(_TABLES, {"ours": list(_OURS)}))


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)
