-- A match has a coach from its start on, and another only by a hand-over that the other has a place for.
-- A line that holds only an arrow stands between statements.

CREATE TRIGGER match_coach_sees_others BEFORE INSERT OR UPDATE ON match_coach EXECUTE FUNCTION sees_others();
-->
CREATE TRIGGER cover_sees_others BEFORE INSERT OR UPDATE ON cover EXECUTE FUNCTION sees_others();
-->
CREATE FUNCTION match_coach_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO match_coach (match_id, seq, coach_id, on_day, at, by_id, by_name)
  SELECT match.id, 1, mentee.coach_id, NEW.on_day, NEW.at, NEW.by_id, NEW.by_name
    FROM match JOIN mentee ON mentee.id = match.mentee_id
   WHERE match.id = NEW.match_id AND NOT EXISTS (SELECT 1 FROM match_coach WHERE match_id = match.id);
  RETURN NULL;
END $$;
-->
CREATE TRIGGER match_coach_begins AFTER INSERT ON match_transition FOR EACH ROW
WHEN (NEW.to_state = 'active') EXECUTE FUNCTION match_coach_begins();
-->
-- Places a coach holds: running matches of their own, and those of others that they cover now or soon.
CREATE VIEW coach_places AS
SELECT coach.id AS coach_id, (
    SELECT count(*) FROM match_coach c JOIN match ON match.id = c.match_id
     WHERE c.coach_id = coach.id AND match.state = 'active'
       AND NOT EXISTS (SELECT 1 FROM match_coach later WHERE later.match_id = c.match_id AND later.seq > c.seq)
  ) + (
    SELECT count(DISTINCT cover.match_id) FROM cover
      JOIN absence ON absence.id = cover.absence_id JOIN match ON match.id = cover.match_id
     WHERE cover.coach_id = coach.id AND match.state = 'active'
       AND absence.called_off_at IS NULL
       AND absence.last_day >= (now() AT TIME ZONE 'UTC' - interval '12 hours')::date
       AND absence.coach_id = (SELECT c.coach_id FROM match_coach c WHERE c.match_id = cover.match_id ORDER BY seq DESC LIMIT 1)
  ) AS held
FROM coach;
-->
CREATE FUNCTION match_coach_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> coalesce((SELECT max(seq) FROM match_coach WHERE match_id = NEW.match_id), 0) + 1 THEN
    RAISE EXCEPTION 'hand-over: the match has another coach meanwhile' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.seq > 1 AND (NEW.on_day < (SELECT on_day FROM match_coach WHERE match_id = NEW.match_id AND seq = NEW.seq - 1)
      OR NEW.on_day > (now() AT TIME ZONE 'UTC' + interval '14 hours')::date) THEN
    RAISE EXCEPTION 'hand-over: the days are out of order' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER match_coach_in_order BEFORE INSERT ON match_coach FOR EACH ROW EXECUTE FUNCTION match_coach_in_order();
-->
-- The lock makes two writers on one coach take turns; NO KEY, so that it does not fight foreign keys.
CREATE FUNCTION coach_room(coach_number integer, until date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE wanted coach%ROWTYPE;
BEGIN
  SELECT * INTO wanted FROM coach WHERE id = coach_number FOR NO KEY UPDATE;
  IF wanted.left_on <= until THEN
    RAISE EXCEPTION 'hand-over: the coach has left' USING ERRCODE = 'check_violation';
  END IF;
  IF wanted.capacity < (SELECT held FROM coach_places WHERE coach_id = coach_number) THEN
    RAISE EXCEPTION 'hand-over: the coach has no free place' USING ERRCODE = 'check_violation';
  END IF;
END $$;
-->
CREATE FUNCTION match_coach_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM coach_room(NEW.coach_id, NEW.on_day);
  RETURN NULL;
END $$;
-->
CREATE TRIGGER match_coach_room AFTER INSERT ON match_coach FOR EACH ROW
WHEN (NEW.coach_id IS NOT NULL AND NEW.undoes_seq IS NULL AND NEW.seq > 1) EXECUTE FUNCTION match_coach_room();
-->
CREATE TRIGGER match_coach_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON match_coach EXECUTE FUNCTION kept();
-->
CREATE FUNCTION cover_room() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE away absence%ROWTYPE;
BEGIN
  SELECT * INTO away FROM absence WHERE id = NEW.absence_id;
  IF away.coach_id = NEW.coach_id THEN
    RAISE EXCEPTION 'hand-over: nobody covers their own absence' USING ERRCODE = 'check_violation';
  END IF;
  PERFORM coach_room(NEW.coach_id, away.last_day);
  RETURN NULL;
END $$;
-->
CREATE TRIGGER cover_room AFTER INSERT ON cover FOR EACH ROW EXECUTE FUNCTION cover_room();
-->
CREATE TRIGGER cover_kept BEFORE UPDATE OR TRUNCATE ON cover EXECUTE FUNCTION kept();
