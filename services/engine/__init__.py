"""Who suits whom, and the best plan for everyone. Pure: frames and arrays in, answers out, no session.

Mentors are a frame with the columns ref, name, email_key, group, title, years (may be missing), languages (list),
capacity, free (places left), completed (matches), available_from, available_until, withdrawn_on (days or None).
Mentees: ref, name, email_key, group, title, years, languages, goal, withdrawn_on. Both have a RangeIndex.
Matrices have a row for each mentee and a column for each mentor.
"""
