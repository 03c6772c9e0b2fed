"""The database: the engine, the tables and the migrations that lead to them."""
