using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Postgres;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps ClosedLoop's record in PostgreSQL.</summary>
public static class PostgresClosedLoopBuilderExtensions
{
    /// <summary>Keeps the record in a PostgreSQL database, which several nodes may share.</summary>
    /// <param name="loop">The builder.</param>
    /// <param name="connectionString">For instance <c>Host=db.example;Database=closedloop;Username=closedloop;Password=…</c>.</param>
    /// <exception cref="ArgumentException">The connection string names no server or database; the message says what to write.</exception>
    public static ClosedLoopBuilder UsePostgres(this ClosedLoopBuilder loop, string connectionString) =>
        loop.UsePostgres(options => options.ConnectionString = connectionString);

    /// <summary>Keeps the record in a PostgreSQL database, which several nodes may share.</summary>
    /// <exception cref="ArgumentException">An option is missing or out of its range; the message names it and the fix.</exception>
    public static ClosedLoopBuilder UsePostgres(this ClosedLoopBuilder loop, Action<PostgresOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new PostgresOptions();
        configure(options);
        options.Validate();
        return loop.UseStore(services => new PostgresLoopStore(
            options,
            services.GetService<IStoreSignal>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILogger<PostgresLoopStore>>()));
    }
}
