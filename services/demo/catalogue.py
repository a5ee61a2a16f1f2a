"""What the demo's people are made of: professions, places, agencies, and where names and languages come from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profession:
    """An occupational group: its weight among matches since 2007, first year, titles of mentees and mentors, goals."""

    weight: float
    since: int
    titles: tuple[str, ...]
    staff_titles: tuple[str, ...]
    divisions: tuple[str, ...]
    goals: tuple[str, ...]


#: A goal is said of the profession; these are said in every one.
GOALS = ("First Canadian role in my field", "Return to my profession", "Understand how the City hires")

PROFESSIONS: dict[str, Profession] = {
    "Accounting and finance": Profession(
        17,
        2004,
        ("Accountant", "Financial analyst", "Internal auditor", "Tax accountant"),
        ("Senior financial analyst", "Manager, accounting services", "Internal auditor"),
        ("Accounting Services", "Financial Planning", "Revenue Services", "Internal Audit"),
        ("CPA and a senior analyst role", "Move from audit to budgeting"),
    ),
    "Information technology": Profession(
        18,
        2004,
        ("Software developer", "Business analyst", "Network engineer", "Database administrator"),
        ("Senior systems integrator", "Applications manager", "Network specialist"),
        ("Technology Services", "311 Toronto"),
        ("Lead developer in public service", "Security certification and an analyst role"),
    ),
    "Social work and social policy": Profession(
        13,
        2006,
        ("Social worker", "Community worker", "Settlement counsellor"),
        ("Policy development officer", "Supervisor, social assistance", "Community development officer"),
        ("Employment & Social Services", "Social Development", "Shelter & Support Services", "Seniors Services"),
        ("Registration as a social worker", "From front-line work to policy"),
    ),
    "Engineering": Profession(
        14,
        2004,
        ("Civil engineer, water and drainage", "Structural engineer", "Electrical engineer", "Mechanical engineer"),
        ("Senior engineer", "Manager, design and construction", "Project engineer, P.Eng."),
        ("Toronto Water", "Engineering & Construction Services", "Transportation Services", "Solid Waste Management"),
        ("P.Eng. licence and a first City role", "Move from design to asset management"),
    ),
    "Human resources": Profession(
        8,
        2005,
        ("Recruiter", "HR generalist", "Compensation analyst"),
        ("Human resources consultant", "Senior labour relations consultant"),
        ("People & Equity", "Pension, Payroll & Benefits"),
        ("CHRP designation", "Labour relations in the public sector"),
    ),
    "Facility management": Profession(
        3,
        2005,
        ("Facility manager", "Building operations supervisor"),
        ("Supervisor, property operations", "Facilities manager"),
        ("Corporate Real Estate Management", "Facilities Management"),
        ("Building operator certificate",),
    ),
    "Urban planning": Profession(
        4,
        2006,
        ("Urban planner", "Transport planner"),
        ("Senior planner", "Planner, community planning"),
        ("City Planning", "Transportation Services"),
        ("RPP designation",),
    ),
    "Communications and event planning": Profession(
        4,
        2006,
        ("Communications officer", "Event planner", "Journalist"),
        ("Communications coordinator", "Special events supervisor"),
        ("Strategic Communications", "Economic Development & Culture"),
        ("Writing for a Canadian public",),
    ),
    "Purchasing": Profession(
        3,
        2005,
        ("Buyer", "Supply chain analyst"),
        ("Senior corporate buyer", "Supervisor, purchasing"),
        ("Purchasing & Materials Management", "Fleet Services"),
        ("SCMP designation",),
    ),
    "Public health": Profession(
        4,
        2006,
        ("Public health physician", "Epidemiologist", "Health promoter"),
        ("Health promotion specialist", "Manager, healthy communities", "Epidemiologist"),
        ("Toronto Public Health", "Toronto Paramedic Services"),
        ("Public health inspector certificate",),
    ),
    "Architecture": Profession(
        2.5,
        2007,
        ("Architect", "Landscape architect"),
        ("Senior project architect", "Urban designer"),
        ("City Planning", "Toronto Building"),
        ("OAA licence",),
    ),
    "Project management": Profession(
        5,
        2007,
        ("Project manager", "Project coordinator"),
        ("Senior project manager", "Portfolio lead"),
        ("Engineering & Construction Services", "Technology Services", "Corporate Finance"),
        ("PMP and a coordinator role",),
    ),
    "Law": Profession(
        2,
        2008,
        ("Lawyer", "Paralegal"),
        ("Solicitor", "Law clerk"),
        ("Legal Services", "Court Services", "City Clerk's Office"),
        ("Licence of the law society",),
    ),
    "Policy and research": Profession(
        4,
        2008,
        ("Policy analyst", "Researcher"),
        ("Policy and research officer", "Senior corporate management consultant"),
        ("City Manager's Office", "Strategic Policy", "Housing Secretariat"),
        ("Policy analyst in a municipality",),
    ),
    "Library services": Profession(
        1.5,
        2009,
        ("Librarian", "Archivist"),
        ("Senior librarian", "Archivist"),
        ("Library Services", "City Clerk's Office"),
        ("Reference librarian",),
    ),
    "Recreation": Profession(
        1.5,
        2010,
        ("Sports coordinator", "Recreation programmer"),
        ("Supervisor, community recreation", "Recreationist"),
        ("Parks, Forestry & Recreation", "Children's Services"),
        ("Aquatics supervisor",),
    ),
}

#: With those above, the 42 divisions.
MORE_DIVISIONS = (
    "Municipal Licensing & Standards",
    "Fire Services",
    "Environment & Climate",
    "Insurance & Risk Management",
    "Emergency Management",
    "Waterfront Secretariat",
)

OFFICES = (
    "City Hall",
    "Metro Hall",
    "North York Civic Centre",
    "Scarborough Civic Centre",
    "Etobicoke Civic Centre",
    "East York Civic Centre",
)

#: Partner agencies and the day each joined: 13 by November 2012, 15 by February 2016.
AGENCIES: dict[str, str] = {
    "Northgate Newcomer Centre": "2004-02-02",
    "Harbour Skills": "2004-02-02",
    "Eastway Settlement House": "2004-02-16",
    "Lakeshore Bridge": "2005-01-17",
    "Westmount Career Studio": "2005-01-17",
    "Don Valley Works": "2006-01-16",
    "Humber Bridge to Work": "2006-01-16",
    "Junction Job Centre": "2007-01-15",
    "Rouge Hill Community Services": "2008-01-14",
    "Parkdale Welcome House": "2009-01-19",
    "Danforth Employment Hub": "2010-01-18",
    "Keele Training Partners": "2011-01-17",
    "Midland Newcomer Services": "2012-01-16",
    "Finch Avenue Futures": "2014-01-20",
    "Bloor Street Bridging": "2015-09-14",
}
COACHES_PER_AGENCY = 2


@dataclass(frozen=True)
class Origin:
    """Where a name comes from: Faker's locale, the country of education, languages beside English."""

    locale: str
    country: str
    languages: tuple[str, ...]


ORIGINS: tuple[Origin, ...] = (
    Origin("en_IN", "India", ("Hindi", "Punjabi", "Tamil", "Gujarati")),
    Origin("zh_CN", "China", ("Mandarin", "Cantonese")),
    Origin("en_PK", "Pakistan", ("Urdu",)),
    Origin("yo_NG", "Nigeria", ("Yoruba",)),
    Origin("ig_NG", "Nigeria", ("Igbo",)),
    Origin("es_CO", "Colombia", ("Spanish",)),
    Origin("es_MX", "Mexico", ("Spanish",)),
    Origin("pt_BR", "Brazil", ("Portuguese",)),
    Origin("tr_TR", "Türkiye", ("Turkish",)),
    Origin("vi_VN", "Vietnam", ("Vietnamese",)),
    Origin("pl_PL", "Poland", ("Polish",)),
    Origin("ro_RO", "Romania", ("Romanian",)),
    Origin("tw_GH", "Ghana", ("Twi",)),
    Origin("en_KE", "Kenya", ("Swahili",)),
    Origin("hr_HR", "Croatia", ("Croatian",)),
    Origin("hu_HU", "Hungary", ("Hungarian",)),
)
AT_HOME: tuple[Origin, ...] = (
    Origin("en_CA", "Canada", ()),
    Origin("fr_CA", "Canada", ("French",)),
    Origin("it_IT", "Canada", ("Italian",)),
)
