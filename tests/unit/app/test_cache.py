from concurrent.futures import ThreadPoolExecutor

from app.cache import ByteCache


def test_the_least_recently_used_go_first() -> None:
    cache = ByteCache[str, int](10)
    for n, key in enumerate("abc"):
        cache.put(key, n, 4)
        cache.get("a")

    assert cache.get("abc") == {"a": 0, "c": 2}
    assert cache.bytes == 8


def test_what_is_put_again_counts_once() -> None:
    cache = ByteCache[str, int](10)
    cache.put("a", 1, 4)
    cache.put("a", 2, 6)

    assert cache.get("a") == {"a": 2}
    assert cache.bytes == 6


def test_what_is_too_large_alone_drives_nothing_out() -> None:
    cache = ByteCache[str, int](10)
    cache.put("a", 1, 4)
    cache.put("b", 2, 11)

    assert cache.get("ab") == {"a": 1}


def test_many_threads_keep_within_the_budget() -> None:
    cache = ByteCache[int, int](1000)

    def work(first: int) -> None:
        for n in range(first, first + 500):
            cache.put(n % 700, n, 1 + n % 7)
            cache.get([n % 700, 3, 5])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(0, 4000, 500)))

    kept = cache.get(range(700))
    assert cache.bytes <= 1000
    assert cache.bytes == sum(1 + n % 7 for n in kept.values())
