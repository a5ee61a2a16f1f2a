-- Saved weights are append-only: a proposal names the version it was made with.
CREATE TRIGGER fit_weights_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON fit_weights EXECUTE FUNCTION kept();
