-- A mail that was sent stays sent.
-- A line that holds only an arrow stands between statements.

CREATE TRIGGER mailing_sent BEFORE UPDATE ON mailing WHEN OLD.sent_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a mail that was sent stays sent'); END;
-->
CREATE TRIGGER mailing_kept BEFORE DELETE ON mailing
BEGIN SELECT RAISE(ABORT, 'mails are kept for good'); END;
