"""Where the items of a distributed Map come from, and how they are batched.

Everything here is a pure function. The objects of S3 are `World.resources`: a mapping from `bucket/key` to a body.

Rules are those of the developer guide ("ItemReader", "ItemBatcher") and, where they say more, of recorded
executions: a CSV cell is always text, a surplus cell is dropped and a missing one is `""`; a JSON file whose top is an
object is refused, while an object found by ItemsPointer is iterated by its members.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from engine.errors import ITEM_READER_FAILED, StatesError, runtime
from engine.model import ItemReader
from engine.values import Json, Sizes, text

Objects = Mapping[str, str | bytes]
"""Bodies of S3 objects by `bucket/key`."""

STATE_DATA = "STATE_DATA"
"""`$$.Map.Item.Source` of items that come from the state's own input."""

MOST_ITEMS = 100_000_000
LARGEST_INPUT = 262_144
_LARGEST_ITEM = 8 * 1024 * 1024
_DELIMITERS = {"COMMA": ",", "PIPE": "|", "SEMICOLON": ";", "SPACE": " ", "TAB": "\t"}
_GZIP, _ZSTANDARD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"

csv.field_size_limit(_LARGEST_ITEM)  # Python stops at 128 KiB a cell, AWS at 8 MB an item


class Items(NamedTuple):
    """What a Map iterates over. `keys` are member names when it iterates over an object."""

    values: Sequence[Json]
    sources: Sequence[str] | str = STATE_DATA
    """`$$.Map.Item.Source`: one for all, or one per item."""
    keys: Sequence[str] | None = None

    def context(self, index: int) -> dict[str, Json]:
        """`$$.Map.Item` of the item at `index`."""
        item: dict[str, Json] = {"Index": index, "Value": self.values[index]}
        if self.keys is not None:
            item["Key"] = self.keys[index]
        item["Source"] = self.sources if isinstance(self.sources, str) else self.sources[index]
        return item


def items_of(value: Json) -> Items | None:
    """The items of a value in the state's data: array elements or object members. None for anything else."""
    if isinstance(value, list):
        return Items(value)
    if isinstance(value, dict):
        return Items(list(value.values()), STATE_DATA, list(value))
    return None


# --- reading ---------------------------------------------------------------------------------------------------------


def read_items(
    reader: ItemReader, parameters: Mapping[str, Json], max_items: int | None, resources: Objects, modified: int = 0
) -> Items:
    """What `ItemReader` reads, given its evaluated Parameters or Arguments.

    `max_items` 0 and anything over 100 million mean "all", as recorded. `modified` is the LastModified of listed objects,
    in seconds since 1970, as a world's objects carry no dates. Raises StatesError `States.ItemReaderFailed`.
    """
    if max_items is not None and max_items < 0:
        raise _unreadable("field MaxItems must be positive")
    limit = max_items if max_items and max_items <= MOST_ITEMS else None
    config = reader.config
    if reader.resource.endswith(":listObjectsV2"):
        bucket = _parameter(parameters, "Bucket")
        listed = _listed(bucket, str(parameters.get("Prefix") or ""), resources, modified)
        if config.get("Transformation") == "LOAD_AND_FLATTEN":
            places = ((bucket, item["Key"]) for item in listed if not item["Key"].endswith("/"))
            return _gathered(places, str(config.get("InputType")), config, resources, limit)
        return Items(list(islice(listed, limit)), f"S3://{bucket}")
    bucket, key = _parameter(parameters, "Bucket"), _parameter(parameters, "Key")
    manifest, kind = config.get("ManifestType"), config.get("InputType")
    if manifest == "ATHENA_DATA":
        return _gathered(_athena_files(bucket, key, resources), str(kind), config, resources, limit)
    if manifest == "S3_INVENTORY" or kind == "MANIFEST":
        return Items(list(islice(_inventory(bucket, key, resources), limit)), f"S3://{bucket}/{key}")
    return _file_items(bucket, key, str(kind), config, resources, limit)


def _unreadable(cause: str) -> StatesError:
    return StatesError(ITEM_READER_FAILED, cause)


def _parameter(parameters: Mapping[str, Json], name: str) -> str:
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise _unreadable(f"The ItemReader needs a text for the parameter '{name}', but was given {text(value)}")
    return value


def _body(bucket: str, key: str, resources: Objects) -> bytes:
    body = resources.get(f"{bucket}/{key}")
    if body is None:
        known = any(name.startswith(f"{bucket}/") for name in resources)
        code = ("NoSuchKey", "key") if known else ("NoSuchBucket", "bucket")
        raise _unreadable(f"The specified {code[1]} does not exist. (S3://{bucket}/{key}; Error Code: {code[0]})")
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    return body


def _text(bucket: str, key: str, resources: Objects) -> str:
    body = _body(bucket, key, resources)
    if body.startswith(_GZIP):
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError, zlib.error) as error:
            raise _unreadable(f"S3://{bucket}/{key} is not a readable gzip file: {error}") from None
    elif body.startswith(_ZSTANDARD):
        raise _unreadable(
            f"S3://{bucket}/{key} is compressed with zstd, which is not simulated: give it as gzip or plain"
        )
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(f"S3://{bucket}/{key} is not UTF-8 text: {error.reason} at byte {error.start}") from None


def _file_items(
    bucket: str, key: str, kind: str, config: Mapping[str, Json], resources: Objects, limit: int | None
) -> Items:
    source = f"S3://{bucket}/{key}"
    if kind == "PARQUET":
        raise _unreadable(f"{source} is read as PARQUET, which is not simulated: give its rows as JSONL")
    content = _text(bucket, key, resources)
    match kind:
        case "CSV":
            return Items(list(islice(_csv_items(content, config), limit)), source)
        case "JSONL":
            lines = (line for line in content.split("\n") if line.strip())
            return Items([_json(line, source) for line in islice(lines, limit)], source)
        case "JSON":
            pointer = config.get("ItemsPointer")
            value = _json(content, source)
            found = value if not pointer else pointed(value, str(pointer))
            items = items_of(found) if pointer or isinstance(found, list) else None
            if items is None:
                raise _unreadable("Attempting to map over non-iterable node.")
            keys = None if items.keys is None else items.keys[:limit]
            return Items(items.values[:limit], source, keys)
        case _:
            raise _unreadable(f"The InputType {kind} is not one of CSV, JSON, JSONL, PARQUET, MANIFEST")


def _json(content: str, source: str) -> Json:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _unreadable(f"{source} is not JSON: {error}") from None


def pointed(value: Json, pointer: str) -> Json:
    """The node that a JSON Pointer (RFC 6901) names."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            raise _unreadable(f"The ItemsPointer '{pointer}' does not point to a node of the file")
    return value


def _rows(content: str, delimiter: str) -> Iterator[list[str]]:
    # A backslash escapes a quote and is itself otherwise: doubled before anything else, it survives the reader.
    doubled = re.sub(r'\\(?!")', r"\\\\", content)
    try:
        for row in csv.reader(io.StringIO(doubled, newline=""), delimiter=delimiter, escapechar="\\"):
            if row:
                yield row
    except csv.Error as error:
        raise _unreadable(f"The CSV file cannot be read: {error}") from None


def _csv_items(content: str, config: Mapping[str, Json]) -> Iterator[dict[str, str]]:
    rows = _rows(content, _DELIMITERS.get(str(config.get("CSVDelimiter", "COMMA")), ","))
    given = config.get("CSVHeaderLocation") == "GIVEN"
    headers = [str(name) for name in config.get("CSVHeaders") or ()] if given else next(rows, [])
    if len(set(headers)) < len(headers):
        raise _unreadable("CSV headers cannot contain duplicates.")
    for row in rows:
        yield dict(zip(headers, [*row, *[""] * (len(headers) - len(row))], strict=False))


def _listed(bucket: str, prefix: str, resources: Objects, modified: int) -> Iterator[dict[str, Json]]:
    start = f"{bucket}/"
    keys = sorted(name[len(start) :] for name in resources if name.startswith(start))
    if not keys:
        raise _unreadable(f"The specified bucket does not exist. (S3://{bucket}; Error Code: NoSuchBucket)")
    for key in keys:
        if key and key.startswith(prefix):
            body = _body(bucket, key, resources)
            yield {
                "Etag": f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"',
                "Key": key,
                "LastModified": modified,
                "Size": len(body),
                "StorageClass": "STANDARD",
            }


def _gathered(
    places: Iterable[tuple[str, str]], kind: str, config: Mapping[str, Json], resources: Objects, limit: int | None
) -> Items:
    """The items of several files, one after the other."""
    values: list[Json] = []
    sources: list[str] = []
    for bucket, key in places:
        left = None if limit is None else limit - len(values)
        if left == 0:
            break
        found = _file_items(bucket, key, kind, config, resources, left)
        values += found.values
        sources += [str(found.sources)] * len(found.values)
    return Items(values, sources)


def _athena_files(bucket: str, key: str, resources: Objects) -> Iterator[tuple[str, str]]:
    """The files that the manifest of an Athena UNLOAD names, one URI a line."""
    for row in _rows(_text(bucket, key, resources), ","):
        at, _, name = re.sub(r"(?i)^s3://", "", row[0].strip()).partition("/")
        yield at, name


def _inventory(bucket: str, key: str, resources: Objects) -> Iterator[dict[str, str]]:
    """The rows of an S3 inventory: its manifest names the columns and the (gzip) CSV files."""
    source = f"S3://{bucket}/{key}"
    manifest = _json(_text(bucket, key, resources), source)
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), list):
        raise _unreadable(f"{source} is not the manifest.json of an S3 inventory")
    if manifest.get("fileFormat", "CSV") != "CSV":
        raise _unreadable(f"{source} lists {manifest['fileFormat']} files, only CSV is simulated")
    columns = [name.strip() for name in str(manifest.get("fileSchema", "")).split(",")]
    place = str(manifest.get("destinationBucket") or bucket).rpartition(":::")[2]
    for file in manifest["files"]:
        content = _text(place, str(file.get("key")), resources)
        yield from _csv_items(content, {"CSVHeaderLocation": "GIVEN", "CSVHeaders": columns})


# --- batching --------------------------------------------------------------------------------------------------------


def batches(
    items: Sequence[Json], max_items: int | None, max_bytes: int | None, batch_input: Json, sizes: Sizes
) -> list[Json]:
    """The inputs of the child executions: `{"BatchInput": …, "Items": […]}`.

    A batch closes when it holds `max_items`, or when the next item would take its input over `max_bytes` (never over
    256 KiB). An item that is too large on its own makes a batch of one. `batch_input` None means there is none.
    """
    for name, value in (("MaxItemsPerBatch", max_items), ("MaxInputBytesPerBatch", max_bytes)):
        if value is not None and value < 1:
            raise runtime(f"{name} must be a positive integer.")
    most = min(max_bytes or LARGEST_INPUT, LARGEST_INPUT)
    head: dict[str, Json] = {} if batch_input is None else {"BatchInput": batch_input}
    empty = sizes.of({**head, "Items": []})
    made: list[Json] = []
    current: list[Json] = []
    size = empty
    for item in items:
        more = sizes.of(item) + (1 if current else 0)
        if current and (len(current) == max_items or size + more > most):
            made.append({**head, "Items": current})
            current, size, more = [], empty, sizes.of(item)
        current.append(item)
        size += more
    if current:
        made.append({**head, "Items": current})
    return made
