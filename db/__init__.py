"""Tables, the engine and the migrations. Nothing here knows a screen or a rule that the database does not keep."""
