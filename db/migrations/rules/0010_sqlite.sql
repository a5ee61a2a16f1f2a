-- The stage's connection reads this view and nothing else. It is printed by `services.counting.public.as_view`, so that
-- nothing is counted twice; a test compares the two. A line that holds only an arrow stands between statements.

CREATE VIEW stage_board AS
WITH counted AS
(SELECT "match".programme_id AS programme_id, "match".group_id AS group_id, started_matches.match_id AS match_id, started_matches.cohort_id AS cohort_id, started_matches.day AS day
FROM (SELECT "match".id AS match_id, "match".cohort_id AS cohort_id, "match".mentor_id AS mentor_id, "match".mentee_id AS mentee_id, "match".started_on AS day
FROM "match"
WHERE "match".programme_id = "match".programme_id AND "match".state != 'void' AND "match".started_on <= '9999-12-31') AS started_matches JOIN "match" ON "match".id = started_matches.match_id JOIN programme ON programme.id = "match".programme_id
WHERE programme.counting_rule = 'started_matches'
UNION ALL
SELECT "match".programme_id AS programme_id, "match".group_id AS group_id, distinct_mentees.match_id AS match_id, distinct_mentees.cohort_id AS cohort_id, distinct_mentees.day AS day
FROM (SELECT anon_1.match_id AS match_id, anon_1.cohort_id AS cohort_id, anon_1.mentor_id AS mentor_id, anon_1.mentee_id AS mentee_id, anon_1.day AS day
FROM (SELECT "match".id AS match_id, "match".cohort_id AS cohort_id, "match".mentor_id AS mentor_id, "match".mentee_id AS mentee_id, "match".started_on AS day, row_number() OVER (PARTITION BY "match".programme_id, "match".mentee_id ORDER BY "match".started_on, "match".id) AS turn
FROM "match"
WHERE "match".programme_id = "match".programme_id AND "match".state != 'void' AND "match".started_on <= '9999-12-31') AS anon_1
WHERE anon_1.turn = 1) AS distinct_mentees JOIN "match" ON "match".id = distinct_mentees.match_id JOIN programme ON programme.id = "match".programme_id
WHERE programme.counting_rule = 'distinct_mentees'
UNION ALL
SELECT "match".programme_id AS programme_id, "match".group_id AS group_id, completed_matches.match_id AS match_id, completed_matches.cohort_id AS cohort_id, completed_matches.day AS day
FROM (SELECT "match".id AS match_id, "match".cohort_id AS cohort_id, "match".mentor_id AS mentor_id, "match".mentee_id AS mentee_id, "match".ended_on AS day
FROM "match"
WHERE "match".programme_id = "match".programme_id AND "match".state != 'void' AND "match".started_on <= '9999-12-31' AND "match".state = 'completed' AND "match".ended_on <= '9999-12-31') AS completed_matches JOIN "match" ON "match".id = completed_matches.match_id JOIN programme ON programme.id = "match".programme_id
WHERE programme.counting_rule = 'completed_matches')
 SELECT programme.id AS programme_id, 'programme' AS kind, programme.name AS name, programme.organisation AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, CAST(NULL AS INTEGER) AS number
FROM programme
UNION ALL
SELECT programme.id AS programme_id, 'clock' AS kind, programme.timezone AS name, CAST(NULL AS TEXT) AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, CAST(NULL AS INTEGER) AS number
FROM programme
UNION ALL
SELECT programme.id AS programme_id, 'rule' AS kind, programme.counting_rule AS name, CAST(NULL AS TEXT) AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, CAST(NULL AS INTEGER) AS number
FROM programme
UNION ALL
SELECT display_token.programme_id AS programme_id, 'link' AS kind, display_token.token_hash AS name, CAST(NULL AS TEXT) AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, display_token.expires_at AS at, display_token.event_id AS number
FROM display_token
WHERE display_token.revoked_at IS NULL
UNION ALL
SELECT display_token.programme_id AS programme_id, 'remote' AS kind, display_token.remote_hash AS name, display_token.token_hash AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, display_token.expires_at AS at, display_token.event_id AS number
FROM display_token
WHERE display_token.revoked_at IS NULL AND display_token.remote_hash IS NOT NULL
UNION ALL
SELECT cohort.programme_id AS programme_id, 'cohort' AS kind, cohort.name AS name, CAST(NULL AS TEXT) AS note, cohort.starts_on AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, row_number() OVER (PARTITION BY cohort.programme_id ORDER BY cohort.starts_on, cohort.id) AS number
FROM cohort
UNION ALL
SELECT milestone.programme_id AS programme_id, 'milestone' AS kind, CAST(NULL AS TEXT) AS name, CAST(NULL AS TEXT) AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, milestone.number AS number
FROM milestone
WHERE milestone.kind = 'count'
UNION ALL
SELECT sums.programme_id AS programme_id, 'count' AS kind, cohort.name AS name, CAST(NULL AS TEXT) AS note, sums.day AS day, sums.since AS since, CAST(NULL AS DATETIME) AS at, sums.number AS number
FROM (SELECT counted.programme_id AS programme_id, counted.cohort_id AS cohort_id, count(*) AS number, min(counted.day) AS since, max(counted.day) AS day
FROM counted GROUP BY counted.programme_id, counted.cohort_id, CASE WHEN (CAST(julianday(CURRENT_DATE) - julianday(counted.day) AS INTEGER) <= 1) THEN counted.day END) AS sums JOIN cohort ON cohort.id = sums.cohort_id
UNION ALL
SELECT ranked.programme_id AS programme_id, 'mark' AS kind, cohort.name AS name, CAST(NULL AS TEXT) AS note, ranked.day AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, ranked.number AS number
FROM (SELECT counted.programme_id AS programme_id, counted.cohort_id AS cohort_id, counted.day AS day, row_number() OVER (PARTITION BY counted.programme_id ORDER BY counted.day, counted.match_id) AS number
FROM counted) AS ranked JOIN cohort ON cohort.id = ranked.cohort_id
WHERE ranked.number IN (10, 25, 50, 100, 250) OR ranked.number % 500 = 0 OR ranked.number IN (SELECT milestone.number
FROM milestone
WHERE milestone.programme_id = ranked.programme_id)
UNION ALL
SELECT recent.programme_id AS programme_id, 'latest' AS kind, recent.name AS name, CAST(NULL AS TEXT) AS note, recent.day AS day, CAST(NULL AS DATE) AS since, recent.at AS at, CAST(NULL AS INTEGER) AS number
FROM (SELECT counted.programme_id AS programme_id, counted.day AS day, match_transition.at AS at, CASE WHEN (sharing.size >= coalesce((SELECT CAST(JSON_EXTRACT(programme_setting.value, '$."value"') AS INTEGER) AS anon_2
FROM programme_setting
WHERE programme_setting.programme_id = counted.programme_id AND programme_setting.name = 'smallest_cell'), 11)) THEN occupational_group.name END AS name, row_number() OVER (PARTITION BY counted.programme_id ORDER BY match_transition.at DESC, match_transition.id DESC) AS turn
FROM counted JOIN programme ON programme.id = counted.programme_id JOIN match_transition ON match_transition.match_id = counted.match_id JOIN (SELECT counted.cohort_id AS cohort_id, counted.group_id AS group_id, count(*) AS size
FROM counted GROUP BY counted.cohort_id, counted.group_id) AS sharing ON sharing.cohort_id = counted.cohort_id AND sharing.group_id = counted.group_id JOIN occupational_group ON occupational_group.id = counted.group_id
WHERE CAST(julianday(CURRENT_DATE) - julianday(counted.day) AS INTEGER) <= 1 AND match_transition.to_state = CASE WHEN (programme.counting_rule = 'completed_matches') THEN 'completed' ELSE 'active' END) AS recent
WHERE recent.turn = 1
UNION ALL
SELECT professions.programme_id AS programme_id, 'profession' AS kind, occupational_group.name AS name, CAST(NULL AS TEXT) AS note, CAST(NULL AS DATE) AS day, professions.day AS since, CAST(NULL AS DATETIME) AS at, CAST(NULL AS INTEGER) AS number
FROM (SELECT "match".group_id AS group_id, min("match".started_on) AS day, "match".programme_id AS programme_id
FROM "match"
WHERE "match".programme_id = "match".programme_id AND "match".state != 'void' AND "match".started_on <= '9999-12-31' GROUP BY "match".group_id, "match".programme_id) AS professions JOIN occupational_group ON occupational_group.id = professions.group_id
UNION ALL
SELECT ever.programme_id AS programme_id, 'mentors' AS kind, CAST(NULL AS TEXT) AS name, CAST(NULL AS TEXT) AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, count(*) AS number
FROM (SELECT "match".mentor_id AS mentor_id, min("match".started_on) AS day, "match".programme_id AS programme_id
FROM "match"
WHERE "match".programme_id = "match".programme_id AND "match".state != 'void' AND "match".started_on <= '9999-12-31' GROUP BY "match".mentor_id, "match".programme_id) AS ever GROUP BY ever.programme_id
UNION ALL
SELECT "each".programme_id AS programme_id, 'mentors' AS kind, cohort.name AS name, CAST(NULL AS TEXT) AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, count(*) AS number
FROM (SELECT "match".mentor_id AS mentor_id, min("match".started_on) AS day, "match".programme_id AS programme_id, "match".cohort_id AS cohort_id
FROM "match"
WHERE "match".programme_id = "match".programme_id AND "match".state != 'void' AND "match".started_on <= '9999-12-31' GROUP BY "match".mentor_id, "match".programme_id, "match".cohort_id) AS "each" JOIN cohort ON cohort.id = "each".cohort_id GROUP BY "each".programme_id, cohort.id, cohort.name
UNION ALL
SELECT programme.id AS programme_id, 'partner' AS kind, agency.name AS name, CAST(NULL AS TEXT) AS note, CAST(NULL AS DATE) AS day, now_partners.day AS since, CAST(NULL AS DATETIME) AS at, CAST(NULL AS INTEGER) AS number
FROM (SELECT agency.id AS agency_id, agency.partner_since AS day
FROM agency
WHERE agency.partner_since <= CURRENT_DATE AND (agency.partner_until IS NULL OR agency.partner_until > CURRENT_DATE)) AS now_partners JOIN agency ON agency.id = now_partners.agency_id JOIN programme ON programme.kind = 'mentoring'
UNION ALL
SELECT stage_finding.programme_id AS programme_id, 'finding' AS kind, stage_finding.value AS name, stage_finding.words AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, stage_finding.place AS number
FROM stage_finding
UNION ALL
SELECT cohort.programme_id AS programme_id, 'name' AS kind, stage_name.name AS name, stage_name.occupation AS note, CAST(NULL AS DATE) AS day, CAST(NULL AS DATE) AS since, CAST(NULL AS DATETIME) AS at, event.id AS number
FROM stage_name JOIN event ON event.id = stage_name.event_id JOIN cohort ON cohort.id = event.cohort_id
WHERE event.cancelled_at IS NULL AND event.ends_at > datetime('now', '-' || (6) || ' hours')
