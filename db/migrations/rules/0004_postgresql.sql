-- Two entries of one person are merged by one row of person_merge: matches follow it, and nothing else moves them.
-- A line that holds only an arrow stands between statements.

-- The exception for moved people holds only while the other is still there: the same statement takes them away.
CREATE OR REPLACE FUNCTION match_follows_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.version = OLD.version AND (NEW.state, NEW.decided_on, NEW.started_on, NEW.ended_on, NEW.hold_until, NEW.never_again, NEW.reason)
        IS DISTINCT FROM (OLD.state, OLD.decided_on, OLD.started_on, OLD.ended_on, OLD.hold_until, OLD.never_again, OLD.reason))
     OR (NEW.version <> OLD.version AND (NEW.version <> OLD.version + 1 OR NOT EXISTS (
        SELECT 1 FROM match_transition WHERE match_id = NEW.id AND seq = NEW.version AND to_state = NEW.state))) THEN
    RAISE EXCEPTION 'rule 6: a match moves only by its transitions' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.id, NEW.ref, NEW.programme_id, NEW.cohort_id, NEW.group_id,
      NEW.proposed_on, NEW.proposed_at, NEW.proposed_by_id)
     IS DISTINCT FROM (OLD.id, OLD.ref, OLD.programme_id, OLD.cohort_id, OLD.group_id,
      OLD.proposed_on, OLD.proposed_at, OLD.proposed_by_id)
    OR (NEW.mentor_id <> OLD.mentor_id AND NOT EXISTS (
      SELECT 1 FROM person_merge JOIN mentor ON mentor.ref = person_merge.ref
      WHERE mentor.id = OLD.mentor_id AND person_merge.mentor_id = NEW.mentor_id))
    OR (NEW.mentee_id <> OLD.mentee_id AND NOT EXISTS (
      SELECT 1 FROM person_merge JOIN mentee ON mentee.ref = person_merge.ref
      WHERE mentee.id = OLD.mentee_id AND person_merge.mentee_id = NEW.mentee_id)) THEN
    RAISE EXCEPTION 'a match keeps its people; void it and propose another' USING ERRCODE = 'check_violation';
  END IF;
  IF blank(NEW.override_reason) AND NOT blank(OLD.override_reason) THEN
    RAISE EXCEPTION 'rule 3: the reason for an override stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
-- Rules 2 to 4 hold for a match that comes to another person.
CREATE FUNCTION match_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_open boolean := NEW.state IN ('proposed', 'on_hold', 'approved', 'active');
BEGIN
  IF is_open AND (SELECT count(*) FROM match WHERE mentor_id = NEW.mentor_id AND state IN ('proposed', 'on_hold', 'approved', 'active'))
     > (SELECT capacity FROM mentor WHERE id = NEW.mentor_id) THEN
    RAISE EXCEPTION 'rule 2: the mentor has no free place' USING ERRCODE = 'check_violation';
  END IF;
  IF is_open AND blank(NEW.override_reason) AND NOT (
       NEW.group_id = (SELECT group_id FROM mentor WHERE id = NEW.mentor_id)
       AND NEW.group_id = (SELECT group_id FROM mentee WHERE id = NEW.mentee_id)) THEN
    RAISE EXCEPTION 'rule 3: mentor and mentee have different occupational groups' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM match WHERE mentor_id = NEW.mentor_id AND mentee_id = NEW.mentee_id AND never_again)
     AND EXISTS (SELECT 1 FROM match WHERE mentor_id = NEW.mentor_id AND mentee_id = NEW.mentee_id AND state IN ('proposed', 'on_hold', 'approved', 'active')) THEN
    RAISE EXCEPTION 'rule 4: this pair was declined for good' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER match_moved AFTER UPDATE OF mentor_id, mentee_id ON match FOR EACH ROW
WHEN (NEW.mentor_id <> OLD.mentor_id OR NEW.mentee_id <> OLD.mentee_id) EXECUTE FUNCTION match_moved();
-->
CREATE FUNCTION merge_of_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The locks make whoever would match either of them wait; lower numbers first, as every writer of two people does.
  PERFORM 1 FROM mentor WHERE ref = NEW.ref OR id = NEW.mentor_id ORDER BY id FOR UPDATE;
  PERFORM 1 FROM mentee WHERE ref = NEW.ref OR id = NEW.mentee_id ORDER BY id FOR UPDATE;
  IF NOT (EXISTS (SELECT 1 FROM mentor WHERE ref = NEW.ref AND id <> NEW.mentor_id)
          OR EXISTS (SELECT 1 FROM mentee WHERE ref = NEW.ref AND id <> NEW.mentee_id)) THEN
    RAISE EXCEPTION 'two different people of one kind are merged' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER merge_of_two BEFORE INSERT ON person_merge FOR EACH ROW EXECUTE FUNCTION merge_of_two();
-->
CREATE FUNCTION merge_done() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE other integer;
BEGIN
  IF NEW.mentor_id IS NOT NULL THEN
    SELECT id INTO other FROM mentor WHERE ref = NEW.ref;
    UPDATE match SET mentor_id = NEW.mentor_id WHERE mentor_id = other;
    UPDATE person_merge SET mentor_id = NEW.mentor_id WHERE mentor_id = other;
    DELETE FROM mentor WHERE id = other;
  ELSIF NEW.mentee_id IS NOT NULL THEN
    SELECT id INTO other FROM mentee WHERE ref = NEW.ref;
    UPDATE match SET mentee_id = NEW.mentee_id WHERE mentee_id = other;
    UPDATE person_merge SET mentee_id = NEW.mentee_id WHERE mentee_id = other;
    DELETE FROM mentee WHERE id = other;
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER merge_done AFTER INSERT ON person_merge FOR EACH ROW EXECUTE FUNCTION merge_done();
-->
CREATE FUNCTION merge_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.ref, NEW.merged_at, NEW.mentor_id IS NULL) IS DISTINCT FROM (OLD.id, OLD.ref, OLD.merged_at, OLD.mentor_id IS NULL)
    OR (NEW.mentor_id <> OLD.mentor_id AND NOT EXISTS (
      SELECT 1 FROM person_merge JOIN mentor ON mentor.ref = person_merge.ref
      WHERE mentor.id = OLD.mentor_id AND person_merge.mentor_id = NEW.mentor_id))
    OR (NEW.mentee_id <> OLD.mentee_id AND NOT EXISTS (
      SELECT 1 FROM person_merge JOIN mentee ON mentee.ref = person_merge.ref
      WHERE mentee.id = OLD.mentee_id AND person_merge.mentee_id = NEW.mentee_id)) THEN
    RAISE EXCEPTION 'a merge is kept as it was' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER merge_unchanged BEFORE UPDATE ON person_merge FOR EACH ROW EXECUTE FUNCTION merge_unchanged();
-->
CREATE TRIGGER merge_kept BEFORE DELETE OR TRUNCATE ON person_merge EXECUTE FUNCTION kept();
-->
CREATE FUNCTION person_keeps_ref() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM person_merge WHERE ref = NEW.ref) THEN
    RAISE EXCEPTION 'a person keeps their reference' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER mentor_keeps_ref BEFORE UPDATE OF ref ON mentor FOR EACH ROW
WHEN (NEW.ref <> OLD.ref) EXECUTE FUNCTION person_keeps_ref();
-->
CREATE TRIGGER mentor_takes_no_ref BEFORE INSERT ON mentor FOR EACH ROW EXECUTE FUNCTION person_keeps_ref();
-->
CREATE TRIGGER mentee_keeps_ref BEFORE UPDATE OF ref ON mentee FOR EACH ROW
WHEN (NEW.ref <> OLD.ref) EXECUTE FUNCTION person_keeps_ref();
-->
CREATE TRIGGER mentee_takes_no_ref BEFORE INSERT ON mentee FOR EACH ROW EXECUTE FUNCTION person_keeps_ref();
