"""The command line: `matchdesk COMMAND`, or `python -m services COMMAND`."""

import typer

from services.commands import (
    accounts,
    database,
    demo,
    digest,
    erasing,
    figures,
    importing,
    matching,
    programme,
    serving,
    sheets,
    staging,
    weights,
)

app = typer.Typer(
    name="matchdesk",
    help="The desk of a mentoring programme, from the command line. DATABASE_URL names the database.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold people's data
)
app.command("migrate")(database.migrate)
app.command("import")(importing.bring_in)
app.add_typer(programme.app, name="programme")
app.command("verify-audit")(database.verify_audit)
app.command("erasures")(erasing.erasures)
app.command("erase")(erasing.erase)
app.command("serve")(serving.serve)
app.command("stage")(staging.stage)
app.add_typer(accounts.commands, name="account")
app.command("demo")(demo.demo)
app.command("propose")(matching.propose)
app.command("weights")(weights.weigh)
app.add_typer(matching.cohorts, name="cohort")
app.command("figure")(figures.figure)
app.command("reconcile")(figures.reconcile)
app.command("milestones")(figures.ledger)
app.command("sheet")(sheets.sheet)
app.command("digest")(digest.digest)


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
