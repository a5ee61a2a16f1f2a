-- Rules 5 and 6 for the steps of a running match, for SQLite.
-- A line that holds only an arrow stands between statements.
-- The days of a match and of its steps, where the latest word on each step holds.
CREATE VIEW match_marked AS
SELECT id, state, started_on, ended_on,
  (SELECT on_day FROM match_mark WHERE match_id = match.id AND step = 'orientation' ORDER BY seq DESC LIMIT 1) AS oriented_on,
  (SELECT on_day FROM match_mark WHERE match_id = match.id AND step = 'first_meeting' ORDER BY seq DESC LIMIT 1) AS met_on,
  (SELECT on_day FROM match_mark WHERE match_id = match.id AND step = 'agreement' ORDER BY seq DESC LIMIT 1) AS agreed_on
FROM match;
-->
CREATE TRIGGER mark_in_order AFTER INSERT ON match_mark
BEGIN
  SELECT RAISE(ABORT, 'rule 6: the step was recorded a moment ago')
  WHERE NEW.seq <> (SELECT count(*) FROM match_mark WHERE match_id = NEW.match_id AND step = NEW.step);
  SELECT RAISE(ABORT, 'rule 5: the day lies in the future')
  WHERE NEW.on_day IS NOT NULL AND (NEW.on_day IS NOT date(NEW.on_day, '+0 days') OR NEW.on_day > date('now', '+14 hours'));
  SELECT RAISE(ABORT, 'rule 5: steps are of matches that have started') FROM match_marked
  WHERE id = NEW.match_id AND state NOT IN ('active', 'completed', 'ended_early');
  SELECT RAISE(ABORT, 'rule 5: the days are out of order') FROM match_marked
  WHERE id = NEW.match_id AND (met_on < started_on OR agreed_on < started_on OR agreed_on < met_on
    OR oriented_on > ended_on OR met_on > ended_on OR agreed_on > ended_on);
END;
-->
CREATE TRIGGER match_keeps_marks_in_order AFTER UPDATE OF started_on, ended_on ON match
WHEN EXISTS (SELECT 1 FROM match_mark WHERE match_id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'rule 5: a step is recorded') FROM match_marked
  WHERE id = NEW.id AND started_on IS NULL AND coalesce(oriented_on, met_on, agreed_on) IS NOT NULL;
  SELECT RAISE(ABORT, 'rule 5: the days are out of order') FROM match_marked
  WHERE id = NEW.id AND (met_on < started_on OR agreed_on < started_on
    OR oriented_on > ended_on OR met_on > ended_on OR agreed_on > ended_on);
END;
-->
CREATE TRIGGER mark_unchanged BEFORE UPDATE ON match_mark
WHEN NEW.note IS NOT NULL OR NEW.id <> OLD.id OR NEW.match_id <> OLD.match_id OR NEW.step <> OLD.step
  OR NEW.seq <> OLD.seq OR NEW.on_day IS NOT OLD.on_day OR NEW.at <> OLD.at OR NEW.by_id IS NOT OLD.by_id
  OR NEW.by_name IS NOT OLD.by_name OR NEW.undoes_seq IS NOT OLD.undoes_seq
BEGIN SELECT RAISE(ABORT, 'steps are append-only; only a note can be erased'); END;
-->
CREATE TRIGGER mark_kept BEFORE DELETE ON match_mark
BEGIN SELECT RAISE(ABORT, 'steps are append-only'); END;
