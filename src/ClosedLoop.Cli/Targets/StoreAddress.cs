namespace ClosedLoop.Cli.Targets;

/// <summary>A store as it is written on a command line: <c>sqlite:PATH</c> or <c>postgres:CONNECTION STRING</c>.</summary>
/// <param name="IsPostgres">PostgreSQL, else SQLite.</param>
/// <param name="Value">The path, or the connection string.</param>
internal sealed record StoreAddress(bool IsPostgres, string Value)
{
    private const string Sqlite = "sqlite:";
    private const string Postgres = "postgres:";

    public static StoreAddress Parse(string text)
    {
        if (text.StartsWith(Sqlite, StringComparison.OrdinalIgnoreCase)) return File(text[Sqlite.Length..]);
        if (text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql:", StringComparison.OrdinalIgnoreCase))
            throw CommandFailure.Misuse("--store takes a connection string of Npgsql, not an address: write postgres:Host=db.example;Database=closedloop;Username=closedloop.");
        if (text.StartsWith(Postgres, StringComparison.OrdinalIgnoreCase)) return new StoreAddress(true, text[Postgres.Length..]);
        if (text.Contains("://", StringComparison.Ordinal)) throw CommandFailure.Misuse("--store names a store; for the address of a service use --url.");
        // Whoever types a path means a file.
        if (!text.Contains('=', StringComparison.Ordinal)) return File(text);
        throw CommandFailure.Misuse("--store does not say which kind of store it is: write sqlite:closedloop.db, or postgres:Host=…;Database=….");
    }

    /// <summary>For people; of a server only what is no secret.</summary>
    public override string ToString()
    {
        if (!IsPostgres) return Value;
        try
        {
            var parts = new Npgsql.NpgsqlConnectionStringBuilder(Value);
            return $"PostgreSQL {parts.Host}/{parts.Database}";
        }
        catch (ArgumentException)
        {
            return "PostgreSQL";
        }
    }

    private static StoreAddress File(string path) => path.Length > 0 ? new StoreAddress(false, path) : throw CommandFailure.Misuse("--store names no file; write sqlite:closedloop.db.");
}
