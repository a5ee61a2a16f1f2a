-- A match has a coach from its start on, and another only by a hand-over that the other has a place for.
-- A line that holds only an arrow stands between statements.

CREATE TRIGGER match_coach_begins AFTER INSERT ON match_transition
WHEN NEW.to_state = 'active'
BEGIN
  INSERT INTO match_coach (match_id, seq, coach_id, on_day, at, by_id, by_name)
  SELECT match.id, 1, mentee.coach_id, NEW.on_day, NEW.at, NEW.by_id, NEW.by_name
    FROM match JOIN mentee ON mentee.id = match.mentee_id
   WHERE match.id = NEW.match_id AND NOT EXISTS (SELECT 1 FROM match_coach WHERE match_id = match.id);
END;
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
       AND absence.called_off_at IS NULL AND absence.last_day >= date('now', '-12 hours')
       AND absence.coach_id = (SELECT coach_id FROM match_coach c WHERE c.match_id = cover.match_id ORDER BY seq DESC LIMIT 1)
  ) AS held
FROM coach;
-->
CREATE TRIGGER match_coach_in_order BEFORE INSERT ON match_coach
BEGIN
  SELECT RAISE(ABORT, 'hand-over: the match has another coach meanwhile')
  WHERE NEW.seq <> coalesce((SELECT max(seq) FROM match_coach WHERE match_id = NEW.match_id), 0) + 1;
  SELECT RAISE(ABORT, 'hand-over: the days are out of order')
  WHERE NEW.seq > 1 AND (NEW.on_day IS NOT date(NEW.on_day, '+0 days')
    OR NEW.on_day < (SELECT on_day FROM match_coach WHERE match_id = NEW.match_id AND seq = NEW.seq - 1)
    OR NEW.on_day > date('now', '+14 hours'));
END;
-->
CREATE TRIGGER match_coach_room AFTER INSERT ON match_coach
WHEN NEW.coach_id IS NOT NULL AND NEW.undoes_seq IS NULL
  AND NEW.seq > 1
BEGIN
  SELECT RAISE(ABORT, 'hand-over: the coach has left') FROM coach WHERE id = NEW.coach_id AND left_on <= NEW.on_day;
  SELECT RAISE(ABORT, 'hand-over: the coach has no free place') FROM coach
  WHERE id = NEW.coach_id AND capacity < (SELECT held FROM coach_places WHERE coach_id = NEW.coach_id);
END;
-->
CREATE TRIGGER match_coach_unchanged BEFORE UPDATE ON match_coach
BEGIN SELECT RAISE(ABORT, 'hand-overs are append-only'); END;
-->
CREATE TRIGGER match_coach_kept BEFORE DELETE ON match_coach
BEGIN SELECT RAISE(ABORT, 'hand-overs are append-only'); END;
-->
CREATE TRIGGER cover_room AFTER INSERT ON cover
BEGIN
  SELECT RAISE(ABORT, 'hand-over: nobody covers their own absence') FROM absence
  WHERE id = NEW.absence_id AND coach_id = NEW.coach_id;
  SELECT RAISE(ABORT, 'hand-over: the coach has left') FROM coach JOIN absence ON absence.id = NEW.absence_id
  WHERE coach.id = NEW.coach_id AND coach.left_on <= absence.last_day;
  SELECT RAISE(ABORT, 'hand-over: the coach has no free place') FROM coach
  WHERE id = NEW.coach_id AND capacity < (SELECT held FROM coach_places WHERE coach_id = NEW.coach_id);
END;
-->
CREATE TRIGGER cover_unchanged BEFORE UPDATE ON cover
BEGIN SELECT RAISE(ABORT, 'cover is planned anew, never changed'); END;
