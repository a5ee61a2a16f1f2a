-- A mail that was sent stays sent.
-- A line that holds only an arrow stands between statements.

CREATE TRIGGER mailing_sent BEFORE UPDATE ON mailing FOR EACH ROW
WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION kept();
-->
CREATE TRIGGER mailing_kept BEFORE DELETE OR TRUNCATE ON mailing EXECUTE FUNCTION kept();
