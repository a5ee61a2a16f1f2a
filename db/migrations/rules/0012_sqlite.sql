-- An erasure is one row, stored when the data is gone; from then on nothing is written about the person.
-- A line that holds only an arrow stands between statements.

CREATE TRIGGER erasure_of_what_is_gone BEFORE INSERT ON erasure
BEGIN
  SELECT RAISE(ABORT, 'erased: an open match must end first')
  WHERE EXISTS (SELECT 1 FROM match JOIN mentor ON mentor.id = match.mentor_id
      WHERE mentor.ref = NEW.ref AND match.state IN ('proposed', 'on_hold', 'approved', 'active'))
    OR EXISTS (SELECT 1 FROM match JOIN mentee ON mentee.id = match.mentee_id
      WHERE mentee.ref = NEW.ref AND match.state IN ('proposed', 'on_hold', 'approved', 'active'));
  SELECT RAISE(ABORT, 'erased: the data is still there')
  WHERE NOT EXISTS (SELECT 1 FROM mentor WHERE ref = NEW.ref AND NEW.kind = 'mentor' AND first_name = 'Erased' AND email = ''
      AND withdrawn_on IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM mentee WHERE ref = NEW.ref AND NEW.kind = 'mentee' AND first_name = 'Erased' AND email = ''
      AND withdrawn_on IS NOT NULL);
END;
-->
CREATE TRIGGER erasure_unchanged BEFORE UPDATE ON erasure
BEGIN SELECT RAISE(ABORT, 'an erasure is kept as it was'); END;
-->
CREATE TRIGGER erasure_kept BEFORE DELETE ON erasure
BEGIN SELECT RAISE(ABORT, 'an erasure is kept as it was'); END;
-->
CREATE TRIGGER mentor_stays_erased BEFORE UPDATE ON mentor WHEN EXISTS (SELECT 1 FROM erasure WHERE ref = OLD.ref)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER mentee_stays_erased BEFORE UPDATE ON mentee WHEN EXISTS (SELECT 1 FROM erasure WHERE ref = OLD.ref)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER match_of_nobody_erased BEFORE INSERT ON match
WHEN EXISTS (SELECT 1 FROM erasure JOIN mentor ON mentor.ref = erasure.ref WHERE mentor.id = NEW.mentor_id)
  OR EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.mentee_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER match_of_erased_stays_closed BEFORE UPDATE OF state ON match
WHEN NEW.state IN ('proposed', 'on_hold', 'approved', 'active') AND OLD.state NOT IN ('proposed', 'on_hold', 'approved', 'active')
 AND (EXISTS (SELECT 1 FROM erasure JOIN mentor ON mentor.ref = erasure.ref WHERE mentor.id = NEW.mentor_id)
  OR EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.mentee_id))
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER merge_of_nobody_erased BEFORE INSERT ON person_merge
WHEN EXISTS (SELECT 1 FROM erasure WHERE ref = NEW.ref)
  OR EXISTS (SELECT 1 FROM erasure JOIN mentor ON mentor.ref = erasure.ref WHERE mentor.id = NEW.mentor_id)
  OR EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.mentee_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER match_transition_of_erased_has_no_note BEFORE INSERT ON match_transition
WHEN NEW.note IS NOT NULL AND EXISTS (SELECT 1 FROM match
  WHERE match.id = NEW.match_id AND (match.mentor_id IN (SELECT mentor.id FROM mentor JOIN erasure ON erasure.ref = mentor.ref)
    OR match.mentee_id IN (SELECT mentee.id FROM mentee JOIN erasure ON erasure.ref = mentee.ref)))
BEGIN SELECT RAISE(ABORT, 'erased: nothing is written any more about a match of this person'); END;
-->
CREATE TRIGGER match_mark_of_erased_has_no_note BEFORE INSERT ON match_mark
WHEN NEW.note IS NOT NULL AND EXISTS (SELECT 1 FROM match
  WHERE match.id = NEW.match_id AND (match.mentor_id IN (SELECT mentor.id FROM mentor JOIN erasure ON erasure.ref = mentor.ref)
    OR match.mentee_id IN (SELECT mentee.id FROM mentee JOIN erasure ON erasure.ref = mentee.ref)))
BEGIN SELECT RAISE(ABORT, 'erased: nothing is written any more about a match of this person'); END;
-->
CREATE TRIGGER check_in_of_erased_has_no_note BEFORE INSERT ON check_in
WHEN NEW.note IS NOT NULL AND EXISTS (SELECT 1 FROM match
  WHERE match.id = NEW.match_id AND (match.mentor_id IN (SELECT mentor.id FROM mentor JOIN erasure ON erasure.ref = mentor.ref)
    OR match.mentee_id IN (SELECT mentee.id FROM mentee JOIN erasure ON erasure.ref = mentee.ref)))
BEGIN SELECT RAISE(ABORT, 'erased: nothing is written any more about a match of this person'); END;
-->
CREATE TRIGGER attempt_of_erased_has_no_note BEFORE INSERT ON attempt
WHEN NEW.note IS NOT NULL AND EXISTS (SELECT 1 FROM match
  WHERE match.id = NEW.match_id AND (match.mentor_id IN (SELECT mentor.id FROM mentor JOIN erasure ON erasure.ref = mentor.ref)
    OR match.mentee_id IN (SELECT mentee.id FROM mentee JOIN erasure ON erasure.ref = mentee.ref)))
BEGIN SELECT RAISE(ABORT, 'erased: nothing is written any more about a match of this person'); END;
-->
CREATE TRIGGER attendance_of_nobody_erased BEFORE INSERT ON attendance
WHEN EXISTS (SELECT 1 FROM erasure JOIN mentor ON mentor.ref = erasure.ref WHERE mentor.id = NEW.mentor_id)
  OR EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.mentee_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER survey_response_of_nobody_erased BEFORE INSERT ON survey_response
WHEN EXISTS (SELECT 1 FROM erasure JOIN mentor ON mentor.ref = erasure.ref WHERE mentor.id = NEW.mentor_id)
  OR EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.mentee_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER survey_link_of_nobody_erased BEFORE INSERT ON survey_link
WHEN EXISTS (SELECT 1 FROM erasure JOIN mentor ON mentor.ref = erasure.ref WHERE mentor.id = NEW.mentor_id)
  OR EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.mentee_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER own_words_of_nobody_erased BEFORE INSERT ON own_words
WHEN EXISTS (SELECT 1 FROM erasure JOIN mentor ON mentor.ref = erasure.ref WHERE mentor.id = NEW.mentor_id)
  OR EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.mentee_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER outcome_of_nobody_erased BEFORE INSERT ON outcome
WHEN EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.mentee_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER placement_of_nobody_erased BEFORE INSERT ON placement
WHEN EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.mentee_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER mentor_speciality_of_nobody_erased BEFORE INSERT ON mentor_speciality
WHEN EXISTS (SELECT 1 FROM erasure JOIN mentor ON mentor.ref = erasure.ref WHERE mentor.id = NEW.person_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
-->
CREATE TRIGGER mentee_speciality_of_nobody_erased BEFORE INSERT ON mentee_speciality
WHEN EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = NEW.person_id)
BEGIN SELECT RAISE(ABORT, 'erased: nothing is kept of this person any more'); END;
