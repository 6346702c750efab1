"""Everything of the pages that is not a page: the frame, the session, filters and building blocks."""
