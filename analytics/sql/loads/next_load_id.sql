select nextval('load_ids')
