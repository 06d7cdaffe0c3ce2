from concours.cli.main import app

app()
