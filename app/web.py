"""The web process: FastAPI with Chainlit mounted in it."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from agent.graph import build_graph
from app import api, turns
from app.api.operation import state_now
from app.beginning import begin
from app.conversations import memories_of
from app.heart import Heart
from app.identity import Role
from app.models.litellm_client import close_litellm
from app.settings import Settings
from app.telemetry.exposition import observable
from app.wiring import LOCAL_LEARNER, Services
from tools.errors import StudyError
from tools.types import Scope

log = logging.getLogger("studyrag.web")

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Settings) -> FastAPI:
    """Routers first: Chainlit ends in a catch-all route."""
    services = Services(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        services.learners.known(LOCAL_LEARNER)
        heart = Heart(services.processes, services.queries.interrupt_orphans)
        await asyncio.to_thread(heart.start)
        from app.chat.page import keep_files

        keep_files(settings, await asyncio.to_thread(services.processes.living))
        async with memories_of(settings, LOCAL_LEARNER) as checkpointer:
            app.state.turns = turns.install(turns.Turns(services, build_graph(checkpointer)))
            warming = asyncio.create_task(asyncio.to_thread(_warm_up, services))
            yield
            await warming
            await close_litellm()
            await services.limits.close()
            await asyncio.to_thread(services.telemetry.close)
            if services.accounts is not None:
                await services.accounts.auth.close()
        await asyncio.to_thread(heart.stop)

    app = FastAPI(title="StudyRAG", version="0.1.0", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.services = services
    api.register(app)
    _mount_chainlit(app, services)
    return app


def _warm_up(services: Services) -> None:
    """Load models and open the index behind the first page, so that the first question does not wait for them."""
    try:
        services.chat_models.warm_up()
        _ = services.reranker
        index = services.indexes.serving(LOCAL_LEARNER)
        index.vectors.count("")
        index.search.search("warm up", services.library.resolve(LOCAL_LEARNER, Scope()))
    except StudyError as error:
        log.warning("a model could not be loaded yet: %s", error)


def _mount_chainlit(app: FastAPI, services: Services) -> None:
    settings = services.settings
    os.environ["CHAINLIT_APP_ROOT"] = str(ROOT)
    # Cookies know no ports: without a name of its own, two instances on one machine would sign each other out.
    os.environ["CHAINLIT_AUTH_COOKIE_NAME"] = f"studyrag_{settings.port}"
    # Both are read when Chainlit is imported, so nothing above may import it.
    from chainlit.utils import mount_chainlit

    from app.chat.page import prepare

    mount_chainlit(app=app, target=str(ROOT / "chainlit_app.py"), path="")
    prepare(settings, services.accounts)


def main() -> None:
    """Blocks until SIGTERM or SIGINT."""
    settings = begin(Role.WEB)
    app = create_app(settings)
    with observable(settings, lambda: True, lambda: state_now(app.state.services)):
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=3,
            ws_max_size=settings.max_file_mb << 20,
        )


if __name__ == "__main__":
    main()
