-- btree_gist: the exclusion constraint compares ids and ranges in one index. pg_trgm: names are found by part, in Arabic too.
create extension if not exists btree_gist;
create extension if not exists pg_trgm;
