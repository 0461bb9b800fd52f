-- Where Supabase Auth keeps its accounts.
CREATE SCHEMA IF NOT EXISTS auth;
