"""The tables of a review database; `docs/design/0013-review.md` says what each is for.

Times are seconds since 1970 in UTC. JSON is text with everything beyond ASCII escaped, because
article text may hold what a database's text cannot. A change here needs a migration.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
)

REVISION = "0003"
"""The migration that brings a database to these tables."""

# Constraints need names, or no later migration could change them on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only where the key is of its own integer type.
Number = BigInteger().with_variant(Integer, "sqlite")


def _key() -> Column[int]:
    return Column("id", Number, primary_key=True)


def _reference(table: str, nullable: bool = False) -> Column[int]:
    return Column(f"{table}_id", Number, ForeignKey(f"{table}.id"), nullable=nullable)


setting = Table(
    "setting",
    metadata,
    Column("name", String(50), primary_key=True),
    Column("value", Text, nullable=False),
)

campaign = Table(
    "campaign",
    metadata,
    _key(),
    Column("name", String(100), nullable=False, unique=True),
    Column("state", String(20), nullable=False),
    Column("overlap", Integer, nullable=False),
    Column("lease_minutes", Float, nullable=False),
    Column("hidden_share", Float, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("created_at", Float, nullable=False),
)

item = Table(
    "item",
    metadata,
    _key(),
    _reference("campaign"),
    Column("kind", String(20), nullable=False),
    Column("key", String(100), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("overlap", Integer, nullable=False),
    Column("places", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Column("cluster", String(100)),
    Column("payload", Text, nullable=False),
    Column("gold", Text),
    UniqueConstraint("campaign_id", "kind", "key"),
)
# What a claim reads: the open items that have a place left, in their order, and nothing else.
# Its values are literals, because a database uses such an index only for what it can read off the statement.
has_a_place = and_(item.c.state == literal_column("'open'"), item.c.places > literal_column("0"))
Index(
    "ix_item_queue", item.c.campaign_id, item.c.rank, sqlite_where=has_a_place, postgresql_where=has_a_place
)

# What progress and adjudication look through, without the items' long texts.
Index(
    "ix_item_counts",
    item.c.campaign_id,
    item.c.state,
    item.c.origin,
    item.c.overlap,
    item.c.answered,
    item.c.rank,
)

account = Table(
    "account",
    metadata,
    _key(),
    Column("name", String(100), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("password", Text),
    Column("active", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
)

assignment = Table(
    "assignment",
    metadata,
    _key(),
    _reference("item"),
    _reference("account"),
    _reference("campaign"),
    Column("state", String(20), nullable=False),
    Column("token", String(64), nullable=False, unique=True),
    Column("taken_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("hidden", Boolean, nullable=False),
    UniqueConstraint("item_id", "account_id"),
)
# Few rows are leased at any time: what a claim looks through to end the leases that ran out.
is_leased = assignment.c.state == literal_column("'leased'")
Index(
    "ix_assignment_leased",
    assignment.c.campaign_id,
    assignment.c.expires_at,
    sqlite_where=is_leased,
    postgresql_where=is_leased,
)
Index(
    "ix_assignment_holder",
    assignment.c.account_id,
    assignment.c.campaign_id,
    sqlite_where=is_leased,
    postgresql_where=is_leased,
)

answer = Table(
    "answer",
    metadata,
    _key(),
    _reference("item"),
    _reference("account"),
    _reference("campaign"),
    Column("revision", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("token", String(64)),
    Column("content", Text),
    Column("note", Text),
    Column("reason", Text),
    Column("flagged", Boolean, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("seconds", Float),
    Column("guideline", String(50), nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("item_id", "account_id", "revision"),
    Index("ix_answer_mine", "account_id", "campaign_id", "id"),
    Index("ix_answer_campaign", "campaign_id", "item_id"),
)

# What `answer` says that holds, in columns, so that a campaign's charts are sums in SQL: an index, no record.
stance = Table(
    "stance",
    metadata,
    _key(),
    _reference("campaign"),
    _reference("item"),
    _reference("account"),
    _reference("answer"),
    Column("target", String(200), nullable=False),
    Column("label", String(200)),
    Column("suggested", String(200)),
    Column("confidence", Float),
    Column("hidden", Boolean, nullable=False),
    # All that agreement is counted from, so that the table itself need not be read for it.
    Index("ix_stance_pair", "campaign_id", "item_id", "target", "answer_id", "label"),
)

session = Table(
    "session",
    metadata,
    _key(),
    _reference("account"),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("revoked_at", Float),
)

invitation = Table(
    "invitation",
    metadata,
    _key(),
    Column("digest", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("used_at", Float),
)

audit = Table(
    "audit",
    metadata,
    _key(),
    Column("at", Float, nullable=False),
    _reference("account", nullable=True),
    Column("action", String(50), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", Text, nullable=False),
)

api_token = Table(
    "api_token",
    metadata,
    _key(),
    _reference("account"),
    Column("name", String(100), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("revoked_at", Float),
)

login = Table(
    "login",
    metadata,
    _key(),
    Column("name", String(100), nullable=False),
    Column("address", String(100), nullable=False),
    Column("good", Boolean, nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_login_name", "name", "at"),
    Index("ix_login_address", "address", "at"),
)
