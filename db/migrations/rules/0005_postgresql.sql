-- Rules 5 and 6 for the steps of a running match, for PostgreSQL.
-- A line that holds only an arrow stands between statements.
-- The days of a match and of its steps, where the latest word on each step holds.
CREATE VIEW match_marked AS
SELECT id, state, started_on, ended_on,
  (SELECT on_day FROM match_mark WHERE match_id = match.id AND step = 'orientation' ORDER BY seq DESC LIMIT 1) AS oriented_on,
  (SELECT on_day FROM match_mark WHERE match_id = match.id AND step = 'first_meeting' ORDER BY seq DESC LIMIT 1) AS met_on,
  (SELECT on_day FROM match_mark WHERE match_id = match.id AND step = 'agreement' ORDER BY seq DESC LIMIT 1) AS agreed_on
FROM match;
-->
CREATE FUNCTION mark_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The lock makes two writers on one match take turns.
  PERFORM 1 FROM match WHERE id = NEW.match_id FOR NO KEY UPDATE;
  IF NEW.seq <> (SELECT count(*) FROM match_mark WHERE match_id = NEW.match_id AND step = NEW.step) THEN
    RAISE EXCEPTION 'rule 6: the step was recorded a moment ago' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.on_day > (now() AT TIME ZONE 'UTC' + interval '14 hours')::date THEN
    RAISE EXCEPTION 'rule 5: the day lies in the future' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM match WHERE id = NEW.match_id AND state NOT IN ('active', 'completed', 'ended_early')) THEN
    RAISE EXCEPTION 'rule 5: steps are of matches that have started' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM match_marked
      WHERE id = NEW.match_id AND (met_on < started_on OR agreed_on < started_on OR agreed_on < met_on
        OR oriented_on > ended_on OR met_on > ended_on OR agreed_on > ended_on)) THEN
    RAISE EXCEPTION 'rule 5: the days are out of order' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER mark_in_order AFTER INSERT ON match_mark FOR EACH ROW EXECUTE FUNCTION mark_in_order();
-->
CREATE FUNCTION match_keeps_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM match_marked
      WHERE id = NEW.id AND started_on IS NULL AND coalesce(oriented_on, met_on, agreed_on) IS NOT NULL) THEN
    RAISE EXCEPTION 'rule 5: a step is recorded' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM match_marked
      WHERE id = NEW.id AND (met_on < started_on OR agreed_on < started_on
        OR oriented_on > ended_on OR met_on > ended_on OR agreed_on > ended_on)) THEN
    RAISE EXCEPTION 'rule 5: the days are out of order' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER match_keeps_marks_in_order AFTER UPDATE OF started_on, ended_on ON match FOR EACH ROW
WHEN ((NEW.started_on, NEW.ended_on) IS DISTINCT FROM (OLD.started_on, OLD.ended_on))
EXECUTE FUNCTION match_keeps_marks();
-->
CREATE FUNCTION mark_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.note IS NOT NULL OR (to_jsonb(NEW) - 'note') <> (to_jsonb(OLD) - 'note') THEN
    RAISE EXCEPTION 'steps are append-only; only a note can be erased' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER mark_unchanged BEFORE UPDATE ON match_mark FOR EACH ROW EXECUTE FUNCTION mark_unchanged();
-->
CREATE TRIGGER mark_kept BEFORE DELETE OR TRUNCATE ON match_mark EXECUTE FUNCTION kept();
