-- Keep an answer of an analysis.
insert into analyses values ($name, $asked, $revision, $version, $answer, $worked_out_at, $seconds)
