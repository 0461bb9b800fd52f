"""`python -m app` as an operator meets it: one command, restarts what dies, stops cleanly, says why it cannot start."""

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.product import CHILDREN, PATIENCE, Product, until


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product.start(tmp_path_factory.mktemp("product")) as product:
        yield product


def test_a_second_start_on_the_same_data_folder_says_where_the_first_one_is(product: Product) -> None:
    second = Product.start(product.folder)
    said, _ = second.process.communicate(timeout=PATIENCE)
    assert second.process.returncode == 1
    assert product.address in said


def test_a_port_in_use_is_said(product: Product, tmp_path: Path) -> None:
    second = Product.start(tmp_path, product.port)
    said, _ = second.process.communicate(timeout=PATIENCE)
    assert second.process.returncode == 1
    assert str(product.port) in said


def test_a_public_address_without_accounts_does_not_start(tmp_path: Path) -> None:
    refused = Product.start(tmp_path, HOST="0.0.0.0")
    said, _ = refused.process.communicate(timeout=PATIENCE)
    assert refused.process.returncode == 2
    assert "HOST=127.0.0.1" in said


@pytest.mark.parametrize("name", sorted(CHILDREN))
def test_a_child_that_dies_is_started_again_and_nothing_is_lost(product: Product, name: str) -> None:
    until(product.answers)
    uploaded = product.upload(f"{name}.txt", f"Note on {name}: the answer is forty-two.".encode(), name)
    before = product.children()[name]
    before.kill()
    until(lambda: product.children().get(name, before) != before and product.answers())
    until(lambda: product.get(f"/api/documents/{uploaded['id']}").json()["status"] == "ready")


def test_sigterm_stops_everything_and_the_next_start_finds_it_all(product: Product) -> None:
    children = product.children()
    kept = product.get("/api/library").json()["counts"]["documents"]
    product.process.terminate()
    assert product.process.wait(PATIENCE) == 0
    assert not any(psutil.pid_exists(child.pid) for child in children.values())
    again = Product.start(product.folder, product.port)
    try:
        until(again.answers)
        assert again.get("/api/library").json()["counts"]["documents"] == kept > 0
    finally:
        again.process.send_signal(signal.SIGINT)
        again.process.communicate(timeout=PATIENCE)
        assert again.process.returncode == 0
