"""What a cache promises, in this process and on Redis."""

import pytest

from app.caches import PREFIX, Cache, Kept, MemoryCache, RedisCache, key_of
from tests.support.learners import ADA, BOB
from tests.support.redis_server import RedisServer


@pytest.fixture(params=["memory", "redis"])
def cache(request: pytest.FixtureRequest) -> Cache:
    return MemoryCache() if request.param == "memory" else RedisCache(request.getfixturevalue("redis_server").url)


def test_what_was_put_is_got_by_its_key_alone(cache: Cache) -> None:
    key = key_of(Kept.ANSWER, ADA, "What is osmosis?", ("doc",))
    assert cache.get(key) is None
    cache.put(key, b"\x00water", 60)
    assert cache.get(key) == b"\x00water"
    for other in (
        key_of(Kept.ANSWER, BOB, "What is osmosis?", ("doc",)),
        key_of(Kept.RETRIEVAL, ADA, "What is osmosis?", ("doc",)),
        key_of(Kept.ANSWER, ADA, "What is osmosis?", ("doc", "other")),
        key_of(Kept.ANSWER, ADA, "What is osmosis?('doc',)"),
    ):
        assert cache.get(other) is None


def test_a_learner_is_forgotten_and_no_other(cache: Cache) -> None:
    keys = {owner: [key_of(kept, owner, 1) for kept in Kept] for owner in (ADA, BOB)}
    for key in (*keys[ADA], *keys[BOB]):
        cache.put(key, b"x", 60)
    cache.forget(ADA)
    assert [cache.get(key) for key in keys[ADA]] == [None] * len(Kept)
    assert [cache.get(key) for key in keys[BOB]] == [b"x"] * len(Kept)


def test_in_this_process_it_ends_with_its_time_and_its_room() -> None:
    now = [0.0]
    cache = MemoryCache(100, lambda: now[0])
    cache.put("a", b"x" * 60, 10)
    now[0] = 9.9
    assert cache.get("a") is not None
    now[0] = 10
    assert cache.get("a") is None
    cache.put("b", b"x" * 60, 10)
    cache.put("c", b"x" * 60, 10)
    assert (cache.get("b"), cache.get("c")) == (None, b"x" * 60)


def test_in_redis_it_ends_with_its_time(redis_server: RedisServer) -> None:
    from redis import Redis

    RedisCache(redis_server.url).put(f"{PREFIX}:a", b"x", 1800)
    with Redis.from_url(redis_server.url) as client:
        assert 0 < client.ttl(f"{PREFIX}:a") <= 1800


@pytest.mark.parametrize(("trouble", "relief"), [("kill", "start"), ("pause", "go_on"), ("fill", "empty")])
def test_without_its_server_nothing_is_kept_and_nothing_fails(
    redis_server: RedisServer, trouble: str, relief: str
) -> None:
    now = [0.0]
    cache = RedisCache(redis_server.url, lambda: now[0])
    cache.put("a", b"x", 60)
    getattr(redis_server, trouble)()
    cache.put("b", b"y", 60)
    assert cache.get("a") is None
    cache.forget(ADA)
    getattr(redis_server, relief)()
    assert cache.get("b") is None, "it is left alone for a while"
    now[0] = 3600
    cache.put("c", b"z", 60)
    assert cache.get("c") == b"z"
