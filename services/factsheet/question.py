"""What a sheet is asked of, and its figures: exact for those who may, else as they may leave the desk."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services import shown
from services.access import Actor
from services.counting import figures
from services.counting.figure import Figure, Scope
from services.factsheet.model import Mode
from services.factsheet.words import Words
from services.programmes import Clocks
from services.scopes import CohortChoice
from services.shown import Split


@dataclass(frozen=True)
class Question:
    """A sheet of a cohort as of a day, in a mode."""

    session: Session
    by: Actor
    programme_id: int
    as_of: dt.date
    mode: Mode
    clocks: Clocks
    words: Words
    #: Up to the sheet's own, oldest first.
    cohorts: tuple[CohortChoice, ...]
    #: By cohort, the day of its findings where it is not the as-of day.
    taken: Mapping[str, dt.date]

    @property
    def cohort(self) -> CohortChoice:
        """The cohort of the sheet."""
        return self.cohorts[-1]

    @property
    def before(self) -> CohortChoice | None:
        """The cohort before it."""
        return self.cohorts[-2] if len(self.cohorts) > 1 else None

    def named(self, cohort: CohortChoice) -> str:
        """A cohort as the sheet calls it."""
        return self.words.cohort(cohort.name, is_first=cohort == self.cohorts[0])

    def scope(self, cohort: CohortChoice | None) -> Scope:
        """The question of one cohort, or of the whole programme."""
        return Scope(self.programme_id, self.as_of, cohort.id if cohort else None)

    def figure(self, name: str, cohort: CohortChoice | None) -> Figure:
        """A figure as the sheet may print it."""
        scope = self.scope(cohort)
        if cohort and self.mode is Mode.AS_PUBLISHED:
            scope = scope.on(self.taken.get(cohort.name, self.as_of))
        return shown.several(self.session, scope, [name], by=self.by, public=self._is_public)[name]

    def total(self, name: str, cohort: CohortChoice | None) -> Figure:
        """A figure as of the sheet's own day, whatever the day of the findings."""
        return shown.several(self.session, self.scope(cohort), [name], by=self.by, public=self._is_public)[name]

    def by_cohort(self, name: str) -> dict[int, Figure]:
        """A figure of every cohort, by its id."""
        return shown.by_cohort(self.session, self.scope(None), name, by=self.by, public=self._is_public)

    def groups(self, name: str, cohort: CohortChoice) -> Split:
        """A figure by occupational group."""
        return shown.split(self.session, self.scope(cohort), name, "group", by=self.by, public=self._is_public)

    def label(self, name: str) -> str:
        """What a figure is called; asked of the definitions, so it tells of nobody."""
        return figures.figure(self.session, self.scope(None), name).label

    @property
    def _is_public(self) -> bool:
        return self.mode is Mode.PUBLIC
