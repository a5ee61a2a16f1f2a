-- The seven rules of the domain that columns, constraints and unique indexes cannot say, for PostgreSQL.
-- A line that holds only an arrow stands between statements.
-- Checks that look at other rows run AFTER: a statement that waited for another writer then sees what it wrote.

CREATE FUNCTION blank(said text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT btrim(coalesce(said, ''), chr(9) || chr(10) || chr(13) || chr(32) || chr(160)) = ''
$$;
-->
-- A rule that looks at other rows must see what others just stored; at the higher levels a trigger sees an old snapshot.
CREATE FUNCTION sees_others() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'people and matches are written at READ COMMITTED' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER match_sees_others BEFORE INSERT OR UPDATE ON match EXECUTE FUNCTION sees_others();
-->
CREATE TRIGGER mentor_sees_others BEFORE UPDATE ON mentor EXECUTE FUNCTION sees_others();
-->
CREATE TRIGGER mentee_sees_others BEFORE UPDATE ON mentee EXECUTE FUNCTION sees_others();
-->
CREATE FUNCTION match_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'proposed' OR NEW.version <> 1 OR NEW.decided_on IS NOT NULL OR NEW.started_on IS NOT NULL
     OR NEW.ended_on IS NOT NULL OR NEW.hold_until IS NOT NULL OR NEW.never_again THEN
    RAISE EXCEPTION 'rule 6: a match begins as a proposal' USING ERRCODE = 'check_violation';
  END IF;
  -- Rule 5: today is over last at UTC+14.
  IF NEW.proposed_on > (now() AT TIME ZONE 'UTC' + interval '14 hours')::date THEN
    RAISE EXCEPTION 'rule 5: the day lies in the future' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER match_begins BEFORE INSERT ON match FOR EACH ROW EXECUTE FUNCTION match_begins();
-->
CREATE FUNCTION match_room() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE places integer;
BEGIN
  -- Rule 2. The lock makes two writers on one mentor take turns; NO KEY, so that it does not fight foreign keys.
  SELECT capacity INTO places FROM mentor WHERE id = NEW.mentor_id FOR NO KEY UPDATE;
  IF (SELECT count(*) FROM match WHERE mentor_id = NEW.mentor_id
        AND state IN ('proposed', 'on_hold', 'approved', 'active')) > places THEN
    RAISE EXCEPTION 'rule 2: the mentor has no free place' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE FUNCTION match_first_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO match_transition (match_id, seq, from_state, to_state, on_day, at, by_id, by_name, never_again)
  VALUES (NEW.id, 1, NULL, 'proposed', NEW.proposed_on, NEW.proposed_at, NEW.proposed_by_id, NULL, false);
  RETURN NULL;
END $$;
-->
CREATE FUNCTION match_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Rule 3. The locks keep both groups still until this commits.
  PERFORM 1 FROM mentor WHERE id = NEW.mentor_id FOR NO KEY UPDATE;
  PERFORM 1 FROM mentee WHERE id = NEW.mentee_id FOR NO KEY UPDATE;
  IF blank(NEW.override_reason) AND NOT (
       NEW.group_id = (SELECT group_id FROM mentor WHERE id = NEW.mentor_id)
       AND NEW.group_id = (SELECT group_id FROM mentee WHERE id = NEW.mentee_id)) THEN
    RAISE EXCEPTION 'rule 3: mentor and mentee have different occupational groups' USING ERRCODE = 'check_violation';
  END IF;
  -- Rule 4.
  IF EXISTS (SELECT 1 FROM match WHERE mentor_id = NEW.mentor_id AND mentee_id = NEW.mentee_id AND never_again) THEN
    RAISE EXCEPTION 'rule 4: this pair was declined for good' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER match_room_new AFTER INSERT ON match FOR EACH ROW EXECUTE FUNCTION match_room();
-->
CREATE TRIGGER match_room_again AFTER UPDATE OF state ON match FOR EACH ROW
WHEN (NEW.state IN ('proposed', 'on_hold', 'approved', 'active')
      AND OLD.state NOT IN ('proposed', 'on_hold', 'approved', 'active'))
EXECUTE FUNCTION match_room();
-->
CREATE TRIGGER match_first_step AFTER INSERT ON match FOR EACH ROW EXECUTE FUNCTION match_first_step();
-->
-- Fires after match_room: triggers go by name, and every writer locks the mentor before the mentee.
CREATE TRIGGER match_together_new AFTER INSERT ON match FOR EACH ROW EXECUTE FUNCTION match_pair();
-->
CREATE TRIGGER match_together_again AFTER UPDATE OF state ON match FOR EACH ROW
WHEN (NEW.state IN ('proposed', 'on_hold', 'approved', 'active')
      AND OLD.state NOT IN ('proposed', 'on_hold', 'approved', 'active'))
EXECUTE FUNCTION match_pair();
-->
CREATE FUNCTION person_keeps_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a person keeps their number' USING ERRCODE = 'check_violation';
END $$;
-->
CREATE TRIGGER mentor_keeps_number BEFORE UPDATE OF id ON mentor FOR EACH ROW
WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION person_keeps_number();
-->
CREATE TRIGGER mentee_keeps_number BEFORE UPDATE OF id ON mentee FOR EACH ROW
WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION person_keeps_number();
-->
CREATE FUNCTION mentor_keeps_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.capacity < (SELECT count(*) FROM match WHERE mentor_id = NEW.id
       AND state IN ('proposed', 'on_hold', 'approved', 'active')) THEN
    RAISE EXCEPTION 'rule 2: the mentor has more open matches than that' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER mentor_capacity AFTER UPDATE OF capacity ON mentor FOR EACH ROW EXECUTE FUNCTION mentor_keeps_room();
-->
CREATE FUNCTION mentor_keeps_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM match WHERE mentor_id = NEW.id AND state IN ('proposed', 'on_hold', 'approved', 'active')
       AND group_id <> NEW.group_id AND blank(override_reason)) THEN
    RAISE EXCEPTION 'rule 3: the mentor has an open match in another occupational group' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER mentor_group AFTER UPDATE OF group_id ON mentor FOR EACH ROW
WHEN (NEW.group_id <> OLD.group_id) EXECUTE FUNCTION mentor_keeps_group();
-->
CREATE FUNCTION mentee_keeps_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM match WHERE mentee_id = NEW.id AND state IN ('proposed', 'on_hold', 'approved', 'active')
       AND group_id <> NEW.group_id AND blank(override_reason)) THEN
    RAISE EXCEPTION 'rule 3: the mentee has an open match in another occupational group' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER mentee_group AFTER UPDATE OF group_id ON mentee FOR EACH ROW
WHEN (NEW.group_id <> OLD.group_id) EXECUTE FUNCTION mentee_keeps_group();
-->
CREATE FUNCTION step_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.on_day > (now() AT TIME ZONE 'UTC' + interval '14 hours')::date THEN
    RAISE EXCEPTION 'rule 5: the day lies in the future' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.seq = 1 THEN RETURN NULL; END IF;
  -- A transition carries its match along; the match must still stand where the transition starts from.
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
    never_again = CASE WHEN NEW.to_state = 'declined' THEN NEW.never_again ELSE false END
  WHERE id = NEW.match_id AND version = NEW.seq - 1 AND state = NEW.from_state;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'rule 6: the match was decided a moment ago' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.on_day < (SELECT CASE WHEN NEW.to_state = 'declined_by_mentor' THEN decided_on ELSE proposed_on END
                   FROM match WHERE id = NEW.match_id) THEN
    RAISE EXCEPTION 'rule 5: the days are out of order' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER step_taken AFTER INSERT ON match_transition FOR EACH ROW EXECUTE FUNCTION step_taken();
-->
CREATE FUNCTION match_follows_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.version = OLD.version AND (NEW.state, NEW.decided_on, NEW.started_on, NEW.ended_on, NEW.hold_until, NEW.never_again, NEW.reason)
        IS DISTINCT FROM (OLD.state, OLD.decided_on, OLD.started_on, OLD.ended_on, OLD.hold_until, OLD.never_again, OLD.reason))
     OR (NEW.version <> OLD.version AND (NEW.version <> OLD.version + 1 OR NOT EXISTS (
        SELECT 1 FROM match_transition WHERE match_id = NEW.id AND seq = NEW.version AND to_state = NEW.state))) THEN
    RAISE EXCEPTION 'rule 6: a match moves only by its transitions' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.id, NEW.ref, NEW.programme_id, NEW.cohort_id, NEW.mentor_id, NEW.mentee_id, NEW.group_id,
      NEW.proposed_on, NEW.proposed_at, NEW.proposed_by_id)
     IS DISTINCT FROM (OLD.id, OLD.ref, OLD.programme_id, OLD.cohort_id, OLD.mentor_id, OLD.mentee_id, OLD.group_id,
      OLD.proposed_on, OLD.proposed_at, OLD.proposed_by_id) THEN
    RAISE EXCEPTION 'a match keeps its people; void it and propose another' USING ERRCODE = 'check_violation';
  END IF;
  IF blank(NEW.override_reason) AND NOT blank(OLD.override_reason) THEN
    RAISE EXCEPTION 'rule 3: the reason for an override stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER match_follows_steps BEFORE UPDATE ON match FOR EACH ROW EXECUTE FUNCTION match_follows_steps();
-->
CREATE FUNCTION step_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.note IS NOT NULL OR (to_jsonb(NEW) - 'note') <> (to_jsonb(OLD) - 'note') THEN
    RAISE EXCEPTION 'transitions are append-only; only a note can be erased' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER step_unchanged BEFORE UPDATE ON match_transition FOR EACH ROW EXECUTE FUNCTION step_unchanged();
-->
CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are kept for good', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
-->
CREATE TRIGGER match_kept BEFORE DELETE OR TRUNCATE ON match EXECUTE FUNCTION kept();
-->
CREATE TRIGGER step_kept BEFORE DELETE OR TRUNCATE ON match_transition EXECUTE FUNCTION kept();
-->
CREATE TRIGGER trail_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON trail EXECUTE FUNCTION kept();
-->
-- Rule 7: each row of the trail names the hash of the one before.
CREATE FUNCTION trail_chained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> coalesce((SELECT max(seq) FROM trail), 0) + 1
     OR NEW.previous_hash <> coalesce((SELECT hash FROM trail ORDER BY seq DESC LIMIT 1), '') THEN
    RAISE EXCEPTION 'rule 7: the row does not continue the trail' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER trail_chained BEFORE INSERT ON trail FOR EACH ROW EXECUTE FUNCTION trail_chained();
