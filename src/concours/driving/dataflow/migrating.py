Change = Migrated = migrate = None
