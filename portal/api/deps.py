"""What handlers ask for by annotation. All of it comes from the services opened when the app starts."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from portal.api.security import current_caller
from portal.identity.callers import Caller
from portal.services import Services


def get_services(connection: HTTPConnection) -> Services:
    """Return the services of this process: its pools of connections, opened once and reused."""
    return cast(Services, connection.state.services)


ServicesDep = Annotated[Services, Depends(get_services)]
CallerDep = Annotated[Caller, Depends(current_caller)]
