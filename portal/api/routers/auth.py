"""Signing in and out, and who I am."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from portal.api.deps import CallerDep, ServicesDep
from portal.api.errors import responses
from portal.api.security import SESSION_COOKIE, GatedRoute, check_origin, is_admin_token
from portal.errors import UnauthenticatedError
from portal.identity.callers import FIRST_ADMINISTRATOR, Caller

router = APIRouter(tags=["auth"], route_class=GatedRoute)
public_router = APIRouter(tags=["auth"])

SIGN_IN_PATH = "/auth/sign-in"


class SignIn(BaseModel):
    """What a sign-in takes."""

    token: str = Field(
        min_length=1,
        max_length=512,
        description="The token of a one-time sign-in link, or the administrator's token.",
        examples=["b0d5Yx3…"],
    )


class Me(BaseModel):
    """The caller."""

    name: str = Field(examples=["admin"])
    roles: list[str] = Field(examples=[["administrator"]])
    groups: list[str] = Field(examples=[[]])


def _me(caller: Caller) -> Me:
    return Me(name=caller.name, roles=list(caller.roles), groups=list(caller.groups))


@public_router.post(SIGN_IN_PATH, responses=responses())
async def sign_in(body: SignIn, request: Request, response: Response, services: ServicesDep) -> Me:
    """Start a session with a one-time link's token or the administrator's token; sets the cookie."""
    if request.headers.get("Origin") is not None:
        check_origin(request)
    token = body.token.strip()
    caller = (
        FIRST_ADMINISTRATOR if is_admin_token(services, token) else await services.sessions.redeem_link(token)
    )
    if caller is None:
        raise UnauthenticatedError(
            "This token signs nobody in: it is wrong, too old, or was used already. "
            "`portal sign-in-link` prints a new link."
        )
    response.set_cookie(
        SESSION_COOKIE,
        await services.sessions.start(caller),
        max_age=int(services.settings.session_ttl_s),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return _me(caller)


@router.post("/auth/sign-out", status_code=HTTPStatus.NO_CONTENT, responses=responses())
async def sign_out(request: Request, response: Response, services: ServicesDep, _caller: CallerDep) -> None:
    """End this browser's session."""
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie is not None:
        await services.sessions.end(cookie)
    response.delete_cookie(SESSION_COOKIE)


@router.get("/me", responses=responses())
async def get_me(caller: CallerDep) -> Me:
    """Say who is calling."""
    return _me(caller)
