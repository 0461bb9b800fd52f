"""What is kept in the database, table by table."""
