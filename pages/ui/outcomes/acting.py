"""What was done under Outcomes, and what could not be."""

from pages.ui.acts import Acts

_acts = Acts("outcomes")
acted, said = _acts.acted, _acts.said
