using Npgsql;

namespace ClosedLoop.Storage.Postgres;

/// <summary>Where the PostgreSQL store keeps the record, and how it talks to the server.</summary>
public sealed class PostgresOptions
{
    // A turn holds one while its fold reads with others, and claims go on beside it.
    private const int LeastConnections = 4;

    private const int BufferBytes = 64 * 1024;

    /// <summary>
    /// A connection string of Npgsql, such as <c>Host=db.example;Database=closedloop;Username=closedloop;Password=…</c>. The tables are made
    /// in the first schema of its search path. How statements are prepared and reset is set by the store.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// For a connection pooler in transaction mode, such as PgBouncer: no LISTEN and NOTIFY, no prepared statements, no start-up settings.
    /// Other nodes then learn of a change when they next look, at most a second later.
    /// </summary>
    /// <value>The default is false.</value>
    public bool PollOnly { get; set; }

    /// <summary>How long a statement may take, waiting for other nodes included; 1 s to 10 min.</summary>
    /// <value>The default is 30 s.</value>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the record is only read: nothing is created or migrated, and the server refuses writes. A command looks at a service's record so.
    /// </summary>
    internal bool ReadOnly { get; set; }

    /// <exception cref="ArgumentException">An option is missing or out of its range; the message names it and the fix.</exception>
    internal NpgsqlConnectionStringBuilder Validate()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
            throw new ArgumentException("PostgresOptions.ConnectionString is not set; write Host=…;Database=…;Username=….");
        if (CommandTimeout < TimeSpan.FromSeconds(1) || CommandTimeout > TimeSpan.FromMinutes(10))
            throw new ArgumentException($"PostgresOptions.CommandTimeout is {CommandTimeout}; it must be 1 s to 10 min.");
        var builder = Parse(ConnectionString);
        if (string.IsNullOrWhiteSpace(builder.Host)) throw new ArgumentException("PostgresOptions.ConnectionString names no server; add Host=….");
        if (string.IsNullOrWhiteSpace(builder.Database)) throw new ArgumentException("PostgresOptions.ConnectionString names no database; add Database=closedloop.");
        if (builder.Multiplexing) throw new ArgumentException("PostgresOptions.ConnectionString asks for Multiplexing, which the store's transactions cannot use; remove it.");
        if (builder.Pooling && builder.MaxPoolSize < LeastConnections)
            throw new ArgumentException($"PostgresOptions.ConnectionString sets Maximum Pool Size to {builder.MaxPoolSize}; it must be {LeastConnections} or more.");
        builder.CommandTimeout = (int)Math.Ceiling(CommandTimeout.TotalSeconds);
        builder.ApplicationName ??= "ClosedLoop";
        // A commit of the record is never part of the host's ambient transaction: it would be acknowledged before that ends.
        builder.Enlist = false;
        // A commit of a few dozen items in one piece: each piece is a system call on this side and wakes the server, which then waits for the next one.
        builder.WriteBufferSize = Math.Max(builder.WriteBufferSize, BufferBytes);
        builder.ReadBufferSize = Math.Max(builder.ReadBufferSize, BufferBytes);
        // The store leaves nothing behind on a connection, so that there is nothing to reset.
        builder.NoResetOnClose = true;
        builder.MaxAutoPrepare = PollOnly ? 0 : 100;
        // Nearly every statement is asked again, and one that was not prepared is planned each time.
        builder.AutoPrepareMinUsages = 1;
        // Plans that do not depend on the values, made once; compiling them would take longer than running them.
        if (!PollOnly) builder.Options = $"{builder.Options} -c jit=off -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c default_transaction_isolation=read\\ committed".TrimStart();
        if (ReadOnly && !PollOnly) builder.Options += " -c default_transaction_read_only=on";
        return builder;
    }

    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
#pragma warning disable MA0054 // Neither the text nor the cause: a password that was not quoted may be part of either.
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            throw new ArgumentException("PostgresOptions.ConnectionString cannot be read; expected a form such as Host=db.example;Database=closedloop;Username=closedloop;Password='…' (quote a value that holds a semicolon).");
        }
#pragma warning restore MA0054
    }
}
