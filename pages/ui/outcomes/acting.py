"""What was done under Outcomes, and what could not be: of each view by itself."""

from pages.ui.acts import Acts

follow_ups, surveys = Acts("follow_ups"), Acts("surveys")
