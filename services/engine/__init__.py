"""Who suits whom, and the best plan for everyone. Pure: frames and arrays in, answers out, no session.

Both frames hold objects, None where a fact is missing, and have a RangeIndex.
Mentors have the columns ref, name, email_key, group, title, years, languages (list), specialities (list), helps_with
(list of goals), licence, office, latitude and longitude (of the office), division; wish_years_from, wish_years_to and
wish_agencies (list): what a mentor would like; limit_years_from, limit_years_to, limit_km and not_agencies (list):
what a mentor does not do; capacity, free (places left), completed (matches), available_from, available_until and
withdrawn_on (days).
Mentees: ref, name, email_key, group, title, years, languages, specialities, goals (list), licence_sought, area,
latitude and longitude (of the area), agency, agency_limit_km and agency_not_divisions (list), withdrawn_on.
No country, gender, age or other protected trait is a column.
Matrices have a row for each mentee and a column for each mentor.
"""
