"""Publishes items from folders and asks the workers to build their dependencies."""

from __future__ import annotations

import logging

from redis.exceptions import RedisError

from portal.catalog.builds import Build, BuildStatus
from portal.catalog.publish import Published, Rejected, publish_folder, publish_roots, resolve_local_path
from portal.services import Services

log = logging.getLogger(__name__)


async def import_local(services: Services, path: str) -> Published:
    """Publish the folder at `path`, which must lie below a catalog root."""
    settings = services.catalog_settings
    folder = resolve_local_path(path, settings.roots)
    published = await publish_folder(
        folder, storage=services.storage, registry=services.registry, settings=settings
    )
    await request_build(services, published)
    return published


async def publish_catalog_roots(services: Services) -> None:
    """Publish whatever stands below the catalog roots and isn't published yet; say what can't be."""
    settings = services.catalog_settings
    outcomes = await publish_roots(
        settings.roots, storage=services.storage, registry=services.registry, settings=settings
    )
    for outcome in outcomes:
        if isinstance(outcome, Rejected):
            problems = [f"{problem.path}: {problem.message}" for problem in outcome.problems]
            log.warning("item not published", extra={"folder": str(outcome.path), "problems": problems})
        else:
            await request_build(services, outcome)


async def request_build(services: Services, published: Published) -> None:
    """Have the version's dependencies built, unless it has none or that was asked before."""
    record = await services.registry.get(published.item_id, published.version)
    if not record.has_requirements or await services.builds.get(record.digest) is not None:
        return
    await services.builds.put(record.digest, Build(status=BuildStatus.PENDING))
    try:
        await services.queue.request_build(record.item_id, record.version, record.digest)
    except (RedisError, OSError) as error:
        log.warning("build not asked for; the first run will do it", extra={"reason": repr(error)})
