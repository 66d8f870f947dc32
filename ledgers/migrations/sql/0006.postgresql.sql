-- Functions that others have taken the place of; the triggers are made anew after every migration.
DROP FUNCTION IF EXISTS entries_may_be_recorded();

DROP FUNCTION IF EXISTS no_new_entry(int);
