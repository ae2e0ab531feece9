using System.Net.Sockets;
using Npgsql;

namespace ClosedLoop.Storage.Postgres;

/// <summary>Says of a PostgreSQL error what happened, where, and what to do. No message holds a connection string or a password.</summary>
internal static class PostgresFailure
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>Whether the call may be repeated later; else its content is at fault.</summary>
    public static bool MayPass(Exception error) => error switch
    {
        PostgresException server => Advice(server.SqlState) is not null,
        NpgsqlException or TimeoutException or IOException or SocketException => true,
        _ => false,
    };

    /// <summary>Whether a commit met another one since its load.</summary>
    public static bool IsConflict(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: PostgresSchema.StaleCheck } or PostgresException { SqlState: IdleInTransactionTimeout };

    /// <summary>Whether a document that a commit changes is not as it was read.</summary>
    public static bool IsDocumentConflict(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: PostgresSchema.DocumentCheck }
            or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: PostgresSchema.DocumentKey };

    public static StoreUnavailableException Explain(Exception error, string place) => error switch
    {
        PostgresException server => new StoreUnavailableException($"PostgreSQL error {server.SqlState} ({server.MessageText}) on {place}: {Advice(server.SqlState)}.", error),
        { InnerException: TimeoutException } or TimeoutException => new StoreUnavailableException(
            $"PostgreSQL on {place} did not answer in time, or all connections of the pool were in use: what was under way may have been stored or not, and may be repeated. Look for long transactions and load on the server, or raise PostgresOptions.CommandTimeout or Maximum Pool Size.", error),
        _ => new StoreUnavailableException(
            $"The connection to PostgreSQL on {place} failed: {error.Message} What was under way may have been stored or not, and may be repeated. Check that the server runs and that the network lets this process reach it.", error),
    };

    // https://www.postgresql.org/docs/current/errcodes-appendix.html. Classes 21, 22, 23 and 54 are about the content of the call.
    private static string? Advice(string code) => code switch
    {
        "53100" => "the server's disk is full. Free space there, then repeat the call; nothing of this call was stored",
        "53200" => "the server could not get memory. Free memory there and repeat the call",
        "53300" => "the server has too many connections. Lower Maximum Pool Size of the nodes, raise the server's max_connections, or use a pooler with PollOnly",
        "57014" => "the statement was cancelled, by a timeout or by an administrator. Repeat the call; when it stays so, look for long transactions",
        "57P01" or "57P02" or "57P03" or "57P05" => "the server is stopping, starting or was told to end the connection. Repeat the call when it is back",
        "57P04" => "the database was dropped. Restore it, or point the store at another one",
        "40001" or "40P01" => "it collided with another transaction. Repeat the call; nothing of this call was stored",
        "55P03" => "a lock was not free in time. Repeat the call; when it stays so, look for long transactions",
        "25006" => "the server or the session is read-only, as a standby is. Point the store at the primary (Target Session Attributes=primary)",
        IdleInTransactionTimeout => "the transaction was idle for too long. Repeat the call; nothing of this call was stored",
        "3D000" => "the database does not exist. Create it, or correct Database in the connection string",
        "3F000" => "the schema does not exist. Create it, or correct Search Path in the connection string",
        "42501" => "the user may not do that. Make it the owner of the database, or grant it CREATE on the schema and all rights on the tables",
        "42P01" or "42703" => "a table or column of the record is missing. Restore a backup, or check the search path of the connection string",
        "0A000" => "the tables were changed under a prepared statement. Repeat the call",
        _ => code.AsSpan(0, 2) switch
        {
            "08" => "the connection failed. Check the network and repeat the call",
            "28" => "the server refused the user. Check user, password and pg_hba.conf",
            "40" => "the transaction was rolled back. Repeat the call; nothing of this call was stored",
            "53" => "the server has run out of something. See its log, then repeat the call",
            "57" => "an operator intervened. Repeat the call when the server is back",
            "58" or "F0" or "XX" => "the server has a fault of its own, such as a damaged or missing file. See its log; restore a backup if data is damaged",
            _ => null,
        },
    };
}
