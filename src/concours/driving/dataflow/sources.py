migrate_source = None
