-- Two entries of one person are merged by one row of person_merge: matches follow it, and nothing else moves them.
-- A line that holds only an arrow stands between statements.

-- The exception below holds only while the other person is still there: the same statement takes them away.
DROP TRIGGER match_keeps_people
-->
CREATE TRIGGER match_keeps_people BEFORE UPDATE ON match
WHEN NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.programme_id <> OLD.programme_id OR NEW.cohort_id <> OLD.cohort_id
  OR NEW.group_id <> OLD.group_id OR NEW.proposed_on <> OLD.proposed_on OR NEW.proposed_at <> OLD.proposed_at
  OR NEW.proposed_by_id IS NOT OLD.proposed_by_id
  OR (NEW.mentor_id <> OLD.mentor_id AND NOT EXISTS (
    SELECT 1 FROM person_merge JOIN mentor ON mentor.ref = person_merge.ref
    WHERE mentor.id = OLD.mentor_id AND person_merge.mentor_id = NEW.mentor_id))
  OR (NEW.mentee_id <> OLD.mentee_id AND NOT EXISTS (
    SELECT 1 FROM person_merge JOIN mentee ON mentee.ref = person_merge.ref
    WHERE mentee.id = OLD.mentee_id AND person_merge.mentee_id = NEW.mentee_id))
BEGIN SELECT RAISE(ABORT, 'a match keeps its people; void it and propose another'); END;
-->
-- Rules 2 to 4 hold for a match that comes to another person.
CREATE TRIGGER match_moved AFTER UPDATE OF mentor_id, mentee_id ON match
WHEN NEW.mentor_id <> OLD.mentor_id OR NEW.mentee_id <> OLD.mentee_id
BEGIN
  SELECT RAISE(ABORT, 'rule 2: the mentor has no free place')
  WHERE NEW.state IN ('proposed', 'on_hold', 'approved', 'active')
   AND (SELECT count(*) FROM match WHERE mentor_id = NEW.mentor_id AND state IN ('proposed', 'on_hold', 'approved', 'active'))
     > (SELECT capacity FROM mentor WHERE id = NEW.mentor_id);
  SELECT RAISE(ABORT, 'rule 3: mentor and mentee have different occupational groups')
  WHERE NEW.state IN ('proposed', 'on_hold', 'approved', 'active')
   AND trim(coalesce(NEW.override_reason, ''), char(9, 10, 13, 32, 160)) = '' AND NOT (
    NEW.group_id = (SELECT group_id FROM mentor WHERE id = NEW.mentor_id)
    AND NEW.group_id = (SELECT group_id FROM mentee WHERE id = NEW.mentee_id));
  SELECT RAISE(ABORT, 'rule 4: this pair was declined for good')
  WHERE EXISTS (SELECT 1 FROM match WHERE mentor_id = NEW.mentor_id AND mentee_id = NEW.mentee_id AND never_again)
   AND EXISTS (SELECT 1 FROM match WHERE mentor_id = NEW.mentor_id AND mentee_id = NEW.mentee_id AND state IN ('proposed', 'on_hold', 'approved', 'active'));
END;
-->
CREATE TRIGGER merge_of_two BEFORE INSERT ON person_merge
WHEN NOT (EXISTS (SELECT 1 FROM mentor WHERE ref = NEW.ref AND id <> NEW.mentor_id)
  OR EXISTS (SELECT 1 FROM mentee WHERE ref = NEW.ref AND id <> NEW.mentee_id))
BEGIN SELECT RAISE(ABORT, 'two different people of one kind are merged'); END;
-->
CREATE TRIGGER merge_done AFTER INSERT ON person_merge
BEGIN
  UPDATE match SET mentor_id = NEW.mentor_id
  WHERE NEW.mentor_id IS NOT NULL AND mentor_id = (SELECT id FROM mentor WHERE ref = NEW.ref);
  UPDATE person_merge SET mentor_id = NEW.mentor_id
  WHERE NEW.mentor_id IS NOT NULL AND mentor_id = (SELECT id FROM mentor WHERE ref = NEW.ref);
  DELETE FROM mentor WHERE NEW.mentor_id IS NOT NULL AND ref = NEW.ref;
  UPDATE match SET mentee_id = NEW.mentee_id
  WHERE NEW.mentee_id IS NOT NULL AND mentee_id = (SELECT id FROM mentee WHERE ref = NEW.ref);
  UPDATE person_merge SET mentee_id = NEW.mentee_id
  WHERE NEW.mentee_id IS NOT NULL AND mentee_id = (SELECT id FROM mentee WHERE ref = NEW.ref);
  DELETE FROM mentee WHERE NEW.mentee_id IS NOT NULL AND ref = NEW.ref;
END;
-->
CREATE TRIGGER merge_unchanged BEFORE UPDATE ON person_merge
WHEN NEW.id <> OLD.id OR NEW.ref <> OLD.ref OR NEW.merged_at <> OLD.merged_at
  OR (NEW.mentor_id IS NULL) <> (OLD.mentor_id IS NULL)
  OR (NEW.mentor_id <> OLD.mentor_id AND NOT EXISTS (
    SELECT 1 FROM person_merge g JOIN mentor ON mentor.ref = g.ref
    WHERE mentor.id = OLD.mentor_id AND g.mentor_id = NEW.mentor_id))
  OR (NEW.mentee_id <> OLD.mentee_id AND NOT EXISTS (
    SELECT 1 FROM person_merge g JOIN mentee ON mentee.ref = g.ref
    WHERE mentee.id = OLD.mentee_id AND g.mentee_id = NEW.mentee_id))
BEGIN SELECT RAISE(ABORT, 'a merge is kept as it was'); END;
-->
CREATE TRIGGER merge_kept BEFORE DELETE ON person_merge
BEGIN SELECT RAISE(ABORT, 'a merge is kept as it was'); END;
-->
CREATE TRIGGER mentor_keeps_ref BEFORE UPDATE OF ref ON mentor WHEN NEW.ref <> OLD.ref
BEGIN SELECT RAISE(ABORT, 'a person keeps their reference'); END;
-->
CREATE TRIGGER mentor_takes_no_ref BEFORE INSERT ON mentor WHEN EXISTS (SELECT 1 FROM person_merge WHERE ref = NEW.ref)
BEGIN SELECT RAISE(ABORT, 'a person keeps their reference'); END;
-->
CREATE TRIGGER mentee_keeps_ref BEFORE UPDATE OF ref ON mentee WHEN NEW.ref <> OLD.ref
BEGIN SELECT RAISE(ABORT, 'a person keeps their reference'); END;
-->
CREATE TRIGGER mentee_takes_no_ref BEFORE INSERT ON mentee WHEN EXISTS (SELECT 1 FROM person_merge WHERE ref = NEW.ref)
BEGIN SELECT RAISE(ABORT, 'a person keeps their reference'); END;
