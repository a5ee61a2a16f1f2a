-- Before the first «matchdesk migrate», as the superuser: sudo -u postgres psql < roles.sql
CREATE ROLE matchdesk LOGIN PASSWORD 'CHANGE-ME-1';
CREATE ROLE matchdesk_stage LOGIN PASSWORD 'CHANGE-ME-2';
CREATE DATABASE matchdesk OWNER matchdesk ENCODING 'UTF8' TEMPLATE template0;
