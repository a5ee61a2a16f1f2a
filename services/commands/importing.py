"""The command that brings in a file of people, historic matches, answers or placements."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from db import migrations
from services import imports, reading, surveys, transaction
from services.access import OPERATOR
from services.commands.say import plainly, say, show
from services.errors import Invalid


@plainly
def bring_in(
    file: Annotated[Path, typer.Argument(help="An .xlsx or a delimited text file.")],
    *,
    kind: Annotated[imports.Kind | None, typer.Option(help="What its rows are, if its columns do not say.")] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help='JSON or TOML: {"header": "field"}; "" leaves a column out.')
    ] = None,
    survey: Annotated[
        str | None, typer.Option(help="Of answers: the survey's name, or its name, a comma and its cohort.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply/--preview", help="Store the good rows, or only show them.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Preview what a file would change, or apply it: all of its good rows or none."""
    data = _bytes(file)
    columns = _mapping(mapping) if mapping else None
    before, after = migrations.upgrade()
    if before != after:
        _tell(f"The database went from {before or 'empty'} to revision {after}.")
    if survey is not None and kind not in (None, imports.Kind.ANSWERS):
        message = f"--survey goes with answers, and --kind says {kind}. Leave one of them out."
        raise Invalid(message)
    given: dict[str, Any] = {"by": OPERATOR, "kind": kind, "mapping": columns}
    if survey is not None:
        with reading() as session:
            given |= {"kind": imports.Kind.ANSWERS, "survey": surveys.named(session, survey, by=OPERATOR)}
    if apply:
        with transaction() as session:
            done = imports.apply(session, data, file.name, progress=lambda _, doing: _tell(doing), **given)
        found, stored = done.preview, {"added": done.added, "changed": done.changed}
    else:
        with reading() as session:
            found = imports.preview(session, data, file.name, **given)
        stored = {}
    if found.missing:
        message = f"No column for {', '.join(found.missing)} was found. Name it with --map."
        raise Invalid(message)
    if as_json:
        show({**found.as_json(), **stored})
    else:
        _say(found, stored)


def _say(found: imports.Preview, stored: dict[str, int]) -> None:
    say(f"{found.summary()}.")
    for row, (code, sentence, column) in found.refused.items():
        say(f"Row {row}, {column or 'whole row'}: {code}. {sentence}")
    for row, earlier in found.repeats.items():
        say(f"Row {row} repeats row {earlier}.")
    for guess in found.guesses:
        say(f"«{guess.written}» is taken for {guess.taken_for} ({guess.rows} rows).")
    for name in (*found.new_agencies, *found.new_divisions, *found.new_cohorts):
        say(f"«{name}» is new and is added with the file.")
    for warning in found.warnings:
        say(warning)
    if stored:
        say(f"Stored: {stored['added']} added, {stored['changed']} changed.")


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}. Check its name."
        raise Invalid(message) from error


def _mapping(file: Path) -> dict[str, str]:
    text = _bytes(file).decode("utf-8", "replace")
    try:
        said = tomllib.loads(text) if file.suffix == ".toml" else json.loads(text)
    except ValueError as error:
        message = 'The map is no JSON. Write it like {"Header in the file": "email"}.'
        raise Invalid(message) from error
    if not isinstance(said, dict) or not all(isinstance(field, str) for field in said.values()):
        message = 'The map has to name a field for each header, like {"Header in the file": "email"}.'
        raise Invalid(message)
    return said
