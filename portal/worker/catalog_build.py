"""Builds the dependencies of an item's version when it is published, so that the first run need not wait."""

from __future__ import annotations

import logging
from typing import Any

from portal.catalog.builds import Build, BuildStatus
from portal.sandbox.dependencies import BuildFailedError
from portal.services import Services
from portal.worker.catalog_execute import REQUIREMENTS_FILE, ItemFolders

log = logging.getLogger(__name__)


async def catalog_build(ctx: dict[str, Any], item_id: str, version: str) -> None:
    """Build the dependencies of `item_id@version` and record how that went."""
    services: Services = ctx["services"]
    folders: ItemFolders = ctx["folders"]
    record = await services.registry.get(item_id, version)
    folder = await folders.bundles.folder(record.digest)
    content = (folder / REQUIREMENTS_FILE).read_bytes()
    try:
        await folders.environments.ensure(content)
    except BuildFailedError as error:
        log.warning("dependencies not built", extra={"item": f"{item_id}@{version}", "reason": str(error)})
        await services.builds.put(record.digest, Build(status=BuildStatus.FAILED, message=str(error)))
        return
    await services.builds.put(record.digest, Build(status=BuildStatus.READY))
    log.info("dependencies built", extra={"item": f"{item_id}@{version}"})
