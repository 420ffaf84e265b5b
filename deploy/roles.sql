-- The three roles of Ladder and its database, for psql as a superuser:
--
--     psql -d postgres -v database=ladder -f deploy/roles.sql
--
-- It may be run again at any time. It sets no passwords; give each role that logs in over the network one with \password.
--
--   ladder_owner   owns the database and its tables, and migrates them; no process that answers requests holds it
--   ladder_app     what web and workers log in as; owns nothing, so row-level security binds it
--   ladder_backup  reads past row-level security, for pg_dump; no process of the product holds it

\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN', role)
  FROM unnest(ARRAY['ladder_owner', 'ladder_app', 'ladder_backup']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec

ALTER ROLE ladder_owner NOSUPERUSER NOBYPASSRLS NOCREATEROLE;
ALTER ROLE ladder_app NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB;
ALTER ROLE ladder_backup NOSUPERUSER BYPASSRLS NOCREATEROLE NOCREATEDB;

SELECT format('CREATE DATABASE %I OWNER ladder_owner ENCODING %L TEMPLATE template0', :'database', 'UTF8')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

\connect :"database"

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO ladder_app;
GRANT CONNECT ON DATABASE :"database" TO ladder_backup;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ladder_app, ladder_backup;
GRANT USAGE, CREATE ON SCHEMA public TO ladder_owner;

ALTER DEFAULT PRIVILEGES FOR ROLE ladder_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ladder_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ladder_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO ladder_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ladder_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO ladder_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE ladder_owner IN SCHEMA public
    GRANT SELECT ON SEQUENCES TO ladder_backup;
