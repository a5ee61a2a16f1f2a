-- Saved weights are append-only: a proposal names the version it was made with.
-- A line that holds only an arrow stands between statements.
CREATE TRIGGER fit_weights_unchanged BEFORE UPDATE ON fit_weights
BEGIN SELECT RAISE(ABORT, 'saved weights are append-only'); END;
-->
CREATE TRIGGER fit_weights_kept BEFORE DELETE ON fit_weights
BEGIN SELECT RAISE(ABORT, 'saved weights are append-only'); END;
