using ClosedLoop.Hosting;
using ClosedLoop.Storage.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps ClosedLoop's record in SQLite.</summary>
public static class SqliteClosedLoopBuilderExtensions
{
    /// <summary>Keeps the record in one SQLite file, the embedded default.</summary>
    /// <param name="loop">The builder.</param>
    /// <param name="connectionString">For instance <c>Data Source=closedloop.db</c>.</param>
    /// <exception cref="ArgumentException">The connection string names no file; the message says what to write.</exception>
    public static ClosedLoopBuilder UseSqlite(this ClosedLoopBuilder loop, string connectionString) =>
        loop.UseSqlite(options => options.ConnectionString = connectionString);

    /// <summary>Keeps the record in one SQLite file.</summary>
    /// <exception cref="ArgumentException">An option is missing or out of its range; the message names it and the fix.</exception>
    public static ClosedLoopBuilder UseSqlite(this ClosedLoopBuilder loop, Action<SqliteOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new SqliteOptions();
        configure(options);
        options.Validate();
        return loop.UseStore(_ => new SqliteLoopStore(options));
    }
}
