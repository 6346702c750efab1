"""The one database: connection, migrations, loads and their undoing, questions, backup."""
