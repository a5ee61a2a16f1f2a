"""A person's confirmed specialities, by name."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from db.models import Mentee, MenteeSpeciality, Mentor, MentorSpeciality, Speciality
from services.errors import Invalid
from services.kinds import Kind
from services.person import kind_of
from services.wording import joined

_CONFIRMED: dict[Kind, type[MentorSpeciality] | type[MenteeSpeciality]] = {
    Kind.MENTOR: MentorSpeciality,
    Kind.MENTEE: MenteeSpeciality,
}


def names(session: Session, person: Mentor | Mentee) -> list[str]:
    """A person's specialities of the group that they are in now, by name."""
    confirmed = _CONFIRMED[kind_of(person)]
    return list(
        session.scalars(
            select(Speciality.name)
            .join(confirmed, confirmed.speciality_id == Speciality.id)
            .where(confirmed.person_id == person.id, Speciality.group_id == person.group_id)
            .order_by(Speciality.name)
        )
    )


def put(session: Session, person: Mentor | Mentee, names: list[str]) -> None:
    """Make these a person's specialities. Raises `Invalid` for one that is not on the list of their group."""
    confirmed = _CONFIRMED[kind_of(person)]
    known = {
        name: number
        for number, name in session.execute(
            select(Speciality.id, Speciality.name).where(Speciality.group_id == person.group_id)
        )
    }
    if strange := [name for name in names if name not in known]:
        raise Invalid(f"Specialities: {joined(strange)} is not on the list of the person’s occupation.")
    session.execute(
        delete(confirmed).where(confirmed.person_id == person.id, confirmed.speciality_id.in_(known.values()))
    )
    session.add_all(confirmed(person_id=person.id, speciality_id=known[name]) for name in names)
    session.flush()
