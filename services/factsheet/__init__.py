"""The fact sheet of a cohort: put together once, then drawn alike on screen, on paper, on slides and in a workbook."""
