"""Learners with accounts: Supabase Auth says who somebody is, and every process checks it by itself."""
