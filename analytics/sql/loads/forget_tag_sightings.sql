-- Takes the tags of a load away.
delete from tag_sightings where load_id = $load_id
