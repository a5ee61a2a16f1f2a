"""Files of people, historic matches, answers and placements: previewed, then applied all or nothing."""

from services.imports.apply import Applied, apply
from services.imports.columns import Column, Field, Kind, fields
from services.imports.groups import ensure_groups
from services.imports.people import Change
from services.imports.preview import Guess, Preview, preview
from services.imports.rejected import rejected_workbook
from services.imports.rows import Problem

__all__ = [
    "Applied",
    "Change",
    "Column",
    "Field",
    "Guess",
    "Kind",
    "Preview",
    "Problem",
    "apply",
    "ensure_groups",
    "fields",
    "preview",
    "rejected_workbook",
]
