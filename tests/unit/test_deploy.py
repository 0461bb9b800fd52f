"""The files for operators: they can be read, fit together, and name only what exists."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.persistence.operation import Holdings, Work
from app.settings import Settings
from app.telemetry.metrics import REGISTRY
from app.telemetry.state import state_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMPOSE = ROOT / "docker-compose.yml"
ONCE = {"prepare", "bucket"}
NOT_OURS = re.compile(r"(GF|GOTRUE|POSTGRES|MINIO|MC|SMTP|MAIL|FLOWER|GRAFANA|S3_PASSWORD|API_EXTERNAL|TOKEN|SITE)\w*")
"""Variables of the other images in the compose file, and those that are written into ours."""
ELSEWHERE = {
    "CHAINLIT_AUTH_SECRET": "app/__main__.py",
    "OTEL_EXPORTER_OTLP_HEADERS": "the exporter's own",
    "STUDYRAG_IMAGE": "docker-compose.yml",
}
"""What is read in another place than the settings."""
PROVIDERS = re.compile(r"[A-Z]+_(API_)?KEY|EU_KEY|[A-Z]+_API_BASE")


def names_in_settings() -> set[str]:
    names: set[str] = set()
    for field, info in Settings.model_fields.items():
        alias = info.validation_alias
        names |= set(getattr(alias, "choices", [alias or field.upper()]))
    return names


def names_in(text: str) -> set[str]:
    """Whatever looks like a variable of ours or of a service that we configure."""
    found = re.findall(r"\b(?:STUDYRAG|SUPABASE|S3|AWS|LANGSMITH|OTEL|SENTRY|CHAINLIT)_[A-Z0-9_]+\b", text)
    return set(found) | set(re.findall(r"\b(?:HOST|PORT|DATABASE_URL|REDIS_URL|CHROMA_URL)\b(?==|`)", text))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return loaded


def test_each_variable_in_the_documents_exists() -> None:
    known = names_in_settings() | set(ELSEWHERE)
    unknown = {(path.name, name) for path in DOCUMENTS for name in names_in(path.read_text()) - known}
    assert not unknown


def test_each_setting_is_in_the_documents() -> None:
    written = set().union(*(names_in(path.read_text()) for path in DOCUMENTS))
    assert names_in_settings() - written == set()


def test_what_is_read_elsewhere_is_read_there() -> None:
    for name, path in ELSEWHERE.items():
        if (ROOT / path).exists():
            assert name in (ROOT / path).read_text()


def test_the_compose_file_gives_our_processes_variables_that_exist(compose: dict[str, Any]) -> None:
    known = names_in_settings() | set(ELSEWHERE)
    given = set(compose["services"]["web"]["environment"])
    assert {name for name in given - known if not PROVIDERS.fullmatch(name)} == set()


def test_every_variable_that_the_compose_file_asks_for_is_in_its_example() -> None:
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", COMPOSE.read_text() + (ROOT / "deploy" / "Caddyfile").read_text()))
    example = set(re.findall(r"^#?\s?([A-Z0-9_]+)=", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE))
    assert asked - {"SITE_ADDRESS"} <= example
    needed = set(re.findall(r"\$\{([A-Z0-9_]+):\?", COMPOSE.read_text()))
    filled = set(re.findall(r"^([A-Z0-9_]+)=.", (ROOT / "deploy" / "env.example").read_text(), re.MULTILINE))
    assert needed <= filled


def test_whatever_stays_has_a_limit_a_check_and_comes_back(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name in ONCE:
            continue
        assert service["restart"] == "unless-stopped", name
        assert "memory" in service["deploy"]["resources"]["limits"], name
        assert "healthcheck" in service or service["image"].startswith("${STUDYRAG"), name


def test_our_processes_run_with_no_rights_and_on_a_root_that_cannot_be_written(compose: dict[str, Any]) -> None:
    for name in ("prepare", "web", "worker", "writer"):
        service = compose["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    image = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER \d+", image, re.MULTILINE)
    assert image.index("AS packages") < image.rindex("FROM "), "what installs is not what runs"


def test_what_the_image_needs_is_let_through_to_it() -> None:
    """A file that .dockerignore keeps back would be missed when the image is built, far from here."""
    passed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert copied == passed
    assert all((ROOT / name).exists() for name in passed)


def test_what_one_service_waits_for_exists(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        volumes = [volume.split(":")[0] for volume in service.get("volumes", [])]
        assert {volume for volume in volumes if not volume.startswith(".")} <= set(compose["volumes"]), name
        assert all((ROOT / volume).exists() for volume in volumes if volume.startswith(".")), name


def test_the_vector_server_is_of_the_version_that_its_client_is_locked_to(compose: dict[str, Any]) -> None:
    locked = re.search(r"^chromadb==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert locked is not None
    assert compose["services"]["chroma"]["image"] == f"chromadb/chroma:{locked[1]}"


def metric_names() -> set[str]:
    told = state_of(Work({}, 0, {"web": 1}), Holdings(0, 0, 0, 0), {"database": True}, {"ingestion": 1}).decode()
    names = set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))
    for metric in REGISTRY.collect():
        endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(metric.type, [""])
        names |= {metric.name + ending for ending in endings}
    return names


def expressions() -> Iterator[str]:
    for group in yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    board = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "studyrag.json").read_text())
    for panel in board["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_alerts_and_dashboard_ask_for_metrics_that_exist() -> None:
    asked = set().union(*(re.findall(r"\b(?:studyrag|process)_\w+", text) for text in expressions()))
    assert len(asked) > 20
    assert asked - metric_names() == set()


def test_every_metric_of_ours_is_on_the_dashboard() -> None:
    shown = " ".join(expressions())
    ours = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in metric_names() if name.startswith("studyrag_")}
    assert {name for name in ours if name not in shown} <= {"studyrag_passages"}


def test_manifests_and_workflows_can_be_read() -> None:
    manifests = [
        one
        for path in sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
        for one in yaml.safe_load_all(path.read_text())
    ]
    assert {one["kind"] for one in manifests} >= {"Deployment", "Service", "Ingress", "HorizontalPodAutoscaler", "Job"}
    scaled = {one["spec"]["scaleTargetRef"]["name"] for one in manifests if "Autoscaler" in one["kind"]}
    assert scaled == {one["metadata"]["name"] for one in manifests if one["kind"] == "Deployment"}
    for path in (ROOT / ".github" / "workflows").glob("*.yml"):
        assert {"name", "jobs"} <= set(yaml.safe_load(path.read_text())), path.name
