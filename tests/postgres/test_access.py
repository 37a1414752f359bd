"""Who may do what on Supabase: each known hole is a test."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from ttsqueue.providers.postgres.sql import schema

from .callers import ADA, ADD, BEN, BOOK, add, calling, job

OPEN_TO_USERS = {"tts_may_add"}
"""Functions of ours that users call; each says no more than they may know."""


def refused() -> pytest.RaisesExc[psycopg.Error]:
    return pytest.raises(errors.InsufficientPrivilege)


def test_users_see_their_own_jobs_and_no_others(supabase: psycopg.Connection) -> None:
    mine, theirs = add(supabase, ADA), add(supabase, BEN)
    with calling(supabase, ADA):
        seen = supabase.execute("SELECT id FROM tts_jobs").fetchall()
    assert [str(row[0]) for row in seen] == [mine]
    with refused(), calling(supabase, None, "anon"):
        supabase.execute("SELECT id FROM tts_jobs")
    assert theirs


def test_a_user_adds_a_job_that_is_completed_by_the_store(supabase: psycopg.Connection) -> None:
    with calling(supabase, ADA):
        job_id = add(supabase, ADA)
    columns = ("status", "total_chapters", "title", "priority", "outline", "active_key IS NOT NULL")
    assert job(supabase, job_id, *columns) == ("pending", 1, "Fog", 5, [["ch1", "One", 13]], True)


def test_a_double_click_makes_no_second_job(supabase: psycopg.Connection) -> None:
    work = "00000000-0000-4000-8000-0000000000ff"
    with calling(supabase, ADA):
        add(supabase, ADA, work=work)
    with pytest.raises(errors.UniqueViolation), calling(supabase, ADA):
        add(supabase, ADA, work=work)


def test_users_add_nothing_for_others(supabase: psycopg.Connection) -> None:
    with refused(), calling(supabase, ADA):
        add(supabase, BEN)


@pytest.mark.parametrize("priority", [1, 3, 4])
def test_a_free_user_has_no_premium_priority(supabase: psycopg.Connection, priority: int) -> None:
    with refused(), calling(supabase, ADA, user_metadata={"is_premium": True, "tier": "premium"}):
        add(supabase, ADA, priority)


@pytest.mark.parametrize("granted", [{"is_premium": True}, {"tier": "premium"}])
def test_a_premium_user_has(supabase: psycopg.Connection, granted: dict[str, object]) -> None:
    with calling(supabase, ADA, app_metadata=granted):
        assert add(supabase, ADA, 1)


@pytest.mark.parametrize(("granted", "priority"), [({"tier": "premium"}, 2), ({}, 5)], ids=["premium", "free"])
def test_who_names_no_priority_gets_the_normal_one_of_their_tier(
    supabase: psycopg.Connection, granted: dict[str, object], priority: int
) -> None:
    with calling(supabase, ADA, app_metadata=granted):
        row = supabase.execute(
            "INSERT INTO tts_jobs (work_id, user_id, payload) VALUES (%s, %s, %s) RETURNING priority", (ADA, ADA, BOOK)
        ).fetchone()
    assert row == (priority,)


@pytest.mark.parametrize(
    "column",
    ["status", "attempts", "max_attempts", "created_at", "run_at", "lease", "seq", "claims", "worker_id", "result"],
)
def test_users_choose_nothing_that_jumps_the_queue(supabase: psycopg.Connection, column: str) -> None:
    with refused(), calling(supabase, ADA):
        supabase.execute(
            f"INSERT INTO tts_jobs (work_id, user_id, payload, {column}) VALUES (%s, %s, %s, NULL)", (ADA, ADA, BOOK)
        )


def test_a_payload_has_a_limit(supabase: psycopg.Connection) -> None:
    large = Jsonb({"chapters": [{"id": "a", "text": "fog " * 5_000_000}]})
    with refused(), calling(supabase, ADA):
        supabase.execute(ADD, (ADA, ADA, large, 5))


def test_users_have_twenty_active_jobs_at_most(supabase: psycopg.Connection) -> None:
    for _ in range(20):
        with calling(supabase, ADA):
            add(supabase, ADA)
    with refused(), calling(supabase, ADA):
        add(supabase, ADA)
    with calling(supabase, BEN):
        assert add(supabase, BEN)


def test_users_cancel_their_own_jobs_and_do_nothing_else_to_them(supabase: psycopg.Connection) -> None:
    mine, theirs = add(supabase, ADA), add(supabase, BEN)
    with calling(supabase, ADA):
        assert supabase.execute("UPDATE tts_jobs SET status = 'cancelled' WHERE id = %s", (theirs,)).rowcount == 0
    with refused(), calling(supabase, ADA):
        supabase.execute("UPDATE tts_jobs SET status = 'completed' WHERE id = %s", (mine,))
    with refused(), calling(supabase, ADA):
        supabase.execute("UPDATE tts_jobs SET status = 'cancelled', priority = 1 WHERE id = %s", (mine,))
    with calling(supabase, ADA):
        assert supabase.execute("UPDATE tts_jobs SET status = 'cancelled' WHERE id = %s", (mine,)).rowcount == 1
    assert job(supabase, mine, "status", "completed_at IS NOT NULL", "lease > 0") == ("cancelled", True, True)
    with calling(supabase, ADA):
        assert supabase.execute("UPDATE tts_jobs SET status = 'cancelled' WHERE id = %s", (mine,)).rowcount == 0
    assert job(supabase, theirs, "status") == ("pending",)


def test_a_worker_whose_job_was_cancelled_by_its_user_can_write_nothing(supabase: psycopg.Connection) -> None:
    mine = add(supabase, ADA)
    row = supabase.execute("SELECT lease FROM claim_next_tts_job('worker-1')").fetchone()
    assert row is not None
    with calling(supabase, ADA):
        supabase.execute("UPDATE tts_jobs SET status = 'cancelled' WHERE id = %s", (mine,))
    with pytest.raises(psycopg.Error, match="lease_lost"):
        supabase.execute("SELECT complete_tts_job(%s, '{}', %s)", (mine, row[0]))
    assert supabase.execute("SELECT outcome FROM tts_attempts WHERE job = %s", (mine,)).fetchall() == [("cancelled",)]


@pytest.mark.parametrize("statement", ["TRUNCATE tts_jobs CASCADE", "DELETE FROM tts_jobs", "DROP TABLE tts_jobs"])
@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_users_remove_nothing(supabase: psycopg.Connection, role: str, statement: str) -> None:
    add(supabase, ADA)
    with refused(), calling(supabase, ADA, role):
        supabase.execute(statement)
    assert supabase.execute("SELECT count(*) FROM tts_jobs").fetchone() == (1,)


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_no_function_but_the_listed_is_open_to_users(supabase: psycopg.Connection, role: str) -> None:
    """Also one that is added later: who forgets to list it in the schema finds it here."""
    open_ = supabase.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE '%%tts%%' "
        "AND has_function_privilege(%s, oid, 'EXECUTE')",
        (role,),
    ).fetchall()
    assert {row[0] for row in open_} == (OPEN_TO_USERS if role == "authenticated" else set())


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_no_table_but_the_jobs_is_open_to_users(supabase: psycopg.Connection, role: str) -> None:
    open_ = supabase.execute(
        "SELECT relname, privilege FROM pg_class, "
        "unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege "
        "WHERE relnamespace = 'public'::regnamespace AND relname LIKE 'tts%%' AND relkind IN ('r', 'v', 'm', 'p') "
        "AND has_table_privilege(%s, oid, privilege)",
        (role,),
    ).fetchall()
    assert open_ == ([("tts_jobs", "SELECT")] if role == "authenticated" else [])


def test_row_level_security_is_on_everywhere(supabase: psycopg.Connection) -> None:
    off = supabase.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname LIKE 'tts%' "
        "AND relkind = 'r' AND NOT relrowsecurity"
    ).fetchall()
    assert off == []


def test_every_function_has_a_fixed_search_path(supabase: psycopg.Connection) -> None:
    loose = supabase.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE '%tts%' "
        "AND NOT coalesce(proconfig::text LIKE '%search_path=%', false)"
    ).fetchall()
    assert loose == []


def test_a_temporary_table_does_not_shadow_ours(supabase: psycopg.Connection) -> None:
    add(supabase, ADA)
    with calling(supabase, None, "service_role"):
        supabase.execute("CREATE TEMP TABLE tts_jobs (LIKE public.tts_jobs) ON COMMIT DROP")
        assert supabase.execute("SELECT job_id FROM claim_next_tts_job('w')").fetchone() is not None


def test_servers_may_do_everything(supabase: psycopg.Connection) -> None:
    with calling(supabase, None, "service_role"):
        job_id = add(supabase, ADA, 1)
        row = supabase.execute("SELECT lease FROM claim_next_tts_job('worker-1')").fetchone()
        assert row is not None
        supabase.execute("SELECT complete_tts_job(%s, '{}', %s)", (job_id, row[0]))
    assert job(supabase, job_id, "status") == ("completed",)


PROFILES = """
CREATE TABLE profiles (id uuid PRIMARY KEY, name text, is_premium boolean DEFAULT false);
ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY "users can update own profile" ON profiles TO authenticated USING (id = auth.uid());
"""


@pytest.fixture
def with_profiles(supabase: psycopg.Connection) -> psycopg.Connection:
    supabase.execute(PROFILES)
    supabase.execute(schema())
    supabase.execute("INSERT INTO profiles VALUES (%s, 'Ada', true), (%s, 'Ben', false)", (ADA, BEN))
    return supabase


def test_the_profile_says_who_is_premium(with_profiles: psycopg.Connection) -> None:
    with calling(with_profiles, ADA):
        assert add(with_profiles, ADA, 2)
    with refused(), calling(with_profiles, BEN):
        add(with_profiles, BEN, 2)


def test_users_change_their_profile_but_not_their_tier(with_profiles: psycopg.Connection) -> None:
    with calling(with_profiles, BEN):
        with_profiles.execute("UPDATE profiles SET name = 'Benjamin' WHERE id = %s", (BEN,))
    with pytest.raises(psycopg.Error, match="premium_is_not_yours"), calling(with_profiles, BEN):
        with_profiles.execute("UPDATE profiles SET is_premium = true WHERE id = %s", (BEN,))
    with calling(with_profiles, None, "service_role"):
        with_profiles.execute("UPDATE profiles SET is_premium = true WHERE id = %s", (BEN,))


def test_a_column_that_came_after_the_schema_counts_when_it_is_guarded(supabase: psycopg.Connection) -> None:
    supabase.execute(PROFILES)
    supabase.execute("INSERT INTO profiles VALUES (%s, 'Ada', true)", (ADA,))
    with refused(), calling(supabase, ADA):
        add(supabase, ADA, 2)
    supabase.execute(schema())
    with calling(supabase, ADA):
        assert add(supabase, ADA, 2)


def test_what_others_named_alike_keeps_its_rights(supabase: psycopg.Connection) -> None:
    supabase.execute("CREATE TABLE tts_voices (name text); GRANT SELECT ON tts_voices TO anon")
    supabase.execute("CREATE FUNCTION get_tts_usage() RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    supabase.execute(schema())
    with calling(supabase, None, "anon"):
        supabase.execute("SELECT name FROM tts_voices")
        supabase.execute("SELECT get_tts_usage()")


def test_policies_of_others_stay_for_reading_and_go_for_writing(supabase: psycopg.Connection) -> None:
    supabase.execute(
        f"CREATE POLICY moderators ON tts_jobs FOR SELECT TO authenticated USING (auth.uid() = '{BEN}')".encode()
    )
    supabase.execute("CREATE POLICY anything ON tts_jobs TO authenticated USING (true) WITH CHECK (true)")
    supabase.execute(schema())
    job_id = add(supabase, ADA)
    with calling(supabase, BEN):
        assert supabase.execute("SELECT count(*) FROM tts_jobs WHERE id = %s", (job_id,)).fetchone() == (1,)
    with refused(), calling(supabase, BEN):
        add(supabase, BEN, 1)


def test_asking_for_all_ones_jobs_reads_only_these(supabase: psycopg.Connection) -> None:
    """`user_id = auth.uid()` for each of 100,000 rows took 114 ms, and with the index under one."""
    add(supabase, ADA)
    supabase.execute("SET enable_seqscan = off")
    with calling(supabase, ADA):
        plan = supabase.execute("EXPLAIN SELECT * FROM tts_jobs").fetchall()
    assert "Index Scan using tts_jobs_user" in str(plan)
