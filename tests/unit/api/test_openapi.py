"""The OpenAPI document: whole, valid in its references, with an example for everything that is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from portal.api.app import create_app, openapi_document
from portal.catalog.settings import CatalogSettings
from portal.settings import Settings

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document() -> Json:
    app = create_app(Settings(_env_file=None), CatalogSettings(_env_file=None))
    made: Json = json.loads(json.dumps(openapi_document(app)))
    return made


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def nodes(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def resolved(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def example_of(document: Json, schema: Json) -> Any:
    """Put an example of the schema together from the examples of its parts."""
    schema = resolved(document, schema)
    if "examples" in schema:
        return schema["examples"][0]
    if "default" in schema:
        return schema["default"]
    if schema.get("type") == "object" and "properties" in schema:
        return {name: example_of(document, part) for name, part in schema["properties"].items()}
    raise AssertionError(f"no example for {schema}")


def test_it_is_a_document_of_this_portal_in_version_3_1(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Self-service portal"


def test_every_reference_leads_somewhere(document: Json) -> None:
    references = {node["$ref"] for node in nodes(document) if isinstance(node.get("$ref"), str)}
    assert references
    for reference in references:
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_every_call_of_this_stage_is_there(document: Json) -> None:
    assert {name for name, _ in operations(document)} >= {
        "POST /jobs",
        "GET /jobs",
        "GET /report-types",
        "GET /jobs/{job_id}",
        "POST /jobs/{job_id}/retry",
        "POST /jobs/{job_id}/cancel",
        "GET /jobs/{job_id}/events",
        "GET /jobs/{job_id}/logs",
        "GET /jobs/{job_id}/artifacts/{name}",
        "GET /catalog",
        "GET /catalog/{item_id}/versions",
        "GET /catalog/{item_id}/{version}/descriptor",
        "POST /catalog/{item_id}/{version}/execute",
        "POST /catalog/local/import",
        "POST /uploads",
        "GET /me",
        "GET /health",
        "POST /auth/sign-in",
    }


def test_every_operation_is_described_and_named_once(document: Json) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert all(operation.get("description") for _, operation in operations(document))


def test_every_json_body_has_an_example(document: Json) -> None:
    bodies = [
        (name, operation["requestBody"]["content"]["application/json"]["schema"])
        for name, operation in operations(document)
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    ]
    assert {name for name, _ in bodies} >= {"POST /jobs", "POST /catalog/local/import", "POST /auth/sign-in"}
    for name, schema in bodies:
        candidates = schema.get("anyOf", [schema])
        example = example_of(document, candidates[0])
        assert isinstance(example, dict), name


def test_errors_of_gated_operations_are_problem_documents(document: Json) -> None:
    public = {"GET /health", "GET /health/live", "GET /health/ready"}
    for name, operation in operations(document):
        if name in public:
            continue
        content = operation["responses"]["401"]["content"]
        assert "application/problem+json" in content, name
        assert resolved(document, content["application/problem+json"]["schema"])["properties"]["errors"]


def test_both_ways_to_authenticate_are_declared(document: Json) -> None:
    assert set(document["components"]["securitySchemes"]) == {"bearer", "session"}
    assert document["security"] == [{"bearer": []}, {"session": []}]


def test_job_events_are_told_apart_by_their_type(document: Json) -> None:
    answer = document["paths"]["/jobs/{job_id}/events"]["get"]["responses"]["200"]
    items = answer["content"]["application/json"]["schema"]["items"]
    assert set(items["discriminator"]["mapping"]) == {"state", "progress", "log", "artifact", "result"}
