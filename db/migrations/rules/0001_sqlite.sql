-- The seven rules of the domain that columns, constraints and unique indexes cannot say, for SQLite.
-- A line that holds only an arrow stands between statements.

-- A match begins as a proposal; its first transition is written with it.
CREATE TRIGGER match_begins BEFORE INSERT ON match
WHEN NEW.state <> 'proposed' OR NEW.version <> 1 OR NEW.decided_on IS NOT NULL OR NEW.started_on IS NOT NULL
  OR NEW.ended_on IS NOT NULL OR NEW.hold_until IS NOT NULL OR NEW.never_again
BEGIN SELECT RAISE(ABORT, 'rule 6: a match begins as a proposal'); END;
-->
CREATE TRIGGER match_first_step AFTER INSERT ON match
BEGIN
  INSERT INTO match_transition (match_id, seq, from_state, to_state, on_day, at, by_id, by_name, never_again)
  VALUES (NEW.id, 1, NULL, 'proposed', NEW.proposed_on, NEW.proposed_at, NEW.proposed_by_id, NULL, 0);
END;
-->
-- Rule 2: never more open matches than the mentor's capacity.
CREATE TRIGGER match_capacity_new AFTER INSERT ON match
WHEN (SELECT count(*) FROM match WHERE mentor_id = NEW.mentor_id AND state IN ('proposed', 'on_hold', 'approved', 'active'))
   > (SELECT capacity FROM mentor WHERE id = NEW.mentor_id)
BEGIN SELECT RAISE(ABORT, 'rule 2: the mentor has no free place'); END;
-->
CREATE TRIGGER match_capacity_again AFTER UPDATE OF state ON match
WHEN NEW.state IN ('proposed', 'on_hold', 'approved', 'active')
 AND OLD.state NOT IN ('proposed', 'on_hold', 'approved', 'active')
 AND (SELECT count(*) FROM match WHERE mentor_id = NEW.mentor_id AND state IN ('proposed', 'on_hold', 'approved', 'active'))
   > (SELECT capacity FROM mentor WHERE id = NEW.mentor_id)
BEGIN SELECT RAISE(ABORT, 'rule 2: the mentor has no free place'); END;
-->
CREATE TRIGGER mentor_capacity BEFORE UPDATE OF capacity ON mentor
WHEN NEW.capacity < (SELECT count(*) FROM match WHERE mentor_id = NEW.id AND state IN ('proposed', 'on_hold', 'approved', 'active'))
BEGIN SELECT RAISE(ABORT, 'rule 2: the mentor has more open matches than that'); END;
-->
-- Rule 3: one occupational group, unless the reason why not is stored.
CREATE TRIGGER match_group BEFORE INSERT ON match
WHEN trim(coalesce(NEW.override_reason, ''), char(9, 10, 13, 32, 160)) = '' AND NOT (
  NEW.group_id = (SELECT group_id FROM mentor WHERE id = NEW.mentor_id)
  AND NEW.group_id = (SELECT group_id FROM mentee WHERE id = NEW.mentee_id))
BEGIN SELECT RAISE(ABORT, 'rule 3: mentor and mentee have different occupational groups'); END;
-->
CREATE TRIGGER mentor_group BEFORE UPDATE OF group_id ON mentor
WHEN NEW.group_id <> OLD.group_id AND EXISTS (
  SELECT 1 FROM match WHERE mentor_id = NEW.id AND state IN ('proposed', 'on_hold', 'approved', 'active')
    AND group_id <> NEW.group_id AND trim(coalesce(override_reason, ''), char(9, 10, 13, 32, 160)) = '')
BEGIN SELECT RAISE(ABORT, 'rule 3: the mentor has an open match in another occupational group'); END;
-->
CREATE TRIGGER mentee_group BEFORE UPDATE OF group_id ON mentee
WHEN NEW.group_id <> OLD.group_id AND EXISTS (
  SELECT 1 FROM match WHERE mentee_id = NEW.id AND state IN ('proposed', 'on_hold', 'approved', 'active')
    AND group_id <> NEW.group_id AND trim(coalesce(override_reason, ''), char(9, 10, 13, 32, 160)) = '')
BEGIN SELECT RAISE(ABORT, 'rule 3: the mentee has an open match in another occupational group'); END;
-->
-- Rule 4: a pair declined "never again" is not proposed again.
CREATE TRIGGER match_never_again BEFORE INSERT ON match
WHEN EXISTS (SELECT 1 FROM match WHERE mentor_id = NEW.mentor_id AND mentee_id = NEW.mentee_id AND never_again)
BEGIN SELECT RAISE(ABORT, 'rule 4: this pair was declined for good'); END;
-->
-- Rules 3 and 4 hold for a match that opens again, and a stored override keeps its reason.
CREATE TRIGGER match_opens_again AFTER UPDATE OF state ON match
WHEN NEW.state IN ('proposed', 'on_hold', 'approved', 'active') AND OLD.state NOT IN ('proposed', 'on_hold', 'approved', 'active')
BEGIN
  SELECT RAISE(ABORT, 'rule 3: mentor and mentee have different occupational groups')
  WHERE trim(coalesce(NEW.override_reason, ''), char(9, 10, 13, 32, 160)) = '' AND NOT (
    NEW.group_id = (SELECT group_id FROM mentor WHERE id = NEW.mentor_id)
    AND NEW.group_id = (SELECT group_id FROM mentee WHERE id = NEW.mentee_id));
  SELECT RAISE(ABORT, 'rule 4: this pair was declined for good')
  WHERE EXISTS (SELECT 1 FROM match WHERE mentor_id = NEW.mentor_id AND mentee_id = NEW.mentee_id AND never_again);
END;
-->
CREATE TRIGGER match_keeps_override BEFORE UPDATE OF override_reason ON match
WHEN trim(coalesce(NEW.override_reason, ''), char(9, 10, 13, 32, 160)) = '' AND NOT trim(coalesce(OLD.override_reason, ''), char(9, 10, 13, 32, 160)) = ''
BEGIN SELECT RAISE(ABORT, 'rule 3: the reason for an override stays'); END;
-->
-- Rules 1 to 4 follow people by their number.
CREATE TRIGGER mentor_keeps_number BEFORE UPDATE OF id ON mentor WHEN NEW.id <> OLD.id
BEGIN SELECT RAISE(ABORT, 'a person keeps their number'); END;
-->
CREATE TRIGGER mentee_keeps_number BEFORE UPDATE OF id ON mentee WHEN NEW.id <> OLD.id
BEGIN SELECT RAISE(ABORT, 'a person keeps their number'); END;
-->
-- REPLACE deletes and inserts in one statement, so foreign keys do not see it; delete triggers do.
CREATE TRIGGER mentor_kept BEFORE DELETE ON mentor WHEN EXISTS (SELECT 1 FROM match WHERE mentor_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'a person with matches is never deleted'); END;
-->
CREATE TRIGGER mentee_kept BEFORE DELETE ON mentee WHEN EXISTS (SELECT 1 FROM match WHERE mentee_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'a person with matches is never deleted'); END;
-->
-- Rule 5: nothing starts, ends or is decided in the future (today is over last at UTC+14).
-- SQLite stores anything in a column of days, and what is no day compares as it likes; '+0 days' finds 30 February.
CREATE TRIGGER match_not_proposed_in_future BEFORE INSERT ON match
WHEN NEW.proposed_on IS NOT date(NEW.proposed_on, '+0 days') OR NEW.proposed_on > date('now', '+14 hours')
BEGIN SELECT RAISE(ABORT, 'rule 5: the day lies in the future'); END;
-->
CREATE TRIGGER step_not_in_future BEFORE INSERT ON match_transition
WHEN NEW.on_day IS NOT date(NEW.on_day, '+0 days') OR NEW.on_day > date('now', '+14 hours')
BEGIN SELECT RAISE(ABORT, 'rule 5: the day lies in the future'); END;
-->
-- A transition carries its match along; the match must still stand where the transition starts from.
CREATE TRIGGER step_taken AFTER INSERT ON match_transition
WHEN NEW.seq > 1
BEGIN
  UPDATE match SET
    version = NEW.seq,
    state = NEW.to_state,
    decided_on = CASE WHEN NEW.to_state IN ('proposed', 'on_hold') THEN NULL
                      WHEN NEW.from_state = 'proposed' AND NEW.to_state IN ('approved', 'declined') THEN NEW.on_day
                      ELSE decided_on END,
    started_on = CASE WHEN NEW.to_state IN ('proposed', 'on_hold', 'approved', 'declined', 'declined_by_mentor') THEN NULL
                      WHEN NEW.to_state = 'active' AND NEW.from_state IN ('approved', 'active') THEN NEW.on_day
                      ELSE started_on END,
    ended_on = CASE WHEN NEW.to_state IN ('completed', 'ended_early') THEN NEW.on_day
                    WHEN NEW.to_state = 'void' THEN ended_on ELSE NULL END,
    hold_until = CASE WHEN NEW.to_state = 'on_hold' THEN NEW.hold_until ELSE NULL END,
    reason = NEW.reason,
    never_again = CASE WHEN NEW.to_state = 'declined' THEN NEW.never_again ELSE 0 END
  WHERE id = NEW.match_id AND version = NEW.seq - 1 AND state = NEW.from_state;
  SELECT RAISE(ABORT, 'rule 6: the match was decided a moment ago')
  WHERE NOT EXISTS (SELECT 1 FROM match WHERE id = NEW.match_id AND version = NEW.seq AND state = NEW.to_state);
  SELECT RAISE(ABORT, 'rule 5: the days are out of order') FROM match WHERE id = NEW.match_id
  AND NEW.on_day < CASE WHEN NEW.to_state = 'declined_by_mentor' THEN decided_on ELSE proposed_on END;
END;
-->
-- No other hand moves a match, gives it other people, or takes it away.
CREATE TRIGGER match_follows_steps BEFORE UPDATE ON match
WHEN (NEW.version = OLD.version AND (NEW.state <> OLD.state OR NEW.decided_on IS NOT OLD.decided_on
      OR NEW.started_on IS NOT OLD.started_on OR NEW.ended_on IS NOT OLD.ended_on
      OR NEW.hold_until IS NOT OLD.hold_until OR NEW.never_again <> OLD.never_again OR NEW.reason IS NOT OLD.reason))
  OR (NEW.version <> OLD.version AND (NEW.version <> OLD.version + 1 OR NOT EXISTS (
      SELECT 1 FROM match_transition WHERE match_id = NEW.id AND seq = NEW.version AND to_state = NEW.state)))
BEGIN SELECT RAISE(ABORT, 'rule 6: a match moves only by its transitions'); END;
-->
CREATE TRIGGER match_keeps_people BEFORE UPDATE ON match
WHEN NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.programme_id <> OLD.programme_id OR NEW.cohort_id <> OLD.cohort_id
  OR NEW.mentor_id <> OLD.mentor_id OR NEW.mentee_id <> OLD.mentee_id OR NEW.group_id <> OLD.group_id
  OR NEW.proposed_on <> OLD.proposed_on OR NEW.proposed_at <> OLD.proposed_at OR NEW.proposed_by_id IS NOT OLD.proposed_by_id
BEGIN SELECT RAISE(ABORT, 'a match keeps its people; void it and propose another'); END;
-->
CREATE TRIGGER match_kept BEFORE DELETE ON match
BEGIN SELECT RAISE(ABORT, 'a match is never deleted; void it'); END;
-->
CREATE TRIGGER step_kept BEFORE DELETE ON match_transition
BEGIN SELECT RAISE(ABORT, 'transitions are append-only'); END;
-->
CREATE TRIGGER step_unchanged BEFORE UPDATE ON match_transition
WHEN NEW.note IS NOT NULL OR NEW.id <> OLD.id OR NEW.match_id <> OLD.match_id OR NEW.seq <> OLD.seq
  OR NEW.from_state IS NOT OLD.from_state OR NEW.to_state <> OLD.to_state OR NEW.on_day <> OLD.on_day
  OR NEW.at <> OLD.at OR NEW.by_id IS NOT OLD.by_id OR NEW.by_name IS NOT OLD.by_name
  OR NEW.reason IS NOT OLD.reason OR NEW.hold_until IS NOT OLD.hold_until OR NEW.never_again <> OLD.never_again
  OR NEW.undoes_seq IS NOT OLD.undoes_seq
BEGIN SELECT RAISE(ABORT, 'transitions are append-only; only a note can be erased'); END;
-->
-- Rule 7: the trail is append-only, and each row names the hash of the one before.
CREATE TRIGGER trail_chained BEFORE INSERT ON trail
WHEN NEW.seq <> coalesce((SELECT max(seq) FROM trail), 0) + 1
  OR NEW.previous_hash <> coalesce((SELECT hash FROM trail ORDER BY seq DESC LIMIT 1), '')
BEGIN SELECT RAISE(ABORT, 'rule 7: the row does not continue the trail'); END;
-->
CREATE TRIGGER trail_unchanged BEFORE UPDATE ON trail
BEGIN SELECT RAISE(ABORT, 'rule 7: the trail is append-only'); END;
-->
CREATE TRIGGER trail_kept BEFORE DELETE ON trail
BEGIN SELECT RAISE(ABORT, 'rule 7: the trail is append-only'); END;
