-- An erasure is one row, stored when the data is gone; from then on nothing is written about the person.
-- A line that holds only an arrow stands between statements.

CREATE FUNCTION erasure_of_what_is_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The locks make whoever would match or change them wait, and see what this stores.
  PERFORM 1 FROM mentor WHERE ref = NEW.ref FOR UPDATE;
  PERFORM 1 FROM mentee WHERE ref = NEW.ref FOR UPDATE;
  IF EXISTS (SELECT 1 FROM match JOIN mentor ON mentor.id = match.mentor_id
       WHERE mentor.ref = NEW.ref AND match.state IN ('proposed', 'on_hold', 'approved', 'active'))
     OR EXISTS (SELECT 1 FROM match JOIN mentee ON mentee.id = match.mentee_id
       WHERE mentee.ref = NEW.ref AND match.state IN ('proposed', 'on_hold', 'approved', 'active')) THEN
    RAISE EXCEPTION 'erased: an open match must end first' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM mentor WHERE ref = NEW.ref AND NEW.kind = 'mentor' AND first_name = 'Erased' AND email = ''
       AND withdrawn_on IS NOT NULL)
     AND NOT EXISTS (SELECT 1 FROM mentee WHERE ref = NEW.ref AND NEW.kind = 'mentee' AND first_name = 'Erased' AND email = ''
       AND withdrawn_on IS NOT NULL) THEN
    RAISE EXCEPTION 'erased: the data is still there' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER erasure_of_what_is_gone BEFORE INSERT ON erasure FOR EACH ROW EXECUTE FUNCTION erasure_of_what_is_gone();
-->
CREATE FUNCTION erasure_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an erasure is kept as it was' USING ERRCODE = 'check_violation';
END $$;
-->
CREATE TRIGGER erasure_kept BEFORE UPDATE OR DELETE ON erasure FOR EACH ROW EXECUTE FUNCTION erasure_kept();
-->
CREATE FUNCTION stays_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM erasure WHERE ref = OLD.ref) THEN
    RAISE EXCEPTION 'erased: nothing is kept of this person any more' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-->
CREATE TRIGGER mentor_stays_erased BEFORE UPDATE ON mentor FOR EACH ROW EXECUTE FUNCTION stays_erased();
-->
CREATE TRIGGER mentee_stays_erased BEFORE UPDATE ON mentee FOR EACH ROW EXECUTE FUNCTION stays_erased();
-->
-- After the statement and after the rules of a match, which lock both people: an erasure that ran meanwhile is then seen.
CREATE FUNCTION nobody_erased(mentor integer, mentee integer) RETURNS boolean LANGUAGE sql AS $$
  SELECT NOT EXISTS (SELECT 1 FROM erasure JOIN mentor ON mentor.ref = erasure.ref WHERE mentor.id = $1)
     AND NOT EXISTS (SELECT 1 FROM erasure JOIN mentee ON mentee.ref = erasure.ref WHERE mentee.id = $2)
$$;
-->
CREATE FUNCTION of_nobody_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT nobody_erased(NEW.mentor_id, NEW.mentee_id) THEN
    RAISE EXCEPTION 'erased: nothing is kept of this person any more' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER match_with_nobody_erased_new AFTER INSERT ON match FOR EACH ROW EXECUTE FUNCTION of_nobody_erased();
-->
CREATE TRIGGER match_with_nobody_erased_again AFTER UPDATE OF state ON match FOR EACH ROW
WHEN (NEW.state IN ('proposed', 'on_hold', 'approved', 'active')
      AND OLD.state NOT IN ('proposed', 'on_hold', 'approved', 'active'))
EXECUTE FUNCTION of_nobody_erased();
-->
CREATE TRIGGER person_merge_of_nobody_erased AFTER INSERT ON person_merge FOR EACH ROW EXECUTE FUNCTION of_nobody_erased();
-->
CREATE TRIGGER attendance_of_nobody_erased AFTER INSERT ON attendance FOR EACH ROW EXECUTE FUNCTION of_nobody_erased();
-->
CREATE TRIGGER survey_response_of_nobody_erased AFTER INSERT ON survey_response FOR EACH ROW EXECUTE FUNCTION of_nobody_erased();
-->
CREATE TRIGGER survey_link_of_nobody_erased AFTER INSERT ON survey_link FOR EACH ROW EXECUTE FUNCTION of_nobody_erased();
-->
CREATE TRIGGER own_words_of_nobody_erased AFTER INSERT ON own_words FOR EACH ROW EXECUTE FUNCTION of_nobody_erased();
-->
CREATE FUNCTION of_no_mentee_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT nobody_erased(NULL, NEW.mentee_id) THEN
    RAISE EXCEPTION 'erased: nothing is kept of this person any more' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER outcome_of_nobody_erased AFTER INSERT ON outcome FOR EACH ROW EXECUTE FUNCTION of_no_mentee_erased();
-->
CREATE TRIGGER placement_of_nobody_erased AFTER INSERT ON placement FOR EACH ROW EXECUTE FUNCTION of_no_mentee_erased();
-->
CREATE FUNCTION mentor_speciality_of_nobody_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT nobody_erased(NEW.person_id, NULL) THEN
    RAISE EXCEPTION 'erased: nothing is kept of this person any more' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER mentor_speciality_of_nobody_erased AFTER INSERT ON mentor_speciality FOR EACH ROW
EXECUTE FUNCTION mentor_speciality_of_nobody_erased();
-->
CREATE FUNCTION mentee_speciality_of_nobody_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT nobody_erased(NULL, NEW.person_id) THEN
    RAISE EXCEPTION 'erased: nothing is kept of this person any more' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER mentee_speciality_of_nobody_erased AFTER INSERT ON mentee_speciality FOR EACH ROW
EXECUTE FUNCTION mentee_speciality_of_nobody_erased();
-->
CREATE FUNCTION erased_has_no_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT NOT nobody_erased(mentor_id, mentee_id) FROM match WHERE id = NEW.match_id) THEN
    RAISE EXCEPTION 'erased: nothing is written any more about a match of this person' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-->
CREATE TRIGGER match_transition_of_erased_has_no_note AFTER INSERT ON match_transition FOR EACH ROW
WHEN (NEW.note IS NOT NULL) EXECUTE FUNCTION erased_has_no_note();
-->
CREATE TRIGGER match_mark_of_erased_has_no_note AFTER INSERT ON match_mark FOR EACH ROW
WHEN (NEW.note IS NOT NULL) EXECUTE FUNCTION erased_has_no_note();
-->
CREATE TRIGGER check_in_of_erased_has_no_note AFTER INSERT ON check_in FOR EACH ROW
WHEN (NEW.note IS NOT NULL) EXECUTE FUNCTION erased_has_no_note();
-->
CREATE TRIGGER attempt_of_erased_has_no_note AFTER INSERT ON attempt FOR EACH ROW
WHEN (NEW.note IS NOT NULL) EXECUTE FUNCTION erased_has_no_note();
