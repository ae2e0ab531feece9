using ClosedLoop.Cli.Targets;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Postgres;
using ClosedLoop.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Cli.Reading;

/// <summary>A store with the library's own services around it, and no engine: nothing polls, nothing is judged, nobody is told.</summary>
internal sealed class OpenStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private OpenStore(ServiceProvider services) => _services = services;

    public ILoopStore Store => _services.GetRequiredService<ILoopStore>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Opens a store for reading, beside whoever writes it.</summary>
    public static async ValueTask<OpenStore> ForReadingAsync(Target target, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var open = Create(target, environment, readOnly: true);
        try
        {
            await open.Store.InitializeAsync(cancellationToken).ConfigureAwait(false);
            return open;
        }
        catch
        {
            await open.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Opens a store for writing. A record that follows other rules is refused: opening it would fold every item again by the wrong ones.
    /// </summary>
    /// <param name="target">The store.</param>
    /// <param name="environment">The clock.</param>
    /// <param name="mayCreate">Whether a record that is not there is made.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async ValueTask<OpenStore> ForWritingAsync(Target target, CliEnvironment environment, bool mayCreate, CancellationToken cancellationToken)
    {
        if (!mayCreate || (!target.Store!.IsPostgres && File.Exists(target.Store.Value)))
        {
            var reading = await ForReadingAsync(target, environment, cancellationToken).ConfigureAwait(false);
            await using (reading.ConfigureAwait(false)) await RequireSameRulesAsync(reading.Store, target, environment, cancellationToken).ConfigureAwait(false);
        }
        return Create(target, environment, readOnly: false);
    }

    /// <summary>Whether the record follows the rules that this command assumes.</summary>
    public static async ValueTask<bool> HasSameRulesAsync(ILoopStore store, Target target, CliEnvironment environment, CancellationToken cancellationToken)
    {
        var version = new PipelineVersion(target.Pipeline.Name, [.. target.Pipeline.Gates.Select(static g => g.Name)], target.Pipeline.Signature);
        return (await store.RegisterPipelinesAsync([version], environment.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false)).Changed.Count == 0;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async ValueTask RequireSameRulesAsync(ILoopStore store, Target target, CliEnvironment environment, CancellationToken cancellationToken)
    {
        if (await HasSameRulesAsync(store, target, environment, cancellationToken).ConfigureAwait(false)) return;
        throw new CommandFailure($"{target} follows other rules than this command, which takes {target.PipelineOrigin}; writing would judge every item by the wrong ones. Give --config FILE, the service's own configuration, or go through the service with --url.");
    }

    private static OpenStore Create(Target target, CliEnvironment environment, bool readOnly)
    {
        var address = target.Store!;
        var services = new ServiceCollection();
        services.AddSingleton(environment.Time);
        services.AddLogging(static logging => logging.ClearProviders());
        services.AddClosedLoop(loop =>
        {
            if (address.IsPostgres) loop.UseStore(_ => new PostgresLoopStore(new PostgresOptions { ConnectionString = address.Value, ReadOnly = readOnly }));
            else loop.UseStore(_ => new SqliteLoopStore(new SqliteOptions { Path = address.Value, ReadOnly = readOnly }));
        });
        services.AddSingleton(target.Pipeline);
        return new OpenStore(services.BuildServiceProvider());
    }
}
