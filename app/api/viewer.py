from fastapi import APIRouter, FastAPI

router = APIRouter(include_in_schema=False)


def add_assets(app: FastAPI) -> None:
    return
