-- After each «matchdesk migrate», as the desk's own role, which owns the database: psql "$DATABASE_URL" < stage_role.sql
REVOKE ALL ON DATABASE matchdesk FROM PUBLIC;
GRANT CONNECT ON DATABASE matchdesk TO matchdesk_stage;
GRANT USAGE ON SCHEMA public TO matchdesk_stage;
GRANT SELECT ON stage_board TO matchdesk_stage;
