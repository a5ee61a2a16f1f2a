"""The lists that the demo's people are matched by: specialities of each group, licences, places."""

#: Group -> speciality -> titles that plainly do it. Most titles of staff tell nothing, as in life.
SPECIALITIES: dict[str, dict[str, tuple[str, ...]]] = {
    "Accounting and finance": {
        "Financial reporting": ("Accountant",),
        "Budgeting and forecasting": ("Financial analyst", "Senior financial analyst"),
        "Internal audit": ("Internal auditor",),
        "Taxation": ("Tax accountant",),
        "Payroll": (),
        "Procurement and grants": (),
        "Investment and treasury": (),
    },
    "Information technology": {
        "Software development": ("Software developer",),
        "Business analysis": ("Business analyst",),
        "Networks and infrastructure": ("Network engineer", "Network specialist"),
        "Databases and data": ("Database administrator",),
        "Cybersecurity": (),
        "Systems integration": ("Senior systems integrator",),
        "Geographic information systems": (),
        "Service desk and support": (),
    },
    "Social work and social policy": {
        "Settlement and newcomers": ("Settlement counsellor",),
        "Community development": ("Community worker", "Community development officer"),
        "Income and employment support": ("Supervisor, social assistance",),
        "Housing and homelessness": (),
        "Mental health and addictions": ("Social worker",),
        "Seniors and long-term care": (),
        "Social policy": ("Policy development officer",),
    },
    "Engineering": {
        "Water and wastewater": ("Civil engineer, water and drainage",),
        "Structures and bridges": ("Structural engineer",),
        "Electrical and power systems": ("Electrical engineer",),
        "Mechanical and building systems": ("Mechanical engineer",),
        "Roads and transportation": (),
        "Solid waste": (),
        "Construction management": ("Manager, design and construction",),
        "Asset management": (),
    },
    "Human resources": {
        "Recruitment": ("Recruiter",),
        "Compensation and benefits": ("Compensation analyst",),
        "Labour relations": ("Senior labour relations consultant",),
        "Learning and development": (),
        "Health and safety": (),
        "Equity and inclusion": (),
    },
    "Facility management": {
        "Building operations": ("Building operations supervisor", "Supervisor, property operations"),
        "Maintenance planning": (),
        "Energy and sustainability": (),
        "Leasing and space planning": ("Facility manager",),
        "Security and life safety": (),
    },
    "Urban planning": {
        "Community planning": ("Planner, community planning",),
        "Transport planning": ("Transport planner",),
        "Urban design": (),
        "Zoning and development review": ("Urban planner",),
        "Heritage": (),
    },
    "Communications and event planning": {
        "Media relations": ("Journalist",),
        "Public consultation": (),
        "Special events": ("Event planner", "Special events supervisor"),
        "Digital and social media": (),
        "Writing and editing": ("Communications officer",),
    },
    "Purchasing": {
        "Tendering": ("Buyer", "Senior corporate buyer"),
        "Contract management": (),
        "Supply chain and logistics": ("Supply chain analyst",),
        "Inventory and stores": (),
    },
    "Public health": {
        "Epidemiology": ("Epidemiologist",),
        "Health promotion": ("Health promoter", "Health promotion specialist"),
        "Communicable diseases": ("Public health physician",),
        "Food and environmental health": (),
        "Maternal and child health": (),
    },
    "Architecture": {
        "Building design": ("Architect", "Senior project architect"),
        "Landscape architecture": ("Landscape architect",),
        "Building code and permits": (),
        "Heritage buildings": (),
        "Urban design": ("Urban designer",),
    },
    "Project management": {
        "Construction projects": (),
        "Technology projects": (),
        "Portfolio management": ("Portfolio lead",),
        "Change management": (),
        "Risk and scheduling": ("Project coordinator",),
    },
    "Law": {
        "Municipal and planning law": (),
        "Litigation": ("Lawyer",),
        "Employment law": (),
        "Real estate": (),
        "Prosecutions": ("Paralegal",),
    },
    "Policy and research": {
        "Policy analysis": ("Policy analyst", "Policy and research officer"),
        "Data and statistics": ("Researcher",),
        "Programme evaluation": (),
        "Intergovernmental relations": (),
        "Housing policy": (),
    },
    "Library services": {
        "Reference and information": ("Librarian", "Senior librarian"),
        "Archives and records": ("Archivist",),
        "Children and youth services": (),
        "Digital collections": (),
    },
    "Recreation": {
        "Community programmes": ("Recreation programmer", "Recreationist"),
        "Aquatics": (),
        "Sports": ("Sports coordinator",),
        "Camps and youth": (),
        "Adapted recreation": (),
    },
}

#: What a group's work asks for, or is helped by.
LICENCES = {
    "Accounting and finance": "CPA",
    "Social work and social policy": "RSW",
    "Engineering": "P.Eng.",
    "Human resources": "CHRP",
    "Urban planning": "RPP",
    "Purchasing": "SCMP",
    "Public health": "CPHI(C)",
    "Architecture": "OAA",
    "Project management": "PMP",
    "Law": "Law Society of Ontario",
}

#: How a few people put what they do; nobody has confirmed yet which entry it is.
OWN_WORDS = {
    "Accounting and finance": ("closing the books", "impuestos"),
    "Information technology": ("protecting systems from attacks", "réseaux informatiques"),
    "Social work and social policy": ("helping families find a home", "trabajo comunitario"),
    "Engineering": ("drinking water pipes and pumps", "puentes y estructuras"),
    "Human resources": ("hiring", "union negotiations"),
    "Project management": ("building sites", "gestion du changement"),
    "Policy and research": ("surveys and numbers", "affordable homes"),
}

#: Civic offices and parts of the city, to about a kilometre.
PLACES: dict[str, tuple[float, float]] = {
    "City Hall": (43.65, -79.38),
    "Metro Hall": (43.65, -79.39),
    "North York Civic Centre": (43.77, -79.41),
    "Scarborough Civic Centre": (43.77, -79.26),
    "Etobicoke Civic Centre": (43.64, -79.57),
    "East York Civic Centre": (43.69, -79.33),
    "Downtown": (43.65, -79.38),
    "Parkdale": (43.64, -79.44),
    "North York": (43.76, -79.41),
    "Scarborough": (43.77, -79.25),
    "Malvern": (43.81, -79.22),
    "Etobicoke": (43.65, -79.54),
    "Rexdale": (43.72, -79.57),
    "Weston": (43.70, -79.52),
    "East York": (43.69, -79.34),
    "Thorncliffe Park": (43.70, -79.35),
}
#: Where mentees come from; the last is no place of the list, as happens.
AREAS = (*list(PLACES)[6:], "Mississauga")
AREAS_OFTEN = (5, 3, 9, 11, 6, 6, 4, 3, 4, 4, 2)
